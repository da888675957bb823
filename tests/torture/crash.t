#!/bin/sh
# tests/system/crash.t, for a long time.
KILLS=5000 exec "${0%/*}/../system/crash.t"
