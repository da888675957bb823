#!/bin/sh
# Every example configuration is one: dsnd accepts it as it is.
set -u

set -- conf/dsnd.conf contrib/mailboxes/*.conf
echo "1..$#"
n=0
for file; do
	n=$((n + 1))
	if out=$("${BUILD:-build}/dsnd" --check -c "$file" 2>&1); then
		echo "ok $n - $file"
	else
		echo "not ok $n - $file"
		echo "# $out"
	fi
done
