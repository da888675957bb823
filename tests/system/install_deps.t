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
# A bare system, as far as install-deps sees it: a package brings a service,
# and systemctl is not there to ask.
if [ "$(id -u)" = 0 ]; then
	for tool in cut find grep ln mktemp mv chmod readlink rm tr env; do
		ln -s "$(command -v "$tool")" "$tmp/bin/$tool"
	done
	cat >"$tmp/bin/apt-get" <<-'END'
		#!/bin/sh
		case $* in
		*install*)
			ln -s /lib/systemd/system/new.service \
				/etc/systemd/system/multi-user.target.wants/
			ln -s /lib/systemd/system/getty@.service \
				/etc/systemd/system/multi-user.target.wants/ ;;
		esac
	END
	echo '#!/bin/sh' >"$tmp/bin/apt-cache"
	cat >"$tmp/bin/dpkg-query" <<-'END'
		#!/bin/sh
		case $* in
		*getty*) echo "systemd: $2" ;;
		*) exit 1 ;;
		esac
	END
	chmod 755 "$tmp/bin/apt-get" "$tmp/bin/apt-cache" "$tmp/bin/dpkg-query"
	cat >"$tmp/bare" <<-'END'
		set -e
		mount -t tmpfs tmpfs /etc/systemd
		mount -t tmpfs tmpfs /usr/sbin
		wants=/etc/systemd/system/multi-user.target.wants
		mkdir -p $wants
		ln -s /lib/systemd/system/old.service $wants/
		PATH=$1 contrib/install-deps build >&2 || true
		ls $wants
		ls /usr/sbin
	END
	unshare -m --propagation private sh "$tmp/bare" "$tmp/bin" \
		>"$tmp/out" 2>"$tmp/log"
	grep -q '^installing .*libetpan-dev' "$tmp/log" && grep -qx old.service "$tmp/out"
	result $? "without systemctl: what was enabled stays"
	! grep -qx new.service "$tmp/out"
	result $? "... what a package enables does not"
	grep -qx getty@.service "$tmp/out"
	result $? "... but what systemd itself does"
	! grep -q policy-rc.d "$tmp/out"
	result $? "... and services may be started again"
fi
echo "1..$n"
