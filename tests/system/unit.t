#!/bin/sh
# The unit keeps dsnd from what it does not need, and systemd says so; the
# files beside it say what systemd understands.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
units=contrib/systemd

systemd-analyze security --offline=true --no-pager --threshold=12 \
	"$units/dsnd.service" >"$tmp/out" 2>&1
result $? "the exposure of dsnd.service is 1.2 at most"
tail -n 1 "$tmp/out" | sed 's/^/# /'

# The program of the unit has to be there for this.
mkdir -p "$tmp/root/usr/lib/systemd/system" "$tmp/root/usr/local/sbin" "$tmp/root/usr/local/bin" \
	"$tmp/root/bin"
cp "$units"/*.service "$tmp/root/usr/lib/systemd/system"
for file in "$units"/*.timer; do
	if [ -e "$file" ]; then cp "$file" "$tmp/root/usr/lib/systemd/system"; fi
done
cp "$BUILD/dsnd" "$tmp/root/usr/local/sbin"
# Of the system, what is there whatever else is not: the package asks for no
# more.
cp /bin/true "$tmp/root/bin/sh"
cp "$BUILD/dsnctl" "$tmp/root/usr/local/bin"
for unit in "$units"/*.service; do
	unit=${unit##*/}
	systemd-analyze --man=no --root="$tmp/root" verify "$unit" 2>&1 |
		grep "$unit" | grep -v "^$unit: Failed to create" | sed 's/^/# /' | grep .
	test $? = 1
	result $? "systemd finds nothing wrong with $unit"
done

# In a root of its own, with its own users.
mkdir -p "$tmp/root/etc" "$tmp/root/var/lib"
systemd-sysusers --root="$tmp/root" "$PWD/$units/sysusers" >"$tmp/out" 2>&1
grep -q '^dsnd:.*:/var/lib/dsnd:' "$tmp/root/etc/passwd"
result $? "sysusers makes the user dsnd"
grep -q '^dsnd:' "$tmp/root/etc/group"
result $? "... and its group"
if [ "$(id -u)" = 0 ]; then
	systemd-tmpfiles --root="$tmp/root" --create \
		"$PWD/$units/tmpfiles" >"$tmp/out" 2>&1
	sed 's/^/# /' "$tmp/out"
	test "$(stat -c '%a' "$tmp/root/var/lib/dsnd")" = 750
	result $? "tmpfiles makes its folder, for nobody else to read"
fi

# A list of years is not deleted by a word that was meant for the program.
sed "s|/var/lib/dsnd|$tmp/db|g; s|/etc/dsnd|$tmp/conf|g" \
	contrib/debian/dsnd.postrm >"$tmp/postrm"
mkdir -p "$tmp/db" "$tmp/conf/rules.d"
: >"$tmp/db/dsnd.db"
sh "$tmp/postrm" purge 2>"$tmp/out" && test -e "$tmp/db/dsnd.db" &&
	test ! -e "$tmp/conf"
result $? "purging the Debian package leaves the database"
grep -q "rm -r $tmp/db\$" "$tmp/out"
result $? "... and says how to delete it"
rm "$tmp/db/dsnd.db"
sh "$tmp/postrm" purge 2>"$tmp/out" && test ! -e "$tmp/db" && test ! -s "$tmp/out"
result $? "... where there is one"

# A timer that outlives its package starts a program that is gone.
for file in "$units"/*.timer; do
	timer=${file##*/}
	grep -q "systemctl stop.* $timer" contrib/debian/dsnd.prerm
	result $? "the Debian package stops $timer before it goes"
	grep -q "^%systemd_preun .*$timer" contrib/rpm.spec.in
	result $? "... and the rpm too"
done
echo "1..$n"
