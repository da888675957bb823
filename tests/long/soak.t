#!/bin/sh
# tests/torture/soak.t, for as long as a gate can bear.
SOAK_SECONDS=40 exec "${0%/*}/../torture/soak.t"
