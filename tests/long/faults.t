#!/bin/sh
# tests/torture/faults.t at every so many-th point; the test prints which.
: "${FAULT_STRIDE:=61}"
export FAULT_STRIDE
exec "${0%/*}/../torture/faults.t"
