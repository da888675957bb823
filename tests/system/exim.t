#!/usr/bin/perl
# A real Exim asks dsnd, set up with the files of contrib/exim: who is refused
# and who is not, and what happens in each of the ways in which asking can fail.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Mta;
use Test::More;
use Time::HiRes qw(time);

my $home = Mta::enter('exim');
umask 0027;
my $at = time - 86400;
my $d = Dsnd->new(extra => 'user = "dsnd";', mailbox => 'poll = "1s";');
my $db = $d->database;
my $bin = Mta::programs($home);
sub owned { Mta::give($d->home, $d->config); return }

$d->deliver(Dsnd::dsn(to => 'rosa@example.net', status => '5.1.1',
		diagnostic => '550 5.1.1 user unknown'), at => $at);
owned();
$d->once('@' . int($at + 60));
owned();
my $group = Mta::slurp('/etc/group');
$group =~ s/^(dsnd:.*:)$/$1Debian-exim/m;
Mta::spew('/etc/group', $group);

# The file, with the places of this test; for one stream as the README says.
my $stream = '';
sub acl {
	my ($file) = @_;
	my $config = $d->config;
	my $text = Mta::slurp("$Dsnd::top/contrib/exim/$file");
	$text =~ s/ (ORDER BY)/ AND stream IN ('', '$stream') $1/ if $stream;
	$text =~ s/ check --json/ check --stream $stream --json/ if $stream;
	return $text
		=~ s{/var/lib/dsnd/dsnd\.db}{$db}r
		=~ s{/usr/local/bin/dsnctl check}{$bin/dsnctl check -c $config}r;
}

my %port = (acl => 2600, 'acl-open' => 2601);
mkdir "$home/spool", 0755 or die $!;
chown(Mta::id('Debian-exim'), Mta::id('Debian-exim'), "$home/spool");
my @exim;
for my $file (sort keys %port) {
	my $acl = acl($file);
	Mta::spew("$home/$file.conf", <<"END");
exim_path = /usr/sbin/exim4
primary_hostname = relay.example.org
spool_directory = $home/spool
log_file_path = $home/spool/log_%s
notifier_socket =
acl_smtp_rcpt = acl_check_rcpt
daemon_smtp_ports = $port{$file}
local_interfaces = 127.0.0.1
sqlite_lock_timeout = 1
begin acl
acl_check_rcpt:
$acl
accept
END
	chmod 0644, "$home/$file.conf";
	push @exim, Mta::background("$home/out", 'exim4', '-C',
		"$home/$file.conf", '-bdf', '-oP', "$home/$file.pid");
	ok(Mta::answers($port{$file}), "Exim runs with $file")
		or diag(Mta::slurp("$home/out"));
}

# Debian's own configuration with what the README has people type, below $home.
my @typed = Mta::slurp("$Dsnd::top/contrib/exim/README") =~
	m{^    (.*>/etc/exim4/.*)$}mg;

sub debian {
	my ($split, $file) = @_;
	my $etc = "$home/debian-$split-$file$stream";
	my $update = Mta::slurp('/usr/sbin/update-exim4.conf') =~ s{/etc/}{$etc/}gr;
	my $mask = umask 0022;
	mkdir $etc or die $!;
	Mta::quietly('cp', '-r', "$Mta::unpacked/exim/etc/exim4", $etc);
	Mta::spew("$etc/mailname", "relay.example.org\n");
	Mta::spew("$etc/exim4/update-exim4.conf.conf",
		"dc_eximconfig_configtype=internet\ndc_use_split_config=$split\n");
	Mta::spew("$etc/acl", acl($file));
	for my $line (@typed) {
		my $command = $line =~ s{/etc/}{$etc/}gr;
		$command =~ s{>\S*/main/00_dsnd}{>>$etc/exim4/exim4.conf.localmacros}
			if $split eq 'false';
		Mta::quietly('sh', '-c', "cd $etc && $command");
	}
	Mta::spew("$etc/update", $update);
	Mta::quietly('sh', "$etc/update", '-o', "$etc/config");
	umask $mask;
	return "$etc/config";
}

# What Exim would say by it to a client at an address.
sub would_say {
	my ($config, $client, $to) = @_;
	Mta::spew("$home/lines", join('', map {"$_\r\n"} 'EHLO me',
			'MAIL FROM:<news@lists.example.org>', "RCPT TO:<$to>", 'QUIT'));
	my $said = qx{exim4 -C $config -bh $client <$home/lines 2>$home/bh};
	return ($said =~ /^(\d{3} .*?)\r?$/mg)[3] // "$said: " . Mta::slurp("$home/bh");
}

my $passed = qr/^250 /;
my %refused = (
	acl => qr/^550 5\.1\.1 suppressed by dsnd: user_unknown since 2\d{3}-\d\d-\d\d$/,
	'acl-open' => qr/^550 5\.1\.1 suppressed by dsnd$/,
);

sub holds {
	my ($when) = @_;
	for my $file (sort keys %port) {
		like(Mta::rcpt($port{$file}, 'rosa@example.net'), $refused{$file},
			"$file, $when: a dead address is refused");
		like(Mta::rcpt($port{$file}, 'lea@example.net'), $passed,
			"$file, $when: a living one passes");
	}
	return;
}
sub fails {
	my ($how) = @_;
	like(Mta::rcpt($port{acl}, 'rosa@example.net'),
		qr/^451 4\.3\.5 The suppression list|^451 Temporary local problem/,
		"acl, $how: the sender tries later");
	like(Mta::rcpt($port{'acl-open'}, 'rosa@example.net'), $passed,
		"acl-open, $how: mail goes on");
	return;
}
sub ctl {
	my (@args) = @_;
	my ($status) = $d->ctl(@args);
	die "dsnctl @args: $status" if $status != 0;
	return;
}

holds('dsnd is stopped');
cmp_ok(@typed, '>', 1, 'the README says what to type on Debian');
for my $split ('true', 'false') {
	for my $file (sort keys %port) {
		my $config = debian($split, $file);
		like(would_say($config, '127.0.0.1', 'rosa@example.net'),
			$refused{$file},
			"$file, Debian's configuration, split: $split: refused");
		like(would_say($config, '127.0.0.1', 'lea@example.net'), $passed,
			'... a living one passes');
		like(would_say($config, '198.51.100.9', 'rosa@example.net'),
			qr/^550 relay not permitted/,
			'... and who may not relay learns nothing');
	}
}
for my $odd (q('; DROP TABLE address; --@example.net), '-c@example.net',
	'--db@example.net') {
	my $address = $odd =~ /[ ;]/ ? $odd =~ s/^(.*)@/"$1"@/r : $odd;
	like(Mta::rcpt($port{acl}, $address), $passed, "acl: $odd is a name");
	like(Mta::rcpt($port{'acl-open'}, $address), $passed,
		"acl-open: $odd is a name");
}
like(Mta::rcpt($port{acl}, 'ROSA@Example.NET'), $refused{acl},
	'case does not matter');
ctl('release', 'rosa@example.net', '--reason', 'she wrote');
like(Mta::rcpt($port{$_}, 'rosa@example.net'), $passed,
	"$_: a release takes effect at once") for sort keys %port;
ctl('suppress', '@dead.example', '--reason', 'closed');
like(Mta::rcpt($port{$_}, 'any@dead.example'),
	qr/^550 5\.7\.1 suppressed by dsnd/,
	"$_: a whole domain is refused") for sort keys %port;
ctl('allow', 'one@dead.example', '--reason', 'lives');
like(Mta::rcpt($port{'acl-open'}, 'one@dead.example'), $passed,
	'acl-open: but for those of it that are allowed');
like(Mta::rcpt($port{acl}, 'one@dead.example'), qr/^550/,
	'acl: those too, as its README says');

ctl('suppress', 'nina@example.net', '--stream', 'news', '--reason', 'asked');
for my $file (sort keys %port) {
	like(Mta::rcpt($port{$file}, 'nina@example.net'), qr/^550/,
		"$file: who refuses one stream is refused");
	for ('news', 'shop') {
		$stream = $_;
		like(would_say(debian('true', $file), '127.0.0.1',
				'nina@example.net'), $stream eq 'news' ? qr/^550/ : $passed,
			"... asked for $stream");
		like(would_say("$home/debian-true-$file$stream/config", '127.0.0.1',
				'x@dead.example'), qr/^550/,
			'... and who is refused in all is refused in that');
	}
	$stream = '';
}

my $pid = Mta::background($d->home . '/log', "$bin/dsnd", '-c', $d->config,
	'--foreground');
my @many = Messages::many(400);
$d->deliver($_->[0], at => $_->[1]) for @many;
$d->deliver(Dsnd::dsn(to => 'rosa@example.net', status => '5.1.1', mid => 'm2',
		date => POSIX::strftime('%a, %d %b %Y %H:%M:%S +0000',
			gmtime(time + 1)),
		diagnostic => '550 5.1.1 user unknown'), at => time + 1);
owned();
my ($asked, $wrong) = Mta::ask_while_busy($d, $port{acl},
	'lea@example.net', $passed);
cmp_ok($asked, '>', 0, "while dsnd writes, $asked questions are asked");
is($wrong, 0, '... and a living address passes each time');
ok(Mta::until_true(sub { ($d->ctl('check', 'rosa@example.net'))[0] == 1 }),
	'a mail that failed later suppresses again');
holds('dsnd runs');
Mta::end($pid);
holds('dsnd has been stopped');

rename($db, "$db.away") or die $!;
fails('missing');
rename("$db.away", $db) or die $!;
holds('it is back');

chmod 0600, $db;
fails('unreadable');
chmod 0640, $db;
holds('readable again');

unlink("$db-wal", "$db-shm");
fails('without its log');
ctl('release', 'nobody@example.net', '--reason', 'to write');
holds('something of ours has written');

my $lock = Mta::locked($db, $home);
ok($lock, 'somebody locks the database');
fails('locked');
close($lock);
holds('unlocked');

my $migration = Mta::migrating($db, $home);
ok($migration, 'a migration is under way');
holds('mid-migration');
close($migration);

like(Mta::slurp("$home/spool/log_main") . Mta::slurp("$home/spool/log_reject"),
	qr/dsnd: the database cannot be read/, 'the log says why mail waits');
Mta::end($_) for @exim;
done_testing;
