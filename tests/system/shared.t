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
# What has been reached, in per cent, with half a point of room: recipient
# files, precision and recall of recipients, status, hard recall, reason.
my %least = (
	dev  => [97.6, 99.1, 97.6, 96.7, 92.2, 92.8],
	made => [99.5, 99.5, 99.5, 99.2, 99.5, 98.8],
);
my @what = ('recipient files', 'precision', 'recall', 'status', 'hard recall',
	'reason');

for my $name (sort keys %least) {
	my $status = system("$Dsnd::build/dsnctl classify --json " .
			"'$corpora/$name' >'$work/$name.jsonl'");
	is($status, 0, "$name: classify succeeds");
	my $json = qx(python3 '$corpora/score.py' '$corpora/$name/truth.jsonl' \\
		'$work/$name.jsonl' --json);
	my $c = decode_json($json);
	is($c->{noout} // 0, 0, "$name: every message has output");
	is($c->{fs} // 0, 0, "$name: no false suppression");
	is($c->{nbfalse} // 0, 0, "$name: no other mail is taken for a failure");
	my @got = ($c->{rfok} / $c->{rf}, $c->{tp} / ($c->{tp} + ($c->{fp} // 0)),
		$c->{tp} / ($c->{tp} + ($c->{fn} // 0)), $c->{stok} / $c->{st},
		$c->{htok} / $c->{ht}, $c->{reok} / $c->{re});
	cmp_ok(100 * $got[$_], '>=', $least{$name}[$_],
		sprintf('%s: %s %.1f %%', $name, $what[$_], 100 * $got[$_]))
		for 0 .. $#got;
}

# A rule of ours that names no page has decided mail of two senders here. The
# words of other languages are what a native reader expects, met or not.
my (%named, %file, %senders);
for my $path (glob("$Dsnd::top/conf/rules/*.conf")) {
	open(my $in, '<', $path) or die "$path: $!";
	my $text = do { local $/ = undef; <$in> };
	my ($base) = $path =~ m{([^/]+)$};
	my $all = $text =~ /^source = /m;
	while ($text =~ /^([a-z0-9-]+): \{(.*?)^\};|^([a-z0-9-]+): \{(.*)\};$/gms) {
		my ($name, $body) = ($1 // $3, $2 // $4);
		($named{$name}, $file{$name}) = ($all || $body =~ /source = /, $base);
	}
}
for my $name (sort keys %least) {
	open(my $in, '<', "$work/$name.jsonl") or die $!;
	while (my $line = <$in>) {
		for my $r (@{decode_json($line)->{recipients}}) {
			my $host = lc($r->{remote} || $r->{address} =~ s/.*@//r);
			$host =~ s/[\s,;].*//;
			$host =~ s/.*?([^.]+\.[^.]+)$/$1/ if $host !~ /^[\[\d]/;
			$senders{$r->{rule}}{$host} = 1 if $r->{rule};
		}
	}
}
my @bare = grep { !$named{$_} && keys %{$senders{$_} // {}} < 2 }
	sort keys %file;
is_deeply([grep { $file{$_} !~ /languages/ } @bare], [],
	'every rule names its source or has decided mail of two senders');
cmp_ok(scalar(@bare), '<=', 20, 'of the rules in other languages most do not');
done_testing();
