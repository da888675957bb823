#!/bin/sh
# Every header can be included alone and first.
set -u
: "${CC:=cc}"

headers=$(find src -name '*.h' | sort)
echo "1..$(echo "$headers" | wc -l)"
n=0
for header in $headers; do
	n=$((n + 1))
	if printf '#include "%s"\n' "${header#src/}" |
		$CC -std=c11 -D_GNU_SOURCE -Isrc -I"$BUILD/gen" -Wall -Wextra \
			-Werror -fsyntax-only -x c - 2>&1 | sed 's/^/# /' |
		grep .; then
		printf 'not '
	fi
	echo "ok $n - $header stands alone"
done
