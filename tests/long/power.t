#!/bin/sh
# tests/torture/power.t, less often.
POWER_LOSSES=40 exec "${0%/*}/../torture/power.t"
