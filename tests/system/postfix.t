#!/usr/bin/perl
# A real Postfix asks dsnd, set up with the lines of contrib/postfix: who is
# refused and who is not, and what happens in each of the ways in which asking
# can fail.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Mta;
use Test::More;
use Time::HiRes qw(sleep time);

my $home = Mta::enter('postfix');
umask 0027;
my $at = time - 86400;
my $day = POSIX::strftime('%Y-%m-%d', gmtime($at));

# dsnd as its own user; its programs where every user can start them.
my $bin = Mta::programs($home);
my $d = Dsnd->new(extra => 'user = "dsnd";', mailbox => 'poll = "1s";');
my $db = $d->database;
sub bounce {
	my ($to, $mid, $at) = @_;
	$d->deliver(Dsnd::dsn(to => $to, status => '5.1.1', mid => $mid,
			date => POSIX::strftime('%a, %d %b %Y %H:%M:%S +0000',
				gmtime($at)),
			diagnostic => "550 5.1.1 <$to>: user unknown"), at => $at);
	return;
}
sub owned { Mta::give($d->home, $d->config); return }
bounce('rosa@example.net', 'm1', $at);
owned();
$d->once('@' . int($at + 60));
owned();
is((stat $db)[2] & 0777, 0640, 'the database is readable to its group');

# Our lines, with the places of this test; more services for the other ways.
sub lines {
	my ($file) = @_;
	my $text = Mta::slurp("$Dsnd::top/contrib/postfix/$file");
	my $config = $d->config;
	$text =~ s{/usr/local/bin/dsnctl policy}{$bin/dsnctl policy -c $config};
	$text =~ s{/var/lib/dsnd/dsnd\.db}{$db};
	return $text;
}
sub service {
	my ($name, $options) = @_;
	my $line = lines('master.cf') =~ s/^#.*\n//gmr;
	$line =~ s/^dsnd /$name /m;
	$line =~ s/ policy -c/ policy $options -c/;
	return $line;
}
my %port;
my $free = 2500;
sub listener {
	my ($name, $restriction) = @_;
	$port{$name} = ++$free;
	$restriction =~ s/ /, /g if $restriction !~ /[{]/;
	return "127.0.0.1:$free inet n - n - - smtpd\n"
		. "  -o {smtpd_recipient_restrictions=$restriction}\n";
}
sub asking {
	my ($name) = @_;
	return "check_policy_service { unix:private/$name, timeout=10s, default_action=DUNNO }";
}
my $master = lines('master.cf') . listener('ask', '$dsnd_policy');
for my $o (['closed', '--on-error=defer'], ['hold', '--refuse=hold'],
	['drop', '--refuse=discard'], ['later', '--refuse=defer'],
	['news', '--stream=news']) {
	$master .= service($o->[0], $o->[1]) . listener($o->[0], asking($o->[0]));
}
$master .= service('gone', '') =~ s{/bin/dsnctl}{/bin/nothing}r
	. listener('gone', asking('gone'));
Mta::spew("$home/access.cf", lines('dsnd-access.cf'));
Mta::spew("$home/transport.cf", lines('dsnd-transport.cf'));
chmod 0644, "$home/access.cf", "$home/transport.cf";
$master .= listener('table', "check_recipient_access sqlite:$home/access.cf");

# A site's own restrictions, which the command of the README is to leave.
$port{plain} = ++$free;
$master .= "127.0.0.1:$free inet n - n - - smtpd\n";
$port{submission} = ++$free;
$master .= "127.0.0.1:$free inet n - n - - smtpd\n"
	. "  -o smtpd_recipient_restrictions=\n"
	. "  -o smtpd_relay_restrictions=permit_mynetworks,reject\n";
my $main = lines('main.cf') . <<"END";
smtpd_recipient_restrictions =
	check_recipient_access inline:{{own\@example.net = REJECT by the site}},
	permit_mynetworks
default_transport = discard:
smtpd_policy_service_retry_delay = 1s
service_throttle_time = 1s
END
my $postfix = Mta::postfix($home, $main, $master);
ok(Mta::answers($port{ask}), 'Postfix runs with the lines of contrib/postfix')
	or diag(Mta::slurp("$home/maillog"), Mta::slurp("$home/postfix.out"));

my $refused = qr/^550 5\.1\.1 <rosa\@example\.net>: Recipient address rejected: suppressed by dsnd: user_unknown since \d{4}-\d\d-\d\d$/;
my $passed = qr/^250 /;

sub holds {
	my ($when) = @_;
	like(Mta::rcpt($port{ask}, 'rosa@example.net'), $refused,
		"$when: a dead address is refused, with reason and date");
	like(Mta::rcpt($port{ask}, 'lea@example.net'), $passed,
		"$when: a living one passes");
	return;
}

# Postfix writes its log through a process of its own.
sub logged {
	my ($what, $why) = @_;
	ok(Mta::until_true(sub { Mta::slurp("$home/maillog") =~ $what }), $why)
		or diag(Mta::slurp("$home/maillog"));
	return;
}
like(Mta::rcpt($port{plain}, 'rosa@example.net'), $passed,
	'the lines alone ask nothing');
# The lines of the README that this finds, with the places of this test.
sub typed {
	my ($wanted) = @_;
	my $lines = join "; ", grep { $_ =~ $wanted }
		Mta::slurp("$Dsnd::top/contrib/postfix/README") =~ /^    (.*)/mg;
	$lines =~ s{/etc/postfix}{$home/etc}g;
	$lines =~ s{submission/}{127.0.0.1:$port{submission}/}g;
	Mta::quietly('sh', '-c', "cd $home; export MAIL_CONFIG=$home/etc; "
		. "$lines; postfix reload");
	return;
}
typed(qr/postconf.* smtpd_recipient/);
ok(Mta::until_true(sub { Mta::rcpt($port{plain}, 'rosa@example.net') =~ $refused }),
	'the command of the README has it asked');
like(Mta::rcpt($port{plain}, 'own@example.net'), qr/^554 .*by the site/,
	"... and keeps the site's own restrictions");
like(Mta::rcpt($port{plain}, 'lea@example.net'), $passed,
	'... a living address passes');
like(Mta::rcpt($port{submission}, 'rosa@example.net'), $passed,
	'a service with restrictions of its own does not ask');
typed(qr/postconf -P/);
ok(Mta::until_true(sub {
	Mta::rcpt($port{submission}, 'rosa@example.net') =~ $refused
}), '... until it is told to');
holds('dsnd is stopped');
like(Mta::rcpt($port{ask}, 'rosa@example.net'), qr/since $day$/,
	'... the day is that of the bounce');
like(Mta::rcpt($port{ask}, 'ROSA@Example.NET'),
	qr/^550 5\.1\.1 .* user_unknown/, 'case does not matter');
like(Mta::rcpt($port{ask}, 'postmaster'), $passed,
	'postmaster without a domain passes');

# One connection, and a decision in the middle of it.
sub ctl {
	my (@args) = @_;
	my ($status, $text) = $d->ctl(@args);
	die "dsnctl @args: $status" if $status != 0;
	return $text;
}
my $c = Mta::dial($port{ask});
$c->say('EHLO client.example.org');
$c->say('MAIL FROM:<news@lists.example.org>');
like($c->say('RCPT TO:<rosa@example.net>'), $refused, 'refused, ...');
ctl('release', 'rosa@example.net', '--reason', 'she wrote');
like($c->say('RCPT TO:<rosa@example.net>'), $passed,
	'... released, and at once it passes on the same connection');
ctl('suppress', 'rosa@example.net', '--reason', 'test');
like($c->say('RCPT TO:<rosa@example.net>'),
	qr/^550 5\.7\.1 .*suppressed by dsnd: operator since/,
	'... suppressed by a person, and refused again');
ctl('release', 'rosa@example.net', '--reason', 'test');
$c->say('QUIT');

# The daemon at full speed beside it.
my $log = $d->home . '/log';
my $pid = Mta::background($log, "$bin/dsnd", '-c', $d->config,
	'--foreground');
my @many = Messages::many(600);
$d->deliver($_->[0], at => $_->[1]) for @many;
bounce('rosa@example.net', 'm2', time + 1);
owned();
my ($asked, $wrong) = Mta::ask_while_busy($d, $port{ask},
	'lea@example.net', $passed);
cmp_ok($asked, '>', 0, "while it writes, $asked questions are asked");
is($wrong, 0, '... and a living address passes each time');
ok(Mta::until_true(sub { ($d->ctl('check', 'rosa@example.net'))[0] == 1 }),
	'a mail that failed later suppresses again');
holds('dsnd runs');
Mta::end($pid);
holds('dsnd has been stopped');

# --refuse: what becomes of a whole mail.
like(Mta::rcpt($port{later}, 'rosa@example.net'),
	qr/^450 4\.7\.1 .*suppressed by dsnd/, '--refuse=defer puts it off');
like(Mta::send_mail($port{hold}, 'rosa@example.net', 'h1'), $passed,
	'--refuse=hold accepts the mail');
ok(Mta::until_true(sub { () = glob("$home/queue/hold/*") }),
	'... and it waits in the hold queue');
like(Mta::send_mail($port{drop}, 'rosa@example.net', 'd1'), $passed,
	'--refuse=discard accepts the mail');
logged(qr/discard: RCPT .*rosa\@example\.net/, '... and Postfix throws it away');

# Streams.
ctl('suppress', 'nina@example.net', '--stream', 'news', '--reason', 'asked');
like(Mta::rcpt($port{news}, 'nina@example.net'), qr/^550 5\.7\.1/,
	'--stream: what holds for the stream is refused');
ctl('suppress', 'otto@example.net', '--stream', 'shop', '--reason', 'asked');
like(Mta::rcpt($port{news}, 'otto@example.net'), $passed,
	'... what holds for another passes');

# Tables. smtpd(8) has no groups but its own, so they want more than dsnctl.
unlike(Mta::rcpt($port{table}, 'lea@example.net'), $passed,
	'an sqlite: table needs a database that the user postfix may read');
chmod 0751, $d->home;
chmod 0644, $db, "$db-wal", "$db-shm";
like(Mta::rcpt($port{table}, 'rosa@example.net'),
	qr/^550 5\.1\.1 .*suppressed by dsnd: user_unknown/,
	'... then it refuses');
like(Mta::rcpt($port{table}, 'nina@example.net'),
	qr/^550 5\.7\.1 .*suppressed by dsnd: operator/,
	'... with the same code for what a person suppressed');
like(Mta::rcpt($port{table}, 'lea@example.net'), $passed,
	'... and lets others pass');

# Ways to fail. open: what passes by default; closed: with --on-error=defer.
sub fails {
	my ($how, $logged, $before) = @_;
	my $said = qr/dsnctl\[\d+\]: policy: .*$logged.*; answering dunno/;
	Mta::forget_syslog();
	# A server that had begun before a reload still has its connection.
	ok(Mta::until_true(sub {
		$before->() if $before;
		return Mta::rcpt($port{ask}, 'rosa@example.net') =~ $passed
			&& Mta::syslogged($said, 1);
	}), "$how: mail goes on, and the log says why")
		or diag(Mta::syslogged());
	my $closed = qr/^450 4\.3\.5 .*The suppression list cannot be read/;
	Mta::until_true(sub { Mta::rcpt($port{closed}, 'rosa@example.net') =~
				$closed });
	like(Mta::rcpt($port{closed}, 'rosa@example.net'), $closed,
		"$how: --on-error=defer puts it off");
	return;
}
# A new smtpd opens the table and dies; master waits, and starts another.
sub table_fails {
	my ($how) = @_;
	Mta::quietly('postfix', '-c', "$home/etc", 'reload');
	# An smtpd(8) that had it open may answer once more.
	ok(Mta::until_true(sub {
		Mta::rcpt($port{table}, 'lea@example.net') !~ $passed
	}), "$how: with an sqlite: table no mail passes");
	return;
}

rename($db, "$db.away") or die $!;
rename("$db$_", "$db.away$_") for qw(-wal -shm);
# An smtpd(8) of the table that has just begun is still root, and makes it anew.
fails('missing', 'there is none', sub { unlink $db if -z $db });
table_fails('missing');
logged(qr/fatal: dict_sqlite_(?:open|lookup): /, '... for smtpd has died of it');
rename("$db.away$_", "$db$_") for qw(-wal -shm);
rename("$db.away", $db) or die $!;
holds('it is back');

chmod 0600, $db;
fails('unreadable', 'only its owner and group');
chmod 0644, $db;
holds('readable again');

# Someone who holds it for himself alone, once the tables have let go of it.
Mta::quietly('postfix', '-c', "$home/etc", 'reload');
my $holder = Mta::locked($db, $home);
ok($holder, 'somebody locks the database');
fails('locked', 'locked');
table_fails('locked');
close($holder);
holds('unlocked');

# A migration that has not committed: the old state answers. One that has,
# by a newer dsnd than this program: it says so.
$holder = Mta::migrating($db, $home);
ok($holder, 'a migration is under way');
holds('mid-migration');
close($holder);
my $keep = '.filectrl persist_wal 1';
my ($version) = Mta::quietly('sqlite3', '-readonly', $db,
	'PRAGMA user_version') =~ /(\d+)/;
Mta::quietly('sqlite3', $db, $keep, 'PRAGMA user_version = 9999');
fails('of another version', 'has version 9999');
Mta::quietly('sqlite3', $db, $keep, "PRAGMA user_version = $version");
holds('of our version again');

# What others who write leave: no log, and nobody who may make one.
Mta::quietly('postfix', '-c', "$home/etc", 'reload');
ok(Mta::until_true(sub {
	Mta::quietly('sqlite3', $db, "PRAGMA user_version = $version");
	return !-e "$db-wal";
}), 'sqlite3 takes the log of the database away');
fails('without its log', '-wal and -shm beside it are gone');
ctl('release', 'nobody@example.net', '--reason', 'to write');
holds('something of ours has written');

# A configuration that is broken, and a program that is not there.
my $good = Mta::slurp($d->config);
Mta::quietly('postfix', '-c', "$home/etc", 'reload');
Mta::spew($d->config, "nonsense\n");
chmod 0644, $d->config;
fails('bad configuration', 'dsnd.conf:\d: syntax error');
Mta::spew($d->config, $good);
chmod 0644, $d->config;
holds('mended configuration');
like(Mta::rcpt($port{gone}, 'rosa@example.net'), $passed,
	'without dsnctl default_action lets mail go on');

# Postfix hands bounces over itself.
Mta::spew("$home/bounces.cf", lines('bounces.cf') =~
	s{/usr/local/bin/dsnctl}{$bin/dsnctl}r =~
	s{ ingest$}{ ingest -c @{[$d->config]}}mr);
Mta::quietly('postconf', '-c', "$home/etc", '-e', 'recipient_delimiter = +',
	'mydestination = lists.example.org',
	'local_recipient_maps = inline:{bounces=postmaster}');
typed(qr/bounces|transport/);
like(Mta::send_mail($port{plain}, 'bounces+x@lists.example.org', 'b1'), $passed,
	'a bounce is taken');
logged(qr/to=<bounces\+x\@lists.example.org>, relay=dsnd-ingest, .*status=sent/,
	'... and handed over');
my ($handed) = grep { $_->{name} eq 'ingest' }
	@{($d->ctl_json('status'))[0]{mailboxes}};
is($handed && $handed->{messages}, 1, '... and recorded');

# Mail that never meets smtpd: sendmail(1) with the transport table.
Mta::quietly('postconf', '-c', "$home/etc", '-e',
	"transport_maps=sqlite:$home/transport.cf");
Mta::quietly('postfix', '-c', "$home/etc", 'reload');
$ENV{MAIL_CONFIG} = "$home/etc";
for my $to (map {"$_\@example.net"} qw(rosa nina lea)) {
	open(my $f, '|-', 'sendmail', '-f', 'news@lists.example.org', $to)
		or die $!;
	print $f "Subject: beans\n\nPlant them.\n";
	ok(close($f), "sendmail takes mail to $to");
}
logged(
	qr/to=<rosa\@example\.net>.*dsn=5\.1\.1, status=bounced \(suppressed by dsnd: user_unknown\)/,
	'the transport table bounces what is suppressed');
logged(
	qr/to=<nina\@example\.net>.*dsn=5\.7\.1, status=bounced \(suppressed by dsnd: operator\)/,
	'... with the code of its cause');
logged(qr/to=<lea\@example\.net>.*relay=none.*status=sent/, '... and nothing else');

Mta::end($postfix);
done_testing;
