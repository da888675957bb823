#!/usr/bin/perl
# Every message of tests/corpus, read by the real dsnctl through the jail,
# gives what its .expect says: the kind, then a line a recipient with address,
# action, status, reason, class and effect, "-" for what there is none of.
use strict;
use warnings;
use utf8;
use FindBin;
use JSON::PP;
use Test::More;

my $build  = $ENV{BUILD} || "$FindBin::Bin/../../build";
my $corpus = "$FindBin::Bin/../corpus";
binmode(STDOUT, ':utf8');
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);

my %got;
open(my $run, '-|', "$build/dsnctl", 'classify', '--json', $corpus)
	or die "dsnctl: $!";
while (my $line = <$run>) {
	my $message = decode_json($line);
	next unless $message->{file} =~ m{([^/]+)\.eml$};
	$got{$1} = $message;
}
close($run);
is($?, 0, 'classify succeeds');

for my $path (glob("$corpus/*.eml")) {
	my ($name) = $path =~ m{([^/]+)\.eml$};
	open(my $expect, '<:utf8', "$corpus/$name.expect")
		or die "$corpus/$name.expect: $!";
	my $want = join('', <$expect>);
	my $text = ($got{$name}{kind} // 'nothing') . "\n";
	for my $r (@{$got{$name}{recipients} // []}) {
		my @cells = map { defined $_ && $_ ne '' ? $_ : '-' }
			@$r{qw(address action status reason class effect)};
		$text .= join(' ', @cells) . "\n";
	}
	is($text, $want, $name);
}
done_testing();
