#!/bin/sh
# clang-tidy has nothing to say about what ships: one test a file.
set -u

flags=$(make -s print-TIDY_FLAGS)
out=$BUILD/tidy
rm -rf "$out" && mkdir -p "$out"

files=$(find src -name '*.c' | sort)
# shellcheck disable=SC2016,SC2086 # the inner shell's; flags are words
echo "$files" | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I FILE sh -c '
	out=$1/$(echo "$2" | tr / .); file=$2; shift 2
	clang-tidy --quiet "$file" -- "$@" >"$out.txt" 2>"$out.err" ||
		echo failed >"$out.failed"' sh "$out" FILE $flags

echo "1..$(echo "$files" | wc -l)"
n=0
for file in $files; do
	n=$((n + 1))
	result=$out/$(echo "$file" | tr / .)
	if [ -e "$result.failed" ]; then
		grep -hE 'error:|warning:' "$result.txt" "$result.err" |
			head -n 20 | sed 's/^/# /'
		printf 'not '
	fi
	echo "ok $n - $file"
done
