#!/usr/bin/perl
# What each stage costs, and parse-and-judge against bare libetpan. All of them
# take turns, some hundred messages each: what else the machine does meanwhile
# is done to all alike, and the median of the turns' ratios hardly notices it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $count = $ENV{BENCH_COUNT} || 10000;
my $home  = folder();
my %cpu;
$ENV{BENCH_PARSE} = "$build/dsnd-parse";
open my $run, '-|', $bench, 'stages', $corpus, $count, $home
  or die "bench: $!\n";
print "stages, $count messages; us a message CPU      wall\n";
while (<$run>) {
	my ( $name, $cpu, $wall, $does ) = split ' ', $_, 4;
	$cpu{$name} = $cpu;
	printf "  %-9s %26.1f %9.1f  %s", $name, $cpu, $wall, $does if $does;
}
close $run or die "bench: failed\n";
printf "parse and judge, jailed: %.2f of bare libetpan per CPU second "
  . "(median of turns), %.2f (all of them); aim 0.50\n", $cpu{ratio},
  $cpu{libetpan} / ( $cpu{jail} + $cpu{judge} );
