#!/usr/bin/perl
# Every rule of ours names who really says such a thing, in a way that a reader
# can look up, and has an example. The words of other languages may be what a
# native reader expects: then it is better that no source is named than a
# wrong one.
use strict;
use warnings;
use Test::More;

# A whole repository is no page: its file is named.
my $page = qr{https?://(?!github\.com/)[\w.-]+/\S*};
my $file = qr{github\.com/[\w.-]+/[\w.-]+ [\w./-]+};
my $standard = qr{RFC \d+(?: \d+(?:\.\d+)*)?|ITU-T [A-Z]\.\d+};
my $manual = qr{[a-z]+\([1-8]\)};

# The texts of a key: KEY = "...", or KEY = ["...", "..."], over lines.
sub texts {
	my ($key, $where) = @_;
	my ($value) = $where =~ /^\s*(?:.*; )?$key = (.*?);$/ms;
	return ($value // '') =~ /"((?:[^"\\]|\\.)*)"/g;
}

my $rules = 0;
for my $path (glob('conf/rules/*.conf')) {
	open(my $in, '<', $path) or die "$path: $!";
	my $text = do { local $/ = undef; <$in> };
	my ($head) = split(/^[a-z0-9-]+: \{/m, $text, 2);
	my @of_all = texts('source', $head);
	while ($text =~ /^([a-z0-9-]+): \{(?: ([^\n]*) \};$|\n(.*?)^\};$)/gms) {
		my ($name, $body) = ($1, $2 // $3);
		my @sources = texts('source', $body);
		@sources = @of_all unless @sources;
		$rules++;
		fail("$path: $name has no example")
			unless texts('example', $body);
		fail("$path: $name names no source")
			unless @sources || $path =~ /languages/;
		for my $source (@sources) {
			next if $source =~ /^(?:$page|$file|$standard|$manual)$/;
			fail("$path: $name: nobody can look up \"$source\"");
		}
	}
}
my ($there) = qx('$ENV{BUILD}/dsnctl' rules test) =~ /^(\d+) rules, 0 wrong/;
is($rules, $there, 'every rule has been looked at');
done_testing();
