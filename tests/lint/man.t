#!/bin/sh
# Every manual page is clean mdoc.
set -u

pages=$(find man -name '*.[1-8]' | sort)
echo "1..$(echo "$pages" | wc -l)"
n=0
for page in $pages; do
	n=$((n + 1))
	# Whether the system has the pages we refer to is not our matter.
	# A second Ql on a line stands within the quotes of the first.
	if { mandoc -T lint -W warning "$page" |
		grep -v 'referenced manual not found'
		grep -n '\<Ql .*\<Ql ' "$page"; } | sed 's/^/# /' | grep .; then
		printf 'not '
	fi
	echo "ok $n - $page"
done
