#!/usr/bin/perl
# Half of 100,000 verdicts are taken back: what is left is what a database has
# that never had them. Killed at any point, an undo has changed nothing.
# VERDICTS says how many, KILLS how often.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(time sleep);

my $n     = $ENV{VERDICTS} || 100_000;
my $kills = $ENV{KILLS} || 5;
my $home  = tempdir('dsnd-test.XXXXXX', TMPDIR => 1, CLEANUP => 1);
my @now   = ('--now', '2026-12-01');
my ($all, $good, $work) = map { "$home/$_.db" } qw(all good work);

sub dsnctl {
	my ($command, $db, @args) = @_;
	open(my $out, '-|', "$Dsnd::build/dsnctl", $command, '--db', $db, @now,
		@args) or die $!;
	local $/ = undef;
	my $text = <$out>;
	close($out);
	return ($? >> 8, $text);
}

# What the facts amount to; the decisions of the undo are its own.
sub states {
	my ($status, $text) = dsnctl('dump', $_[0]);
	die "dump: $status" if $status;
	return join("\n", grep { !/^\["(?:message|fact|decision)"/ }
			split(/\n/, $text));
}

# All that is in the file, byte by byte.
sub content {
	my $sum = qx(sqlite3 $_[0] .sha3sum);
	die "sqlite3: $?" if $? || !$sum;
	return $sum;
}

# sqlite3 takes a log back into the file and removes it: one file to copy.
sub fresh {
	unlink glob("$work*");
	copy($all, $work) or die $!;
	return;
}

sub fill {
	my ($db, $which) = @_;
	system("$Dsnd::build/tests/tools/verdicts", $db, 0, $n, $which) == 0
		or die "verdicts: $?";
	content($db);
	return;
}

fill($all, 'all');
fill($good, 'good');
my ($before, $states, $want) = (content($all), states($all), states($good));
isnt($states, $want, 'the bad half made a difference');
my ($status, $text) = dsnctl('verify', $all);
is($text, "everything is as it should be\n", "verify finds nothing in $n");

fresh();
my @undo = ('undo', $work, '--mailbox', 'bad', '--reason', 'half was bad');
my $start = time;
($status, $text) = dsnctl(@undo);
my $took = time - $start;
my $half = $n / 2;
like($text, qr/^undone: $half verdicts/, 'half of them are undone');
note(sprintf('it took %.1f s', $took));
ok(states($work) eq $want, 'what is left is as if they had never been');
($status, $text) = dsnctl('verify', $work);
is($text, "everything is as it should be\n", 'verify finds nothing');
my $done = content($work);
($status) = dsnctl(@undo, '--end');
is($status, 0, 'the undo is taken back');
ok(states($work) eq $states, 'and everything is as it was');

# Each point again until it is met: it goes faster where others have ended.
my ($middle, $tries) = (0, 0);
while ($middle < $kills && $tries++ < 4 * $kills) {
	my $k = $middle + 1;
	fresh();
	my $pid = fork // die $!;
	if (!$pid) {
		open(STDOUT, '>', '/dev/null');
		exec("$Dsnd::build/dsnctl", $undo[0], '--db', @undo[1 .. $#undo],
			@now) or die $!;
	}
	sleep($took * $k / ($kills + 1));
	kill('KILL', $pid);
	waitpid($pid, 0);
	# It was faster this time, though it may have had yet to exit.
	my $found = $? == 9 ? content($work) : $done;
	if ($found eq $done) {
		$took = 0.8 * $took;
		next;
	}
	$middle++;
	ok($found eq $before, "killed at point $k it has changed nothing");
}
is($middle, $kills, 'it was killed in the middle');
done_testing();
