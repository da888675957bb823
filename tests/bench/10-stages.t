#!/usr/bin/perl
# What each stage costs, and parse-and-judge against bare libetpan.
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
print "stages, $count messages; us a message    CPU      wall\n";
while (<$run>) {
	my ( $kind, $name, $cpu, $wall, $does ) = split ' ', $_, 5;
	printf "  %-6s %-9s %19.1f %9.1f  %s", $kind, $name, $cpu, $wall, $does;
	$cpu{$name} = $cpu;
}
close $run or die "bench: failed\n";
printf "parse and judge, jailed: %.2f of bare libetpan per CPU second; "
  . "aim 0.50\n", $cpu{libetpan} / ( $cpu{jail} + $cpu{judge} );
