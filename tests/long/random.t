#!/bin/sh
# tests/torture/random.t, for some rounds.
RANDOM_ROUNDS=3 exec "${0%/*}/../torture/random.t"
