#!/usr/bin/perl
# The sum of PSS over all processes while a Maildir is drained, at 10, 50 and
# 100 percent of it, and how fast that went. BENCH_DRAIN messages: 100000; with
# 1000000 it takes some minutes and 10 GB.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $count = $ENV{BENCH_DRAIN} || 100_000;
my $home  = folder();
system( $bench, 'maildir', $corpus, $count, "$home/Maildir" ) == 0 or die;
my $config = configure($home);

sub family {
	my ($pid) = @_;
	my @all = ($pid);
	for my $task ( glob "/proc/$pid/task/*/children" ) {
		open my $in, '<', $task or next;
		push @all, map { family($_) } split ' ', <$in> // '';
	}
	return @all;
}

sub pss_kib {
	my ($pid) = @_;
	my $sum = 0;
	for my $one ( family($pid) ) {
		open my $in, '<', "/proc/$one/smaps_rollup" or next;
		while (<$in>) { $sum += $1 if /^Pss:\s+(\d+)/ }
	}
	return $sum;
}

sub drained {
	my $db = "file:$home/dsnd.db?mode=ro";
	my $n  = `sqlite3 '$db' 'SELECT max(id) FROM message' 2>/dev/null`;
	return $n =~ /(\d+)/ ? $1 : 0;
}

my $start = time;
my $pid   = fork // die "fork: $!\n";
local $| = 1;
if ( !$pid ) { exec "$build/dsnd", '-c', $config, '--once' or die }
my ( $peak, @marks ) = ( 0, 0.1, 0.5 );
while ( waitpid( $pid, 1 ) == 0 ) {
	my $now = pss_kib($pid);
	$peak = $now if $now > $peak;
	if ( @marks && drained() >= $marks[0] * $count ) {
		printf "peak PSS at %3d %%: %.1f MiB, %d s\n",
		  100 * shift @marks, $peak / 1024, time - $start;
	}
	select undef, undef, undef, 0.2;
}
die "dsnd failed\n" if $?;
printf "peak PSS at 100 %%: %.1f MiB, %d s for %d messages, %d a second; "
  . "aim 64 MiB\n", $peak / 1024, time - $start, $count,
  $count / ( time - $start || 1 );
