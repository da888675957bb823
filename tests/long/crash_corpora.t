#!/bin/sh
# tests/system/crash.t with mail from the field, where it is present.
mail="${0%/*}/../../../shared/corpora/dev"
if ! test -d "$mail"; then
	echo "1..0 # SKIP $mail is not here: mail from the field was NOT tried"
	exit 0
fi
KILLS=200 KILL_MAIL="$mail" exec "${0%/*}/../system/crash.t"
