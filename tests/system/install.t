#!/bin/sh
# What make install puts in place works from there, and knows its folders.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# -o all: what is built already is what is tested.
install() {
	make -s -o all "$1" DESTDIR="$2" PREFIX=/usr sysconfdir=/opt/etc \
		>"$tmp/log" 2>&1 || {
		sed 's/^/# /' "$tmp/log"
		return 1
	}
}
root=$tmp/root

install install "$root"
result $? "make install succeeds"
for file in usr/sbin/dsnd usr/bin/dsnctl usr/libexec/dsnd/dsnd-parse \
	usr/libexec/dsnd/dsnd-webhook usr/libexec/dsnd/check_dsnd \
	usr/libexec/dsnd/dsnd-post; do
	test -x "$root/$file"
	result $? "$file is executable"
done
"$root/usr/bin/dsnctl" --help >/dev/null 2>&1
test $? -le 2
result $? "dsnctl runs"

sed "s|/var/|$tmp/|g" "$root/opt/etc/dsnd/dsnd.conf" >"$tmp/dsnd.conf"
"$root/usr/sbin/dsnd" --check -c "$tmp/dsnd.conf" >"$tmp/log" 2>&1
status=$?
# The machine of the test has no user dsnd.
test "$status" -ne 3 || status=0
sed 's/^/# /' "$tmp/log"
result $status "the installed dsnd accepts the installed configuration"

unit=$root/usr/lib/systemd/system/dsnd.service
grep -q '^ExecStart=/usr/sbin/dsnd ' "$unit"
result $? "the unit starts the installed dsnd"
# A stub says in which locale the day is asked for.
mkdir "$tmp/bin"
cat >"$tmp/bin/date" <<'END'
#!/bin/sh
echo "$LC_ALL$1"
END
chmod +x "$tmp/bin/date"
copy=$(sed -n "s/^ExecStart=.bin.sh -c '\(.*\)'\$/\1/p" \
	"${unit%dsnd.service}dsnd-backup.service" |
	sed 's/%%/%/g; s|/usr/bin/dsnctl|echo|')
said=$(PATH=$tmp/bin:$PATH LC_ALL=de_DE.UTF-8 sh -c "$copy")
test "$said" = 'backup /var/lib/dsnd/backup-C+%a.db'
result $? "the copies have the same names in every locale"
# shellcheck disable=SC2144 # one page each
test -e "$root"/usr/share/man/man8/dsnd.8
result $? "the manual page is installed"
! grep -rn '/etc/dsnd' "$root" --include='*.[1-8]' --include='dsnd.*' |
	grep -v '/opt/etc/dsnd' | sed 's/^/# /' | grep .
result $? "documents name the chosen folder"

! grep -rn -I '/usr/local/' "$root" | sed 's/^/# /' | grep .
result $? "... and of its programs and examples"
grep -rho '/usr/libexec/dsnd/[a-z_-]*' "$root/usr/share/doc" | sort -u |
	while read -r named; do test -x "$root$named" || echo "# no $named"; done |
	grep .
test $? = 1
result $? "... programs that documents name are there"
test -e "$root/usr/share/doc/dsnd/README.md"
result $? "README.md is among them"
grep -q 'argv=/usr/bin/dsnctl' "$root/usr/share/doc/dsnd/postfix/master.cf"
result $? "... Postfix is told where dsnctl is"

echo '# mine' >"$root/opt/etc/dsnd/dsnd.conf"
install install "$root"
grep -q '# mine' "$root/opt/etc/dsnd/dsnd.conf"
result $? "installing again keeps the operator's configuration"
install uninstall "$root"
left=$(find "$root" -type f | sed "s|^$root||")
test "$left" = /opt/etc/dsnd/dsnd.conf
result $? "make uninstall leaves the configuration and nothing else"
echo "1..$n"
