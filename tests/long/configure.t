#!/bin/sh
# The tarball holds all that is needed: it configures, builds and installs
# without git and autoconf, and makes the same tarball again.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
quietly() { # runs a command; shows what it said only if it fails
	if "$@" >"$tmp/log" 2>&1; then
		return 0
	fi
	tail -n 20 "$tmp/log" | sed 's/^/# /'
	return 1
}

# A make of its own, with nothing of the one that runs the tests.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CC CI

tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT

quietly make -s dist BUILD="$tmp/first"
result $? "make dist makes a tarball"
tarball=$(echo "$tmp"/first/dsnd-*.tar.gz)
(cd "$tmp" && tar -xzf "$tarball")
result $? "it unpacks"
cd "$tmp"/dsnd-*/ || exit 1
unset BUILD

quietly ./configure --prefix="$tmp/prefix" --sysconfdir="$tmp/etc"
result $? "./configure finds everything"
quietly make -s -j "$(getconf _NPROCESSORS_ONLN)"
result $? "it builds"
quietly make -s install
result $? "it installs where ./configure was told to"
"$tmp/prefix/sbin/dsnd" --check -c "$tmp/etc/dsnd/dsnd.conf" \
	>"$tmp/log" 2>&1 || sed 's/^/# /' "$tmp/log"
test -x "$tmp/prefix/sbin/dsnd" && test -e "$tmp/etc/dsnd/dsnd.conf"
result $? "programs and configuration are there"

quietly make -s dist BUILD="$tmp/second"
result $? "make dist works without git"
cmp "$tarball" "$tmp"/second/dsnd-*.tar.gz
result $? "and makes the same bytes"
quietly make -s uninstall
result $? "it uninstalls"
find "$tmp/prefix" -type f | sed 's/^/# /' | { ! grep .; }
result $? "and leaves no file behind"
echo "1..$n"
