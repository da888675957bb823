#!/bin/sh
# All C is as clang-format 14 leaves it; other versions differ in details.
set -u

format=$(command -v clang-format-14 || command -v clang-format)
case $("${format:-false}" --version 2>/dev/null) in
*"version 14."*) ;;
*)
	echo "1..0 # SKIP clang-format 14 is not installed"
	exit 0
	;;
esac

files=$(find src tests -name '*.[ch]' | sort)
echo "1..$(echo "$files" | wc -l)"
n=0
for file in $files; do
	n=$((n + 1))
	if "$format" "$file" | diff -u "$file" - >"$BUILD/format.diff"; then
		echo "ok $n - $file"
	else
		head -n 20 "$BUILD/format.diff" | sed 's/^/# /'
		echo "not ok $n - $file"
	fi
done
