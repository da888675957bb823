#!/usr/bin/perl
# One message that makes trouble stops nobody else's: what readers die of goes
# to the quarantine unread, and a file that can neither be moved nor removed
# stays, while the rest goes on; both are told.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
$ENV{ASAN_OPTIONS} = join(':', $ENV{ASAN_OPTIONS} // (),
	'verify_asan_link_order=0');

sub troubled {
	my ($what, $word, $code) = @_;
	local $ENV{"DSND_$what"} = $word;
	local $ENV{LD_PRELOAD} = "$Dsnd::build/tests/preload/poison.so";
	return $code->();
}

sub deliver {
	my ($d, $who) = @_;
	return $d->deliver(Dsnd::dsn(to => "$who\@example.net", status => '5.1.1',
			mid => $who, diagnostic => "550 5.1.1 <$who\@example.net>: "
				. 'no such user'),
		at => Dsnd::epoch('2026-11-02 10:00:00'), name => "$who.mail");
}

sub log_of {
	my ($d) = @_;
	open(my $f, '<', $d->home . '/log') or die $!;
	local $/ = undef;
	return <$f>;
}

sub there {
	my ($d) = @_;
	return join(' ', map { s{.*/}{}r } glob($d->home . '/bounces/{new,cur}/*'));
}

sub stop {
	my ($pid) = @_;
	kill('TERM', $pid);
	waitpid($pid, 0);
	return $?;
}

# ---- Readers die of it ----

my $d = Dsnd->new(extra => 'daemon = { restart_most = "1s"; };');
deliver($d, $_) for qw(ann bad cid dan);
my $pid = troubled(POISON => 'bad@example.net', sub { $d->start('--now', $now) });
ok(Dsnd::await(sub { there($d) eq '' }),
	'the mailbox is emptied though readers die of one message in it')
	or diag(log_of($d));
my $said = log_of($d);
like($said, qr/mailbox bounces: its process was ended by signal 6/,
	'the log tells that a reader died');
like($said, qr/died 3 times of the same message, which goes to the quarantine/,
	'... and that the message was given up');
deliver($d, 'eve');
ok(Dsnd::await(sub { there($d) eq '' }), 'what comes later is read');
is(stop($pid), 0, 'it ends when told to');
my ($status, $text) = $d->ctl('quarantine', 'list');
like($text, qr/several times/, 'the quarantine says why');
is_deeply([map { $d->suppressed("$_\@example.net", $now) }
		qw(ann bad cid dan eve)], [1, 0, 1, 1, 1],
	'every other message got its verdict');
ok(-e $d->home . '/bounces/.Unrecognised/cur/bad.mail:2,S',
	'the message lies with what nobody could read');

# ---- Readers die while they read the next one ----

$d = Dsnd->new(extra => 'daemon = { restart_most = "1s"; };');
deliver($d, $_) for qw(ann bad);
$pid = troubled(UNREAD => 'bad.mail', sub { $d->start('--now', $now) });
ok(Dsnd::await(sub {
	-s $d->home . '/log' && 5 < (() = log_of($d) =~ /ended by signal 6/g)
}), 'readers die of a file that cannot be read') or diag(log_of($d));
unlike(log_of($d), qr/died 3 times/, 'no message is given up for it');
is(stop($pid), 0, 'it ends when told to');
is(there($d), 'bad.mail', 'the message before it was taken');
is($d->suppressed('ann@example.net', $now), 1, '... and judged');

# ---- It cannot be disposed of ----

$d = Dsnd->new;
deliver($d, $_) for qw(ann bad cid);
($status, $text) = troubled(STUCK => 'bad.mail',
	sub { $d->drain($now) });
is($status, 1, 'dsnd --once says that something is left');
like($text, qr{cannot move new/bad\.mail: Operation not permitted; it stays},
	'and which file it is');
is(there($d), 'bad.mail', 'the others are done with');
my ($told) = $d->ctl_json('status', '--now', $now);
is($told->{mailboxes}[0]{disposal_due}, 1, 'status: one is to be disposed of');
is($told->{mailboxes}[0]{backlog}, 1, 'status: one is left');
like($told->{mailboxes}[0]{last_error},
	qr/messages that could not be disposed of: 1/, 'status tells why');

$pid = troubled(STUCK => 'bad.mail', sub { $d->start('--now', $now) });
my $reader = sub {
	my @found = `ps -o pid= --ppid $pid`;
	return join(' ', @found);
};
ok(Dsnd::await(sub { -s $d->home . '/log' && log_of($d) =~ /it stays/ }),
	'the daemon tells of it too') or diag(log_of($d));
my $before;
ok(Dsnd::await(sub { 2 == (() = ($before = $reader->()) =~ /\d+/g) }),
	'a reader and the housekeeping run');
deliver($d, 'dan');
ok(Dsnd::await(sub { there($d) eq 'bad.mail' }), 'new mail is read');
is($reader->(), $before, 'by the same process: no reader ended');
is(stop($pid), 0, 'it ends when told to');
($status) = $d->drain($now);
is($status, 0, 'once it can be moved nothing is left');
is(there($d), '', 'and the mailbox is empty');
($told) = $d->ctl_json('status', '--now', $now);
is($told->{mailboxes}[0]{disposal_due}, 0, 'nothing is due any more');
is($told->{messages}, 4, 'each message counts once');

done_testing;
