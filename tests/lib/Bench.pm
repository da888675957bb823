# What the benchmarks share: a folder of their own, and the processor's time of
# what they run. Figures only; nothing here passes or fails.
package Bench;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Time::HiRes qw(time);

our @EXPORT = qw($build $corpus $bench folder measure configure show);
our $top    = abs_path( dirname(__FILE__) . '/../..' );
our $build  = abs_path( $ENV{BUILD} || "$top/build" );
our $corpus = $ENV{BENCH_CORPUS} || "$top/tests/corpus";
our $bench  = "$build/tests/bench";

sub folder { return tempdir( 'dsnd-bench.XXXXXX', TMPDIR => 1, CLEANUP => 1 ) }

# Runs a command; its user and system seconds, its children's too, and wall.
sub measure {
	my (@command) = @_;
	my ( $user, $system ) = ( times() )[ 2, 3 ];
	my $start = time;
	system(@command) == 0 or die "@command: failed\n";
	my $wall = time - $start;
	my ( $user2, $system2 ) = ( times() )[ 2, 3 ];
	return ( $user2 - $user + $system2 - $system, $wall );
}

sub configure {
	my ($home) = @_;
	open my $f, '>', "$home/dsnd.conf" or die "$home: $!\n";
	print $f <<"END";
database = "$home/dsnd.db";
log_level = "warning";
mailboxes = ( { name = "bench"; type = "maildir"; path = "$home/Maildir";
	processed = "move:.Processed"; unrecognised = "move:.Unrecognised"; } );
END
	close $f or die "$home: $!\n";
	return "$home/dsnd.conf";
}

sub show {
	my ( $name, $count, $cpu, $wall ) = @_;
	printf "%-26s %9.1f us CPU %9.1f us wall a message\n", $name,
	  $cpu / $count * 1e6, $wall / $count * 1e6;
	return;
}

1;
