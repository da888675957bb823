#!/bin/sh
# Every example configuration is one: dsnd accepts it as it is, though this
# machine may lack what it names.
set -u

set -- conf/dsnd.conf contrib/mailboxes/*.conf
echo "1..$#"
n=0
for file; do
	n=$((n + 1))
	out=$("${BUILD:-build}/dsnd" --check -c "$file" 2>&1)
	case $? in 0 | 3) status=0 ;; *) status=1 ;; esac
	if [ $status -eq 0 ]; then
		echo "ok $n - $file"
	else
		echo "not ok $n - $file"
		echo "# $out"
	fi
done
