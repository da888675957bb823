#!/usr/bin/perl
# The whole road, Maildir to committed rows and moved files, by the real dsnd,
# against its floors: bare parse, bare inserts of the same rows, bare reading,
# bare moving of the same files; and against those that it has to do one after
# the other, together. Road and floors take turns, and the median of the turns'
# ratios counts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $count = $ENV{BENCH_COUNT} || 10000;
my $turns = $ENV{BENCH_TURNS} || 5;
# Soon after the last of the messages arrived: see bench.h.
my $now = '@' . ( 1790000000 + 30 * $count + 60 );
my ( %cost, %ratio );

sub median {
	my @sorted = sort { $a <=> $b } @_;
	return $sorted[ @sorted / 2 ];
}

# Seconds of CPU and wall, from what the measuring program says of itself.
sub said {
	my (@command) = @_;
	open my $run, '-|', $bench, @command or die "bench: $!\n";
	my @seconds = map { $_ * $count / 1e6 } split ' ', <$run>;
	close $run or die "@command: failed\n";
	return \@seconds;
}

sub turn {
	my $home = folder();
	my ( $road, $floor ) = ( "$home/road", "$home/floor" );
	my %took;
	mkdir $_ or die "$_: $!\n" for $road, $floor;
	# Both write to a database that is there.
	for my $home ( $road, $floor ) {
		mkdir "$home/Maildir$_" for '', '/new', '/cur', '/tmp';
		system( "$build/dsnd", '-c', configure($home), '--now', $now, '--once' ) == 0
		  or die;
	}
	system( $bench, 'maildir', $corpus, $count, "$_/Maildir" ) == 0 or die
	  for $road, $floor;

	$took{'every byte once'} = [ measure( 'sh', '-c', "$bench read $road/Maildir/new >/dev/null" ) ];
	$took{'bare libetpan'} = said( 'floor', 'libetpan', $corpus, $count );
	$took{'the whole road'} =
	  [ measure( "$build/dsnd", '-c', "$road/dsnd.conf", '--now', $now, '--once' ) ];
	$took{'bare inserts'} = said( 'rows', "$road/dsnd.db", "$floor/dsnd.db",
		$count, int( ( $count + 99 ) / 100 ) );
	$took{'bare moves'} =
	  said( 'move', "$floor/Maildir/new", "$floor/Maildir/.Processed/cur" );
	for my $i ( 0, 1 ) {
		$took{'parse, inserts and moves'}[$i] += $took{$_}[$i]
		  for 'bare libetpan', 'bare inserts', 'bare moves';
	}
	for my $name ( keys %took ) {
		push @{ $cost{$name}[$_] },  $took{$name}[$_] for 0, 1;
		push @{ $ratio{$name}[$_] }, $took{$name}[$_] / $took{'the whole road'}[$_]
		  for 0, 1;
	}
	return;
}

turn() for 1 .. $turns;
show( $_, $count, map { median(@$_) } @{ $cost{$_} } )
  for 'every byte once', 'bare libetpan', 'bare inserts', 'bare moves',
  'the whole road';
delete $ratio{'the whole road'};
my $together = delete $ratio{'parse, inserts and moves'};
for my $clock ( 0, 1 ) {
	my ($slowest) = sort { median( @{ $ratio{$b}[$clock] } ) <=>
		  median( @{ $ratio{$a}[$clock] } ) } keys %ratio;
	printf "the whole road: %.2f of %s by %s; aim 0.50\n",
	  median( @{ $ratio{$slowest}[$clock] } ), $slowest,
	  $clock ? 'wall' : 'CPU';
	printf "the whole road: %.2f of parse, inserts and moves together by %s\n",
	  median( @{ $together->[$clock] } ), $clock ? 'wall' : 'CPU';
}
