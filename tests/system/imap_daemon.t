#!/usr/bin/perl
# The daemon on an IMAP server: how soon a message counts once the server tells
# of it, two daemons on one mailbox, several folders in one, and what a server
# says before it goes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use IO::Select;
use IO::Socket::INET;
use Messages;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

my $now = '2026-11-20T12:00:00Z';
my @messages = Messages::many(260);
my $server = Dovecot->new;

my $maildir = Dsnd->new;
$maildir->deliver($_->[0], at => $_->[1]) for @messages;
$maildir->once($now);
my $expected = $maildir->dump($now);

# ---- From EXISTS to COMMIT ----

# Passes everything on, and notes when what went by: the server's EXISTS and
# our MOVE, which comes after COMMIT.
sub watch {
	my ($listener, $path) = @_;
	open(my $log, '>', $path) or die $!;
	$log->autoflush(1);
	while (my $client = $listener->accept) {
		my $up = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
			PeerPort => $server->{port}) or next;
		my $both = IO::Select->new($client, $up);
		PASS: while (my @ready = $both->can_read) {
			for my $from (@ready) {
				sysread($from, my $bytes, 65536) or last PASS;
				printf $log "%.4f exists\n", time
					if $from == $up && $bytes =~ /^\* [1-9]\d* EXISTS/m;
				printf $log "%.4f move\n", time
					if $from == $client && $bytes =~ /UID MOVE/;
				syswrite($from == $up ? $client : $up, $bytes);
			}
		}
		close($_) for $client, $up;
	}
	return;
}

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
	or die $!;
my $log = "$server->{home}/watched";
my $watcher = fork // die $!;
if (!$watcher) {
	watch($listener, $log);
	POSIX::_exit(0);
}
my $d = Dsnd->on($server, tls => '"none"', port => $listener->sockport,
	poll => '"1h"');
my $pid = $d->start;
my (@delivery, $late);
$server->deliver($messages[0][0] . 'first', $messages[0][1]);
ok(Dsnd::await(sub { $server->count('') == 0 }), 'the daemon runs');
for my $try (1 .. 20) {
	my $begun = time;
	$server->deliver($messages[1][0] . "try $try\n", $messages[1][1]);
	$late++ if !Dsnd::await(sub { $server->count('') == 0 });
	push @delivery, time - $begun;
}
ok(!$late, 'each of 20 messages is noticed');
kill 'TERM', $pid;
waitpid($pid, 0);
is($?, 0, 'the daemon ends well');
kill 'KILL', $watcher;
waitpid($watcher, 0);

open(my $f, '<', $log) or die $!;
my (@delays, $exists);
while (<$f>) {
	my ($at, $what) = split;
	if ($what eq 'exists') {
		$exists //= $at;
	} elsif (defined $exists) {
		push @delays, $at - $exists;
		undef $exists;
	}
}
close($f) or die $!;
@delays = sort {$a <=> $b} @delays;
@delivery = sort {$a <=> $b} @delivery;
cmp_ok(scalar(@delays), '>=', 20, 'all were told of by the server');
# Where others want the processor and the disk too, slow ones say nothing of us.
cmp_ok($delays[@delays * 3 / 4], '<', 1,
	'three times of four, from EXISTS to COMMIT it takes less than a second');
cmp_ok($delays[-2], '<', 10, '... and hardly ever much longer');
diag(sprintf('EXISTS to COMMIT: median %.3f s, worst %.3f s; from delivery: ' .
	'median %.3f s, worst %.3f s', $delays[@delays / 2], $delays[-1],
	$delivery[@delivery / 2], $delivery[-1]));

# ---- Two daemons on one mailbox ----

# Both at once; how each of them ended.
sub together {
	my (@two) = @_;
	my @pids = map {
		my $box = $_;
		my $child = fork // die $!;
		if (!$child) {
			my ($status, $text) = $box->drain($now);
			print STDERR $text if $status != 0;
			POSIX::_exit($status);
		}
		$child;
	} @two;
	return map { waitpid($_, 0); $? >> 8 } @pids;
}

sub all_disposed_of {
	my ($name, $processed, $unrecognised) = @_;
	is($server->count(''), 0, "$name: the folder is empty");
	# Two MOVEs at once may leave two copies: Dovecot links, then removes.
	cmp_ok($server->count('Processed') - $processed, '>=', 240,
		"$name: no report is lost");
	cmp_ok($server->count('Unrecognised') - $unrecognised, '>=', 20,
		"$name: nor one of the others");
	return;
}

my @moved = ($server->count('Processed'), $server->count('Unrecognised'));
$server->deliver(@$_) for @messages;
my $one = Dsnd->on($server);
my $two = Dsnd->on($server, database => $one->database);
is_deeply([together($one, $two)], [0, 0], 'two daemons, one database');
all_disposed_of('two daemons, one database', @moved);
ok($one->dump($now) eq $expected, '... and the result is that of one');

@moved = ($server->count('Processed'), $server->count('Unrecognised'));
$server->deliver(@$_) for @messages;
my @two = map { Dsnd->on($server) } 1 .. 2;
is_deeply([together(@two)], [0, 0], 'two daemons, a database each');
all_disposed_of('two daemons, a database each', @moved);
my %seen = map { $_ => 1 } map { $_->dump($now) =~ /^(\["message".*)$/mg } @two;
is(scalar(keys %seen), 260, '... and each message is in one of them');

# ---- Several folders ----

$server->deliver(@$_) for @messages[0 .. 99];
$one = Dsnd->on($server, processed => '"move:Second"', unrecognised => '"move:Second"');
($one->drain($now))[0] == 0 or die;
$server->deliver(@$_) for @messages[100 .. 259];
$d = Dsnd->on($server, folders => '[ "INBOX", "Second" ]');
@moved = ($server->count('Processed'), $server->count('Unrecognised'));
my ($status, $text) = $d->drain($now);
is($status, 0, 'several folders: drained') or diag($text);
is($server->count('Second'), 0, 'several folders: the second is empty');
all_disposed_of('several folders', @moved);
ok($d->dump($now) eq $expected, '... and the result is that of one');

# ---- What a server says before it goes ----

$listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die $!;
my $host = fork // die $!;
if (!$host) {
	while (my $client = $listener->accept) {
		print $client "* BYE closed for the night\r\n";
		close($client);
	}
	POSIX::_exit(0);
}
$d = Dsnd->on($server, tls => '"none"', port => $listener->sockport);
$pid = $d->start;
my $shown = '';
ok(Dsnd::await(sub {
		(undef, $shown) = $d->run('sh', '-c', 'exec "$0" "$@" 2>/dev/null',
			"$Dsnd::build/dsnctl", 'status', '-c', $d->config);
		return $shown =~ /closed for the night/;
	}), 'status shows what the server said') or diag($shown);
kill 'TERM', $pid;
waitpid($pid, 0);
kill 'KILL', $host;
waitpid($host, 0);

# ---- Told to stop while a server is silent ----

$listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die $!;
$d = Dsnd->on($server, tls => '"none"', port => $listener->sockport);
$pid = $d->start;
my $silent = $listener->accept or die $!;
kill 'TERM', $pid;
waitpid($pid, 0);
is($?, 0, 'it ends well');
open(my $said, '<', $d->home . '/log') or die $!;
unlike(join('', <$said>), qr/^dsnd: mailbox/m, '... and blames nobody for it in the log');
(undef, $shown) = $d->ctl('status');
unlike($shown, qr/error/, '... nor in the status');

done_testing();
