#!/bin/sh
# tests/system/crash.t, as often as the design asks for.
KILLS=100 exec "${0%/*}/../system/crash.t"
