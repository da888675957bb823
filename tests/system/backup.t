#!/usr/bin/perl
# A copy made while the daemon works is whole; it brings back what it holds,
# and who needs it is told how.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;
my $db  = $d->database;
my $copy = $d->home . '/copy.db';
my @mail = Messages::many(120);

sub deliver {
	$d->deliver($_->[0], at => $_->[1]) for @_;
	return;
}

# Exit status and what it said, on either stream.
sub says {
	my ($command, @args) = @_;
	my $pid = open(my $out, '-|') // die $!;
	if (!$pid) {
		open(STDERR, '>&', \*STDOUT) or die $!;
		exec("$Dsnd::build/$command", @args) or die $!;
	}
	local $/ = undef;
	my $text = <$out>;
	close($out);
	return ($? >> 8, $text);
}
sub ctl_says {
	my ($command, @args) = @_;
	return says('dsnctl', $command, '-c', $d->config, @args);
}

deliver(@mail[0 .. 59]);
$d->once($now);
my $dump = $d->dump($now);
chmod(0640, $db) or die $!;

# While a daemon holds it open and works, a minute later.
my $later = '2026-11-20T12:01:00Z';
my $daemon = fork // die $!;
if (!$daemon) {
	open(STDERR, '>', '/dev/null');
	exec("$Dsnd::build/dsnd", '--foreground', '-c', $d->config, '--now',
		$later) or die $!;
}
ok(Dsnd::await(sub {
	my ($m) = map { $_->{mailboxes}[0] } $d->ctl_json('status');
	return $m && ($m->{heartbeat_at} // 0) >= Dsnd::epoch($later);
}), 'the daemon works');
my ($status, $text) = ctl_says('backup', $copy);
is($status, 0, 'a backup is made while the daemon runs') or diag($text);
($status, $text) = ctl_says('restore', $copy);
is($status, 3, 'nothing is restored while it runs');
like($text, qr/process \d+ has it open/, '... which is said');
kill('TERM', $daemon);
waitpid($daemon, 0);

is(sprintf('%o', (stat $copy)[2] & 07777), '640', 'others cannot read it');
ok(!-e "$copy-wal" && !-e "$copy-shm", 'it is one file');
($status) = $d->run("$Dsnd::build/dsnctl", 'verify', '--db', $copy, '--now',
	$now);
is($status, 0, 'verify finds nothing in it');
(undef, $text) = $d->run("$Dsnd::build/dsnctl", 'dump', '--db', $copy, '--now',
	$now);
is($text, $dump, 'it holds what the database held');
($status, $text) = ctl_says('backup', $db);
is($status, 3, 'the database is no place for its own backup');
($status) = ctl_says('backup', $d->home . '/nowhere/x.db');
is($status, 3, 'nor is a folder that is not there');
opendir(my $dir, $d->home) or die $!;
is(join(' ', grep { /^copy\.db./ } readdir $dir), '', 'no scraps are left');

# The way back to a former day.
deliver(@mail[60 .. 119]);
$d->once($now);
isnt($d->dump($now), $dump, 'more mail makes a difference');
($status, $text) = ctl_says('restore', $copy);
is($status, 0, 'the backup is put back') or diag($text);
like($text, qr/before-restore/, '... and what was there is kept');
is($d->dump($now), $dump, 'it is the former day again');
is(sprintf('%o', (stat $db)[2] & 07777), '640', 'with the mode it had');
($status) = $d->ctl('verify', '--now', $now);
is($status, 0, 'verify finds nothing');
deliver(@mail[60 .. 79]);
$d->once($now);
isnt($d->dump($now), $dump, 'the daemon goes on from there');

# From a newer version.
system('sqlite3', $db, 'PRAGMA user_version = 99') == 0 or die;
($status, $text) = ctl_says('check', 'a@example.com');
is($status, 3, 'a database of a newer version is refused');
like($text, qr/dsnctl restore/, '... with the command that goes back');
($status, $text) = says('dsnd', '-c', $d->config, '--once');
isnt($status, 0, 'by the daemon too');
like($text, qr/dsnctl restore/, '... with the same command');
($status, $text) = ctl_says('restore', $db . '.nothing');
is($status, 3, 'a backup that is not there is none');
($status) = ctl_says('restore', $copy);
is($status, 0, 'the backup is put back again');

# Damaged: every page but the first is noise.
open(my $f, '+<:raw', $db) or die $!;
seek($f, 4096, 0);
print $f 'x' x ((-s $db) - 4096);
close($f) or die $!;
unlink "$db-wal", "$db-shm";
($status, $text) = ctl_says('check', 'a@example.com');
is($status, 3, 'a damaged database is refused');
like($text, qr/dsnctl restore/, '... with the command that mends it');
($status, $text) = ctl_says('verify');
is($status == 1 || $status == 3, 1, 'verify sees it too');
($status, $text) = says('dsnd', '-c', $d->config, '--once');
isnt($status, 0, 'the daemon refuses it');
like($text, qr/dsnctl restore/, '... with the same command');
($status, $text) = says('dsnctl', 'restore', '-c', $d->config, $db);
is($status, 3, 'what is damaged is not put back');
like($text, qr/the backup cannot be used, nothing was changed: /,
	'... and it is said what is damaged');
($status, $text) = ctl_says('restore', $copy);
is($status, 0, 'the backup mends it') or diag($text);
is($d->dump($now), $dump, 'and nothing of it is missing');
# The log holds what was decided last, as after a power cut.
sub decide_and_crash {
	my ($address) = @_;
	my $pid = open(my $in, '|-', "exec sqlite3 $db >$db.held") or die $!;
	$in->autoflush(1);
	print $in "BEGIN;\nSELECT count(*) FROM message;\n";
	Dsnd::await(sub { -s "$db.held" }) or die 'sqlite3 reads nothing';
	$d->ctl('suppress', '--now', $now, $address, '--reason', 'a test');
	kill('KILL', $pid);
	close($in);
	unlink "$db.held";
	die 'the log is empty' if !-s "$db-wal";
	return;
}

$d->once($now); # which puts it into WAL mode again
decide_and_crash('late@example.com');
($status, $text) = $d->run('sh', '-c', 'trap "" XFSZ; ulimit -f 8; exec "$0" "$@" 2>&1',
	"$Dsnd::build/dsnctl", 'restore', '-c', $d->config, $copy);
is($status, 3, 'a disk that is full ends a restore');
ok($d->suppressed('late@example.com', $now),
	'... and the database still has its log');

# Restores FILE; the name of what was there.
sub restore_over {
	my ($file) = @_;
	($status, $text) = ctl_says('restore', $file);
	is($status, 0, 'a backup is put back') or diag($text);
	my ($kept) = $text =~ /(\S+\.before-restore\S*)/ or die $text;
	return $kept;
}
sub in_kept {
	my ($command, $kept, @args) = @_;
	return $d->run("$Dsnd::build/dsnctl", $command, '--db', $kept, '--now', $now, @args);
}

decide_and_crash('later@example.com');
my $kept = restore_over($copy);
is($d->dump($now), $dump, 'a database with a log does not meet the backup');
($status) = in_kept('check', $kept, 'later@example.com');
is($status, 1, '... and its log went with what was there');
my $next = restore_over($kept);
ok($d->suppressed('later@example.com', $now),
	'what was there can be put back itself, with what was in its log');
is((in_kept('dump', $next))[1], $dump, '... and what was restored is kept');

$d->once($now);
decide_and_crash('latest@example.com');
$kept = restore_over($copy);
$next = restore_over($copy);
($status) = in_kept('check', $kept, 'latest@example.com');
is($status, 1, 'a second restore takes nothing from what the first one kept');
is((in_kept('dump', $next))[1], $dump, '... and keeps what the first one restored');

$d->once($now);
decide_and_crash('last@example.com');
unlink $db or die $!;
($status) = ctl_says('restore', $copy);
is($status, 0, 'a database that was removed is put back');
is($d->dump($now), $dump, '... and does not meet the log of the old one');

done_testing();
