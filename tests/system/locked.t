#!/usr/bin/perl
# Somebody holds the database for longer than we wait: nothing is lost, nothing
# breaks, and what was read is recorded once it is free again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use IPC::Open2;
use Messages;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $patience = 120;
# More than the parser's window, each a batch of its own.
my @messages = map { $_->[0] } Messages::many(100);
my $d = Dsnd->new(mailbox => 'poll = "1d";',
	extra => 'daemon = { batch_messages = 1; restart_most = "1s"; };');
my $log = $d->home . '/log';
my $pid;
END { kill('KILL', $pid) if $pid }

sub until_true {
	my ($test) = @_;
	my $end = time + $patience;
	while (time < $end) {
		return 1 if $test->();
		sleep(0.05);
	}
	return 0;
}

sub logged {
	open(my $f, '<', $log) or return '';
	local $/ = undef;
	return <$f> // '';
}

is(($d->dsnd('--once'))[0], 0, 'the database is there');
$pid = fork // die "fork: $!";
if (!$pid) {
	open(STDERR, '>', $log);
	exec("$Dsnd::build/dsnd", '-c', $d->config, '--foreground')
		or POSIX::_exit(127);
}
my $home = $d->home . '/bounces';
# The first message proves that the reader waits; the next ones find it so.
$d->deliver(shift @messages);
ok(until_true(sub { () = glob("$home/.{Processed,Unrecognised}/cur/*") }), 'it runs');

# The reader may be writing that the first one has left.
my $sqlite = open2(my $from, my $to, 'sqlite3', '-bail', $d->database);
print $to ".timeout 60000\nBEGIN IMMEDIATE; SELECT 'held';\n";
$to->flush;
is(scalar <$from>, "held\n", 'somebody else holds the database');
# Only new/ wakes the reader, and then all of them are there.
my $last = pop @messages;
for my $i (0 .. $#messages) {
	open(my $f, '>', "$home/tmp/$i") or die $!;
	print $f $messages[$i];
	close($f);
	rename("$home/tmp/$i", "$home/cur/$i:2,") or die $!;
}
$d->deliver($last);
ok(until_true(sub { logged() =~ /database is locked; another program is writing to it/ }), 'it says so');
ok(until_true(sub { logged() =~ /mailbox bounces: tried again in / }),
	'and starts again');
print $to "ROLLBACK;\n";
close($to);
waitpid($sqlite, 0);

ok(until_true(sub {
	return !(() = glob("$home/new/* $home/cur/*"));
}), 'free again, every message is disposed of');
unlike(logged(), qr/by signal/, 'no reader crashed');
is(scalar(() = glob("$home/.{Processed,Unrecognised}/cur/*")), @messages + 2,
	'no message is lost');
kill('TERM', $pid);
waitpid($pid, 0);
is($?, 0, 'it ends when told to');
undef $pid;

# Somebody reads and does not end: the log can only grow, and that is told.
$sqlite = open2($from, $to, 'sqlite3', '-readonly', $d->database);
print $to "BEGIN; SELECT count(*) > 0 FROM message;\n";
$to->flush;
is(scalar <$from>, "1\n", 'somebody else reads the database');
unlike(($d->drain('2026-11-20T12:00:00Z'))[1], qr/its log grows/,
	'a short log is nobody\'s trouble');
is(system('sqlite3', $d->database, 'CREATE TABLE filler (b);
	INSERT INTO filler VALUES (zeroblob(70000000)); DROP TABLE filler'), 0,
	'much is written');
like(($d->drain('2026-11-20T12:00:00Z'))[1],
	qr/its log grows, \d+ MB so far: .*; "fuser -v \S+-wal" tells which$/m,
	'a long one is told of, and how to find who reads');
close($to);
waitpid($sqlite, 0);
unlike(($d->drain('2026-11-20T12:00:00Z'))[1], qr/its log grows/,
	'... until it is emptied');

done_testing;
