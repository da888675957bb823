#!/bin/sh
# tests/torture/imap_drain.t, with fewer messages.
COUNT=1500 exec "${0%/*}/../torture/imap_drain.t"
