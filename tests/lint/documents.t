#!/bin/sh
# What the documents name is there, and what is there has its place in them:
# commands, reasons, targets. Keys have a test of their own in tests/unit.
set -u

n=0
ok() { # STATUS NAME
	n=$((n + 1))
	[ "$1" = 0 ] || printf 'not '
	echo "ok $n - $2"
}
has() { # FILE LINE
	grep -q -- "^$2" "$1"
	ok $? "$1 has $2"
}

commands=$("$BUILD/dsnctl" help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
reasons=$(sed -n 's/^REASON([A-Z_]*, "\([a-z_]*\)".*/\1/p' \
	src/verdict/reasons.def)
[ -n "$commands" ] && [ -n "$reasons" ]
ok $? "there are commands and reasons"

for command in $commands; do
	has man/dsnctl.1 ".It Nm Cm $command\\>"
done
for reason in $reasons; do
	has man/dsnd-rules.5 ".It Li $reason\$"
done

# A word behind dsnctl on a command line, in quotes or after a prompt.
named=$(cat README.md conf/dsnd.conf man/*.[1-8] contrib/demo |
	sed -n 's/.*[$"`] *dsnctl \([a-z|]*\).*/\1/p;
		s/^    dsnctl \([a-z|]*\).*/\1/p;
		s/^    sudo -u dsnd dsnctl \([a-z|]*\).*/\1/p; s/.*Ql dsnctl \([a-z]*\).*/\1/p' |
	tr '|' '\n' | sort -u | grep .)
for word in $named; do
	echo "help $commands" | grep -qw -- "$word"
	ok $? "dsnctl $word, which a document names, is a command"
done

# Without sudo stands what a member of the group may do.
! grep -nE '^    dsnctl ([a-z|]*\|)?(import|suppress|release|allow|undo|sent)\b' \
	README.md | sed 's/^/# /' | grep .
ok $? "README shows what changes the list as its owner's to do"
for timer in contrib/systemd/*.timer; do
	grep -qF "${timer##*/}" README.md
	ok $? "README names ${timer##*/}"
done

# "kind", "format: _exim", "mime*"
map=$(sed -n '/^Where to look/,/^How we write/p' src/README)
for file in src/report/*.c src/verdict/*.c; do
	name=$(basename "$file" .c)
	echo "$map" | grep -qE \
		"(^|[ (])($name|_${name#*_}|${name%%_*}[*])([ ,;:).]|\$)"
	ok $? "src/README tells what $file is for"
done

targets=$(cat README.md src/README | grep -o 'make [a-z][a-z-]*' | sort -u |
	sed 's/.* //')
for target in $targets; do
	grep -q "^$target:" Makefile
	ok $? "make $target, which a document names, is a target"
done
echo "1..$n"
