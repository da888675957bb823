#!/usr/bin/perl
# A fresh Debian with the package in it: it installs, two lines of the
# configuration are edited, the service is enabled, and a bounce is suppressed.
# Then everything a service manager may do to it, an upgrade, and a purge.
# systemd boots in a container; where that cannot be, this fails and says why.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Temp qw(tempdir);
use Test::More;

if ($> != 0) {
	plan(skip_all => 'only root can boot a container');
}
chdir $Dsnd::top or die $!;
my $tmp = tempdir('dsnd-container.XXXXXX', TMPDIR => 1, CLEANUP => 1);

sub run {
	my ($command) = @_;
	my $text = qx{($command) 2>&1};
	return ($? >> 8, $text // '');
}

sub works {
	my ($what, $command) = @_;
	my ($status, $text) = run($command);
	is($status, 0, $what) or diag($text);
	return $text;
}

# ---- Packages ----

works('a Debian package is built', 'make -s deb');
my ($deb) = glob('build/deb/dsnd_*.deb');
my $lint = works('lintian has no errors about it', 'lintian --fail-on error '
		. '--suppress-tags bad-distribution-in-changes-file build/deb/*.changes');
unlike($lint, qr/^E:/m, '... none at all');
works('the spec of an rpm package is in order',
	'make -s rpm-spec && rpmspec -P build/rpm/dsnd.spec >/dev/null');

my $held = works('the package lists what it holds', "dpkg-deb -c $deb");
like($held, qr{^-rwxr-xr-x .*/usr/libexec/dsnd/\Q$_\E$}m, "$_ can be started")
	for qw(dsnd-parse dsnd-webhook dsnd-post check_dsnd);
like($held, qr{/usr/share/doc/dsnd/README\.md$}m, 'README.md is there to read');
unlike($held, qr{/usr/share/doc/dsnd/(?!changelog).*\.gz$}m,
	'... and no example is compressed');

# The same as a later version.
works('a later version', "mkdir $tmp/later && dpkg-deb -R $deb $tmp/later/root"
		. " && sed -i 's/^Version: .*/&+1/' $tmp/later/root/DEBIAN/control"
		. " && dpkg-deb -b --root-owner-group $tmp/later/root $tmp/later.deb");

# ---- The container ----

# Made once, with what the package depends on.
my $base = "$Dsnd::top/build/container";
my @libraries = qx{dpkg-deb -f $deb Depends} =~ /\b(lib[\w.+-]+)/g;
my $there = qx{dpkg-query --admindir=$base/var/lib/dpkg -W -f '\${Package} ' 2>&1};
if (grep { $there !~ /(?:^| )\Q$_\E / } @libraries) {
	diag('making a Debian for the container, once');
	works('debootstrap', "rm -rf $base $base.new && debootstrap"
			. ' --variant=minbase --include=' . join(',', @libraries, qw(systemd
				systemd-sysv dbus procps postfix netcat-openbsd))
			. " bookworm $base.new && mv $base.new $base");
}
mkdir "$tmp/$_" or die $! for qw(root upper work out);
system('cp', $deb, "$tmp/out/dsnd.deb") == 0 or die;
system('cp', "$tmp/later.deb", "$tmp/out/later.deb") == 0 or die;
for my $n (1, 2) {
	open(my $f, '>', "$tmp/out/$n.eml") or die $!;
	print $f Dsnd::dsn(to => "rosa$n\@example.net", status => '5.1.1',
		mid => "m$n", diagnostic => '550 5.1.1 user unknown');
	close($f) or die $!;
}
# The commands of README.md, and what the last of them is answered.
my ($commands) = slurp('README.md') =~
	/^## From here to a refused address\n(.*?)^## /ms;
my @commands = $commands =~ /^    (?!\d{3} )(.*)/mg;
my ($answer) = $commands =~ /^    (\d{3} .*) since/m;
cmp_ok(@commands, '>', 5, 'README tells the way to a refused address');
cmp_ok(@commands, '<=', 10, '... in ten commands at most');
open(my $f, '>', "$tmp/out/readme") or die $!;
print $f "$_\n" for @commands;
close($f) or die $!;
open($f, '>', "$tmp/out/answer") or die $!;
print $f $answer;
close($f) or die $!;
open($f, '>', "$tmp/out/run") or die $!;
print $f <<'END';
ok() { # NAME; the status before it
	if [ "$?" = 0 ]; then echo "ok $1"; else echo "not ok $1"; fi >>/out/report
}
soon() { # COMMAND...: within a minute and a half
	for i in $(seq 900); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
	done
	return 1
}
main() { systemctl show -P MainPID dsnd; }
active() { [ "$(systemctl is-active dsnd)" = active ]; }
deliver() {
	install -o dsnd -g dsnd "/out/$1.eml" /var/lib/dsnd/Maildir/tmp/
	mv "/var/lib/dsnd/Maildir/tmp/$1.eml" /var/lib/dsnd/Maildir/new/
}
suppressed() { dsnctl check "$1"; [ $? = 1 ]; }
replaced() { active && [ "$(main)" != "$1" ]; }
conf=/etc/dsnd/dsnd.conf

systemctl is-system-running --wait >/dev/null
dpkg -i /out/dsnd.deb >/out/dpkg 2>&1; ok "the package installs"
getent passwd dsnd | grep -q ':/var/lib/dsnd:'; ok "it makes the user dsnd"
! active; ok "nothing runs before the mailbox is named"

# Two lines.
sed -i 's|path = "/var/mail/bounces/Maildir"|path = "/var/lib/dsnd/Maildir"|
	s|^\(.*\)#our_domains = .*|\1our_domains = [ "lists.example.org" ];|' $conf
install -d -o dsnd -g dsnd /var/lib/dsnd/Maildir /var/lib/dsnd/Maildir/new \
	/var/lib/dsnd/Maildir/cur /var/lib/dsnd/Maildir/tmp
systemctl enable --now dsnd; ok "systemctl enable --now starts it"
active; ok "it is active, so it has said READY"
systemctl status dsnd | grep -q 'Status: "mailboxes: 1"'
ok "its status text is shown"
deliver 1
soon suppressed rosa1@example.net; ok "a bounce is suppressed"

# What it may do.
parser=$(pgrep -x dsnd-parse | head -n 1)
grep -q '^Seccomp:.2' "/proc/$parser/status"; ok "the parser is in its jail"
grep -q '^NoNewPrivs:.1' "/proc/$parser/status"; ok "... for good"
filters() { sed -n 's/^Seccomp_filters:.//p' "/proc/$1/status"; }
[ "$(filters "$parser")" -gt "$(filters "$(main)")" ]
ok "... beyond what the unit gives everyone"
[ "$(stat -c %U "/proc/$(main)")" = dsnd ]; ok "it runs as dsnd"
grep -q '^CapEff:.0*$' "/proc/$(main)/status"; ok "... without capabilities"
! nsenter -t "$(main)" -m touch /etc/dsnd/x 2>/dev/null &&
	! nsenter -t "$(main)" -m touch /usr/x 2>/dev/null
ok "the system is read-only to it"
nsenter -t "$(main)" -m touch /var/lib/dsnd/x; ok "... but its own folder"
[ "$(stat -c %a /var/lib/dsnd)" = 750 ]; ok "nobody else sees its database"

# What may happen to it.
pid=$(main)
sed -i 's|^#log_level = .*|log_level = "debug";|' $conf
mv /usr/bin/kill /usr/bin/kill.away
systemctl reload dsnd; ok "it reloads, without procps too"
mv /usr/bin/kill.away /usr/bin/kill
[ "$(main)" = "$pid" ]; ok "... without ending"
echo nonsense >>$conf
systemctl reload dsnd
unchanged() { journalctl -u dsnd | grep -q 'nothing was changed'; }
soon unchanged; ok "a bad file changes nothing, and the journal says why"
active && [ "$(main)" = "$pid" ]; ok "... it goes on"
sed -i '$d' $conf
kill -SEGV "$pid"
mkdir -p /etc/systemd/system/dsnd.service.d
soon replaced "$pid"; ok "after a crash it is started again"
printf '[Service]\nWatchdogSec=10\nRestartSec=1\nLoadCredential=imap:/out/secret\n' \
	>/etc/systemd/system/dsnd.service.d/test.conf
echo word >/out/secret; chmod 600 /out/secret
systemctl daemon-reload; systemctl restart dsnd
pid=$(main)
[ "$(nsenter -t "$pid" -m cat /run/credentials/dsnd.service/imap)" = word ]
ok "LoadCredential gives it a password"
[ "$(nsenter -t "$pid" -m stat -c %U /run/credentials/dsnd.service/imap)" = dsnd ] ||
	nsenter -t "$pid" -m setpriv --reuid=dsnd --clear-groups \
		cat /run/credentials/dsnd.service/imap >/dev/null
ok "... that it can read"
kill -STOP "$pid"
soon replaced "$pid"; ok "the watchdog replaces one that hangs"
deliver 2
soon suppressed rosa2@example.net; ok "after all that it works"
begin=$(date +%s)
systemctl stop dsnd
[ $(($(date +%s) - begin)) -le 10 ]; ok "it stops in time"
[ "$(systemctl show -P Result dsnd)" = success ]; ok "... with success"
suppressed rosa1@example.net; ok "the database answers while it is stopped"
systemctl start dsnd-backup
[ -s "/var/lib/dsnd/backup-$(LC_ALL=C date +%a).db" ]; ok "dsnd-backup.service makes a copy"

# What becomes of the package.
systemctl start dsnd
pid=$(main)
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
dpkg -i --force-confold /out/later.deb >>/out/dpkg 2>&1
[ "$(main)" = "$pid" ]; ok "where policy-rc.d says so, an upgrade restarts nothing"
rm /usr/sbin/policy-rc.d
dpkg -i --force-confold /out/later.deb >>/out/dpkg 2>&1; ok "an upgrade installs"
soon replaced "$pid"; ok "... and starts it anew"
systemctl is-enabled dsnd; ok "... it stays enabled"
grep -q lists.example.org $conf; ok "... with its configuration"
suppressed rosa2@example.net; ok "... and its database"
dpkg -r dsnd >>/out/dpkg 2>&1; ok "it is removed"
! pgrep -x dsnd; ok "... and runs no more"
[ -e /var/lib/dsnd/dsnd.db ] && [ -e $conf ]
ok "... database and configuration stay"
dpkg -P dsnd >>/out/dpkg 2>&1; ok "it is purged"
ls -lR /etc/dsnd >&2
[ -e /var/lib/dsnd/dsnd.db ] && [ ! -e /etc/dsnd ]
ok "... but for its database"
grep -q 'rm -r /var/lib/dsnd' /out/dpkg; ok "... and says how to delete that"
rm -r /var/lib/dsnd

# What README.md says to do, line by line; make and apt have no network here.
make() { :; }
apt() { dpkg -i /out/dsnd.deb >>/out/dpkg 2>&1; }
sudo() {
	if [ "$1" = -u ]; then runuser -u "$2" -- "${@:3}"; else "$@"; fi
}
sudoedit() {
	sed -i 's|^\(.*\)#our_domains = .*|\1our_domains = [ "lists.example.org" ];|' "$1"
}
systemctl() {
	[ "$1" = edit ] || { command systemctl "$@"; return; }
	mkdir -p /etc/systemd/system/dsnd.service.d
	printf '[Service]\nReadWritePaths=/var/mail/bounces\n' \
		>/etc/systemd/system/dsnd.service.d/override.conf
	command systemctl daemon-reload
}
rm -rf /etc/systemd/system/dsnd.service.d
mkdir -p /var/mail/bounces/Maildir/new /var/mail/bounces/Maildir/cur \
	/var/mail/bounces/Maildir/tmp
chown -R dsnd:dsnd /var/mail/bounces
systemctl start postfix; ok "Postfix runs"
soon nc -z localhost 25
said=
while read -r line; do
	said=$(eval "$line" 2>>/out/errors); ok "README: $line"
done </out/readme
echo "$said" >&2
echo "$said" | grep -qF "$(cat /out/answer) since"
ok "and Postfix refuses the address as README says"
journalctl -u dsnd --no-pager >/out/journal 2>&1
echo done >>/out/report
END
close($f) or die $!;
open($f, '>', "$tmp/start") or die $!;
print $f <<"END";
set -e
mount -t overlay overlay -o lowerdir=$base,upperdir=$tmp/upper,workdir=$tmp/work $tmp/root
cat >$tmp/root/etc/systemd/system/try.service <<UNIT
[Unit]
After=dbus.service
[Service]
Type=exec
ExecStart=/bin/bash /out/run
ExecStopPost=/bin/systemctl poweroff --force
StandardError=file:/out/errors
TimeoutStartSec=300
UNIT
ln -sf ../try.service $tmp/root/etc/systemd/system/multi-user.target.wants/
nspawn=$Dsnd::top/build/unpacked/nspawn/usr
LD_LIBRARY_PATH=\$(echo \$nspawn/lib/*/systemd) exec timeout -k 10 1200 \\
	\$nspawn/bin/systemd-nspawn --private-network --register=no --keep-unit -q -b -D $tmp/root \\
	--bind=$tmp/out:/out --console=pipe </dev/null
END
close($f) or die $!;
my ($status, $text) = run("unshare -m --propagation private sh $tmp/start");

sub slurp {
	open(my $in, '<', $_[0]) or return '';
	local $/ = undef;
	return scalar(<$in>) // '';
}
my $report = slurp("$tmp/out/report");
for my $line (split /\n/, $report) {
	next if $line eq 'done';
	ok($line !~ /^not /, $line =~ s/^(?:not )?ok //r);
}
like($report, qr/^done$/m, 'systemd has booted in the container, to the end')
	or diag("systemd-nspawn: exit $status\n$text");
diag(map { slurp("$tmp/out/$_") } qw(errors dpkg journal))
	if $report !~ /^done$/m || $report =~ /^not /m;
done_testing;
