#!/usr/bin/perl
# The shared corpora of real bounces, where they are present: no message
# without output, no living address condemned, and enough of the rest.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $corpora = "$Dsnd::top/../shared/corpora";
plan(skip_all => "$corpora is not here: the shared corpora were NOT tried")
	unless -d $corpora;

my $work = tempdir(TMPDIR => 1, CLEANUP => 1);
my %least = (dev => 80, made => 75);

for my $name (sort keys %least) {
	my $status = system("$Dsnd::build/dsnctl classify --json " .
			"'$corpora/$name' >'$work/$name.jsonl'");
	is($status, 0, "$name: classify succeeds");
	my $json = qx(python3 '$corpora/score.py' '$corpora/$name/truth.jsonl' \\
		'$work/$name.jsonl' --json);
	my $c = decode_json($json);
	is($c->{noout} // 0, 0, "$name: every message has output");
	is($c->{fs} // 0, 0, "$name: no false suppression");
	my $files = 100 * $c->{rfok} / $c->{rf};
	cmp_ok($files, '>=', $least{$name},
		sprintf('%s: recipients right in %.1f %% of the files', $name, $files));
	note(sprintf('%s: hard recall %.1f %%, reason %.1f %%, non-bounces taken for failures %d',
		$name, 100 * $c->{htok} / $c->{ht}, 100 * $c->{reok} / $c->{re},
		$c->{nbfalse} // 0));
}
done_testing();
