#!/bin/sh
# The ban on unsafe functions bites, and nobody lifts it.
set -u
: "${CC:=cc}"

functions=$(sed -n 's/^#define \([a-z]*\)(\.\.\.).*/\1/p' src/util/banned.h)
echo "1..$(($(echo "$functions" | wc -l) + 1))"
n=0
for function in $functions; do
	n=$((n + 1))
	if printf 'void f(void);\nvoid f(void)\n{\n\t%s(0);\n}\n' "$function" |
		$CC -std=c11 -D_GNU_SOURCE -Isrc -include util/banned.h \
			-fsyntax-only -x c - 2>&1 |
		grep -q "sorry_${function}_is_a_banned_function"; then
		echo "ok $n - $function does not compile"
	else
		echo "not ok $n - $function compiles"
	fi
done

if grep -nE '^[[:space:]]*#[[:space:]]*undef' -r src tests --include='*.[ch]' |
	grep -v '^src/util/banned\.h:' |
	grep -wE "$(echo "$functions" | tr '\n' '|')BANNED" | sed 's/^/# /' |
	grep .; then
	printf 'not '
fi
echo "ok $((n + 1)) - no file lifts the ban"
