#!/usr/bin/perl
# dsnd is killed again and again while it works and mail arrives, whole or one
# of its processes, and started again: what it knows in the end is what an
# undisturbed run knows, and no file is lost.
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
use Time::HiRes qw(time);

my $now   = '2026-11-20T12:00:00Z';
my $kills = $ENV{KILLS} || 30;
my $seed  = $ENV{KILL_SEED} || 20261122;
srand($seed);
my @messages = $ENV{KILL_MAIL} ? Messages::below($ENV{KILL_MAIL})
	: Messages::many($kills * 24);
# Where files cost nothing, dsnd may be done before it is looked at: there is
# mail for twice as many moments.
my $stride = @messages / $kills / 2;
# Small batches: many moments between recording and disposing.
my $batch = 3;
my $extra = "daemon = { batch_messages = $batch; };";
my $there = 0; # messages that were delivered to the victim
my $each;      # seconds that one takes on this machine, undisturbed

sub home_with_all {
	my $d = Dsnd->new(extra => $extra);
	deliver($d, $_) for 0 .. $#messages;
	return $d;
}

sub deliver {
	my ($d, $i) = @_;
	$d->deliver($messages[$i][0], at => $messages[$i][1],
		name => sprintf('%05d.mail', $i));
	return;
}

sub names {
	my ($d, $folder) = @_;
	opendir(my $dir, $d->home . "/bounces/$folder") or return;
	my @names = grep { !/^\./ } readdir $dir;
	return @names;
}

# Messages that were disposed of, told by the few that wait.
sub progress {
	my ($d) = @_;
	return $there - names($d, 'new') - names($d, 'cur');
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

# A process below that one which runs such a program, or 0.
sub below {
	my ($pid, $program) = @_;
	my @children = map { split ' ' } map { slurp($_) } glob("/proc/$pid/task/*/children");
	for my $child (@children) {
		return $child if (readlink("/proc/$child/exe") // '') =~ /\/$program$/;
		my $further = below($child, $program);
		return $further if $further;
	}
	return 0;
}

sub slurp {
	open(my $f, '<', $_[0]) or return '';
	local $/ = undef;
	return <$f> // '';
}

# Kills all of it, or one process; true where the supervisor then ends.
sub kill_some {
	my ($pid) = @_;
	my $whom = int(rand(4));
	my $reader = below($pid, 'dsnd');
	my $parser = below($pid, 'dsnd-parse');
	return kill('KILL', -$pid) if $whom == 0;
	return kill('KILL', $pid) if $whom == 1;
	return kill('KILL', $reader) if $whom == 2 && $reader;
	kill('KILL', $parser) if $parser;
	return 0;
}

# Once it has done a few messages more, somewhere in the batch that follows; 0
# where it was done before.
sub moment {
	my ($d, $pid) = @_;
	my $want = progress($d) + int(rand(0.75 * $stride));
	my $pause = rand($batch * $each);
	while (progress($d) <= $want) {
		return 0 if waitpid($pid, POSIX::WNOHANG()) == $pid;
		pause(0.0005);
	}
	pause($pause);
	return 1;
}

my $calm = home_with_all();
my $since = time;
$calm->once($now);
$each = (time - $since) / @messages;
my $dump = $calm->dump($now);
my $files = disposed($calm);

my $victim = Dsnd->new(extra => $extra);
my ($done, $pid) = (0, 0);
while ($done < $kills && ($there < @messages || names($victim, 'new'))) {
	# Mail keeps arriving: always some more than can be done by then.
	my $to = progress($victim) + 3 * $stride;
	deliver($victim, $there++) while $there < @messages && $there < $to;
	$pid ||= start($victim);
	if (!moment($victim, $pid)) {
		$pid = 0;
		next;
	}
	$done++;
	next if !kill_some($pid);
	waitpid($pid, 0);
	$pid = 0;
}
waitpid($pid, 0) if $pid;
deliver($victim, $there++) while $there < @messages;
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
