#!/usr/bin/perl
# Start-up of dsnctl check, and one address among 1e4 and 1e7 suppressions.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $runs = 200;

sub database {
	my ($rows) = @_;
	my $home   = folder();
	my $config = configure($home);
	mkdir "$home/Maildir$_" for '', '/new', '/cur', '/tmp';
	system( "$build/dsnd", '-c', $config, '--once' ) == 0 or die;
	open my $sql, '|-', "sqlite3 $home/dsnd.db >/dev/null" or die "sqlite3: $!\n";
	print $sql "PRAGMA synchronous = OFF; BEGIN;\n",
	  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n\n",
	  "WHERE i < $rows) INSERT INTO address (id, folded, written, domain)\n",
	  "SELECT i, printf('u%08d\@example.net', i),\n",
	  "printf('u%08d\@example.net', i), 'example.net' FROM n;\n",
	  "INSERT INTO address_state (address, allowed) SELECT id, 0\n",
	  "FROM address WHERE id <= $rows;\n",
	  "INSERT INTO suppression (address, n, stream, class, reason,\n",
	  "source, evidence, hits, since) SELECT id, 0, '', 'hard',\n",
	  "'user_unknown', 'import', 'unproved', 1, 1790000000 FROM address\n",
	  "WHERE id <= $rows;\n",
	  "COMMIT; PRAGMA wal_checkpoint(TRUNCATE);\n";
	close $sql or die "sqlite3 failed\n";
	return $home;
}

# CPU and wall seconds of one run among many, a shell's fork included.
sub each_run {
	my ($command) = @_;
	my ( $cpu, $wall ) = measure( 'sh', '-c',
		"i=0; while [ \$i -lt $runs ]; do i=\$((i + 1)); $command; "
		  . 'done >/dev/null; true' );
	return ( $cpu / $runs, $wall / $runs );
}

my %took;
my ($floor) = each_run('/bin/true');
printf "/bin/true: %.2f ms CPU, a shell's fork included\n", $floor * 1e3;
for my $rows ( 10_000, $ENV{BENCH_ROWS} || 10_000_000 ) {
	my $home = database($rows);
	my ( $cpu, $wall ) = each_run( "\"$build/dsnctl\" check --db "
		  . "$home/dsnd.db \"\$(printf 'u%08d' \$((i * 37)))\@example.net\"" );

	$took{$rows} = $cpu;
	printf "dsnctl check among %8d: %.2f ms CPU, %.2f ms wall, all included; "
	  . "%.1f times /bin/true; aim 5 ms\n", $rows, $cpu * 1e3, $wall * 1e3,
	  $cpu / $floor;
}
my ( $few, $many ) = sort { $a <=> $b } keys %took;
printf "check among %d: %.2f times what it costs among %d; aim 2.00\n", $many,
  $took{$many} / $took{$few}, $few;
