#!/bin/sh
# tests/torture/faults_imap.t at every so many-th point; the test prints which.
: "${FAULT_STRIDE:=97}"
export FAULT_STRIDE
exec "${0%/*}/../torture/faults_imap.t"
