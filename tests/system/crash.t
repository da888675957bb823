#!/usr/bin/perl
# dsnd is killed again and again while it works, and started again: what it
# knows in the end is what an undisturbed run knows, and no file is lost.
# KILLS says how often, KILL_MAIL a folder of messages to do it with;
# KILL_SEED makes the same choices again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use POSIX qw(setpgid);
use Test::More;

my $now   = '2026-11-20T12:00:00Z';
my $kills = $ENV{KILLS} || 30;
my $seed  = $ENV{KILL_SEED} || 20261122;
srand($seed);
my @messages = $ENV{KILL_MAIL} ? Messages::below($ENV{KILL_MAIL})
	: Messages::many($kills * 12);
my $stride = @messages / $kills;
# Small batches: many moments between recording and disposing.
my $extra = 'daemon = { batch_messages = 3; };';

sub home_with_all {
	my $d = Dsnd->new(extra => $extra);
	my $i = 0;
	$d->deliver($_->[0], at => $_->[1], name => sprintf('%05d.mail', $i++))
		for @messages;
	return $d;
}

sub names {
	my ($d, $folder) = @_;
	opendir(my $dir, $d->home . "/bounces/$folder") or return;
	my @names = grep { !/^\./ } readdir $dir;
	return @names;
}

# Messages that were disposed of: it moves while work is in progress.
sub progress {
	my ($d) = @_;
	return scalar(my @n = map { names($d, "$_/cur") }
			'.Processed', '.Unrecognised');
}

sub disposed {
	my ($d) = @_;
	return join("\n", map { my $f = $_; map { "$f/$_" } sort(names($d, "$f/cur")) }
			'.Processed', '.Unrecognised');
}

sub start {
	my ($d) = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		setpgid(0, 0);
		open(STDERR, '>', '/dev/null');
		exec("$Dsnd::build/dsnd", '-c', $d->config, '--once', '--now', $now)
			or POSIX::_exit(127);
	}
	setpgid($pid, $pid);
	return $pid;
}

sub pause {
	select(undef, undef, undef, $_[0]);
	return;
}

# Kills it once it has done a few messages more; 0 where it was done before.
sub kill_in_progress {
	my ($d) = @_;
	my $from = progress($d);
	my $want = $from + int(rand(0.75 * $stride));
	my $pid = start($d);
	my $pause = rand(0.004);
	while (progress($d) <= $want) {
		return 0 if waitpid($pid, POSIX::WNOHANG()) == $pid;
		pause(0.0005);
	}
	# Somewhere in the batch that follows.
	pause($pause);
	kill('KILL', -$pid);
	waitpid($pid, 0);
	return 1;
}

my $calm = home_with_all();
$calm->once($now);
my $dump = $calm->dump($now);
my $files = disposed($calm);

my $victim = home_with_all();
my $done = 0;
while ($done < $kills && names($victim, 'new')) {
	$done++ if kill_in_progress($victim);
}
note("seed $seed, killed $done times");
cmp_ok($done, '>=', $kills / 2, 'it was killed in the middle of its work');
$victim->once($now);
is($victim->dump($now), $dump, 'it knows what an undisturbed run knows');
is(join(' ', names($victim, 'new')), '', 'the mailbox is empty');
is(disposed($victim), $files,
	'no file is lost, and none is there twice');
my @left = $victim->ctl_json('status');
is($left[0]{mailboxes} ? $left[0]{mailboxes}[0]{disposal_due} : 0, 0,
	'nothing is left to be disposed of');
done_testing;
