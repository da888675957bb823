#!/bin/sh
# tests/torture/power.t, less often.
POWER_LOSSES=60 exec "${0%/*}/../torture/power.t"
