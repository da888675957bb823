#!/usr/bin/perl
# A reader that hangs is noticed by its silence, killed and replaced.
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
	'daemon = { reader_deadline = "10s"; }; parser = { deadline = "1s"; };');

sub until_true {
	my ($test) = @_;
	my $end = time + 60;
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
open(my $f, '<', "/proc/$pid/task/$pid/children") or die $!;
my @children = split ' ', <$f>;
is(scalar(@children), 2, 'a reader and the housekeeping run');
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

done_testing;
