#!/bin/sh
# Shell scripts are clean to shellcheck, Perl scripts compile without warnings.
set -u

scripts=$({
	grep -rlE '^#!.*(/sh|/bash|/perl)$' .ci contrib tests sql conf
	find tests -name '*.pm'
} 2>/dev/null | sort)
echo "1..$(echo "$scripts" | wc -l)"
n=0
for script in $scripts; do
	n=$((n + 1))
	case $script:$(head -n 1 "$script") in
	*.pm:* | *perl) perl -cw -Itests/lib "$script" 2>&1 |
		grep -v 'syntax OK$' ;;
	*) shellcheck -x "$script" ;;
	esac | sed 's/^/# /' | grep . && printf 'not '
	echo "ok $n - $script"
done
