#!/bin/sh
# install-deps does nothing where nothing is missing, and says what is missing
# where it cannot install.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

out=$(contrib/install-deps build 2>&1) && [ -z "$out" ]
result $? "with everything there it is silent"

# A machine with a shell and the tools of the script, and no apt.
mkdir "$tmp/bin"
for tool in sh sed cat id; do
	ln -s "$(command -v "$tool")" "$tmp/bin/$tool"
done
elsewhere() {
	env PATH="$tmp/bin" contrib/install-deps "$@" 2>&1
}
elsewhere --probe build >"$tmp/out"
test $? = 1 && grep -q libetpan-dev "$tmp/out"
result $? "--probe fails and names what is missing"
elsewhere build >"$tmp/out"
test $? = 1 && grep -q libetpan-dev "$tmp/out"
result $? "on another system it says what to install, and fails"
! elsewhere build | grep -q shellcheck
result $? "it asks for no more than the set that is wanted"
elsewhere check | grep -q shellcheck
result $? "the set for check holds that for build and more"
contrib/install-deps everything >/dev/null 2>&1
test $? = 2
result $? "an unknown set is wrong use"
echo "1..$n"
