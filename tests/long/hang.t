#!/usr/bin/perl
# A reader that hangs is noticed by its silence, killed and replaced. Where it
# was at work all the time, and three times over the same message, that goes to
# the quarantine; one that waits says nothing about its message.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;
use Time::HiRes qw(sleep time);

my @messages = Messages::many(2);
my $d = Dsnd->new(mailbox => 'poll = "1d";', extra =>
	'daemon = { reader_deadline = "10s"; }; parser = { deadline = "2s"; };');

sub until_true {
	my ($test) = @_;
	my $end = time + 120;
	while (time < $end) {
		return 1 if $test->();
		sleep(0.05);
	}
	return 0;
}

sub is_taken {
	my ($name) = @_;
	return until_true(sub { -e $d->home . "/bounces/.Processed/cur/$name:2,S" });
}

my $first = $d->deliver($messages[0][0]);
my $pid = fork // die "fork: $!";
if (!$pid) {
	open(STDERR, '>', $d->home . '/log');
	exec("$Dsnd::build/dsnd", '-c', $d->config, '--foreground') or exit 127;
}
ok(is_taken($first), 'the mailbox is read');
my @children;
ok(until_true(sub {
	open(my $f, '<', "/proc/$pid/task/$pid/children") or die $!;
	@children = split ' ', <$f>;
	return @children == 2;
}), 'a reader and the housekeeping run');
kill('STOP', @children);
my $second = $d->deliver($messages[1][0]);
ok(is_taken($second), 'mail is read again though the reader was stopped');
open(my $log, '<', $d->home . '/log') or die $!;
my $said = do { local $/ = undef; <$log> };
like($said, qr/mailbox bounces: gives no sign of life, killed/,
	'the log says that it was killed');
kill('TERM', $pid);
waitpid($pid, 0);
is($?, 0, 'it ends when told to');

# ---- Over one message ----

sub log_of {
	open(my $f, '<', $d->home . '/log') or return '';
	local $/ = undef;
	return <$f> // '';
}

sub hangs {
	my ($how, $until) = @_;
	$d = Dsnd->new(mailbox => 'poll = "1d";', extra => 'daemon = '
			. '{ reader_deadline = "10s"; restart_most = "1s"; }; '
			. 'parser = { deadline = "2s"; };');
	my $name = $d->deliver(Dsnd::dsn(to => 'bad@example.net', mid => 'bad',
			status => '5.1.1', diagnostic => '550 5.1.1 no such user'));
	local $ENV{DSND_HANG} = $how;
	local $ENV{DSND_POISON} = 'bad@example.net';
	local $ENV{LD_PRELOAD} = "$Dsnd::build/tests/preload/poison.so";
	my $child = $d->start;
	# A processor that others want as well may take turns before it is a loop.
	ok(Dsnd::await($until, 400), "$how: readers hang") or diag(log_of());
	kill('TERM', $child);
	waitpid($child, 0);
	my $text = log_of();
	return $text;
}

like(hangs('works', sub { log_of() =~ /died \d+ times/ }),
	qr/died 3 times of the same message/,
	'a message that readers work on without end is given up');
unlike(hangs('waits', sub {
	4 == (() = log_of() =~ /gives no sign of life/g)
}), qr/died 3 times/, 'one that they wait over is not');

done_testing;
