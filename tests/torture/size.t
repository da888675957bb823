#!/usr/bin/perl
# A large database: dsnd starts in under a second, an address is found at once,
# and housekeeping never keeps another writer waiting for a second, while there
# is as much to expire and to delete as there can be. SIZE_ADDRESSES (100000;
# the aim is 10000000, which takes half an hour and 25 GB) have three verdicts
# each.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;
use Time::HiRes qw(time sleep);

my $addresses = $ENV{SIZE_ADDRESSES} || 100_000;
my $seconds   = $ENV{SIZE_SECONDS} || 10;
my $now       = 1795000000;
my $d         = Dsnd->new(extra => 'log_level = "info";');
# Retention believes a clock that has gone on for a day.
$d->once('@' . ($now - $_)) for 90_000, 45_000;
is(system("$Dsnd::top/tests/bench/fill", $d->database, $addresses,
	3 * $addresses, $now), 0, "$addresses addresses are there");
# Without the sums of hours and campaigns, which nothing here asks for.
$d->unsound;

# Starts dsnd; seconds until it is ready, and its process.
sub start {
	my ($at) = @_;
	my $began = time;
	my $pid = open(my $said, '-|') // die $!;
	if (!$pid) {
		open(STDERR, '>&', \*STDOUT);
		exec("$Dsnd::build/dsnd", '-c', $d->config, '--foreground', '--now',
			$at) or die $!;
	}
	while (<$said>) {
		last if /is ready/;
	}
	return ($pid, time - $began, $said);
}

sub stop {
	my ($pid, $said) = @_;
	kill 'TERM', $pid;
	1 while <$said>;
	close($said);
	return;
}

my ($pid, $ready, $said) = start('@' . ($now - 44_000));
stop($pid, $said);
cmp_ok($ready, '<', 1, sprintf('ready after %.2f s', $ready));

my $began = time;
is($d->suppressed('u00000007@d00000.example', '@' . ($now - 200 * 86400)), 1,
	'a suppressed address is');
cmp_ok(time - $began, '<', 0.5, sprintf('found in %.3f s', time - $began));

# A second writer, which asks again and again.
($pid, $ready, $said) = start('@' . $now);
my ($worst, $tries) = (0, 0);
my $end = time + $seconds;
while (time < $end) {
	my $from = time;
	system("sqlite3 -cmd '.timeout 30000' '" . $d->database .
			"' 'BEGIN IMMEDIATE; ROLLBACK;'") == 0 or die;
	my $waited = time - $from;
	$worst = $waited if $waited > $worst;
	$tries++;
	sleep(0.01);
}
stop($pid, $said);
cmp_ok($worst, '<', 1, sprintf(
	'the longest wait for the write lock was %.3f s of %d tries', $worst,
	$tries));
my $left = qx(sqlite3 '@{[ $d->database ]}' 'SELECT count(*) FROM fact');
cmp_ok($left, '<', 3 * $addresses, sprintf('%d verdicts were forgotten',
	3 * $addresses - $left));
done_testing();
