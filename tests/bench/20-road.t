#!/usr/bin/perl
# The whole road, Maildir to committed rows and moved files, by the real dsnd,
# against its floors: bare parse, bare inserts of the same rows, bare reading.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $count = $ENV{BENCH_COUNT} || 10000;
my $home  = folder();
my %cost;

sub took {
	my ( $name, @command ) = @_;
	$cost{$name} = [ measure(@command) ];
	show( $name, $count, @{ $cost{$name} } );
	return;
}

system( $bench, 'maildir', $corpus, $count, "$home/Maildir" ) == 0 or die;
my $config = configure($home);
my $other  = "$home/floor";
mkdir $other or die "$other: $!\n";
my $empty = configure($other);
mkdir "$other/Maildir$_" for '', '/new', '/cur', '/tmp';
system( "$build/dsnd", '-c', $empty, '--once' ) == 0 or die;

took( 'floor: every byte once', 'sh', '-c', "$bench read $home/Maildir/new >/dev/null" );
my @libetpan = split ' ', `$bench libetpan $corpus $count`;
$cost{'floor: bare libetpan'} = [ map { $_ * $count / 1e6 } @libetpan[ 2, 3 ] ];
show( 'floor: bare libetpan', $count, @{ $cost{'floor: bare libetpan'} } );
took( 'the whole road', "$build/dsnd", '-c', $config, '--once' );
took( 'floor: bare inserts', $bench, 'rows', "$home/dsnd.db",
	"$other/dsnd.db", int( ( $count + 99 ) / 100 ) );

my @floors = grep { /^floor/ } keys %cost;
for my $clock ( 0, 1 ) {
	my ($slowest) =
	  sort { $cost{$b}[$clock] <=> $cost{$a}[$clock] } @floors;
	printf "the whole road: %.2f of %s by %s; aim 0.50\n",
	  $cost{$slowest}[$clock] / $cost{'the whole road'}[$clock], $slowest,
	  $clock ? 'wall' : 'CPU';
}
