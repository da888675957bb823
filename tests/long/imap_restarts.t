#!/bin/sh
# tests/torture/imap_restarts.t, with fewer messages and restarts.
COUNT=5000 KILLS=25 exec "${0%/*}/../torture/imap_restarts.t"
