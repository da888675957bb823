#!/usr/bin/perl
# A row that its list can do without, and a row that nothing can be equal to.
# A phrase that holds another of its list never decides: in src/report phrases
# are found anywhere; in src/verdict whole words are, and a '*' ends any. Where
# texts are to begin or to end in a row, so one that itself begins or ends in
# another. In src/verdict texts are folded first.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use FindBin;
use Test::More;

chdir "$FindBin::Bin/../.." or die $!;

# How what follows a list compares with it, up to the next list of its name.
sub use_of {
	my ($name, $rest) = @_;
	$rest =~ s/\*const $name\[\].*//s;
	return 'found' if $rest =~ /\bPHRASES\($name\);/;
	return 'begun' if $rest =~ /_starts?_any\([^;]*?\b$name\)/;
	return 'ended' if $rest =~ /_end_any\([^;]*?\b$name\)/;
	return 'equal';
}

# Every list of strings: [name, use, strings].
sub lists_of {
	my ($source) = @_;
	my @lists;
	$source =~ s{/\*.*?\*/}{}gs;
	while ($source =~ /\*const (\w+)\[\]\s*=\s*\{(.*?)\};/gs) {
		my ($name, $body) = ($1, $2);
		my $use = use_of($name, substr($source, pos $source));
		$body =~ s/"\s*"//g;
		push @lists, [$name, $use, $body =~ /"((?:\\.|[^"\\])*)"/g];
	}
	return @lists;
}

sub pattern {
	my ($phrase, $use, $whole) = @_;
	my $pattern = quotemeta $phrase;
	return qr/^$pattern/ if $use eq 'begun';
	return qr/$pattern$/ if $use eq 'ended';
	return qr/^$pattern$/ if $use eq 'equal';
	return qr/$pattern/ if !$whole;
	$pattern =~ s/\\\*/\\S*/g;
	return qr/(?<!\S)$pattern(?!\S)/;
}

sub spellings {
	open(my $in, '<', 'src/verdict/spellings.def') or die $!;
	return map { quotemeta } grep { $_ } map { /^SPELLING\("(.*?)",/ } <$in>;
}
my $respelt = join '|', spellings();

# Small letters without accents, in the one spelling.
sub is_folded {
	my ($row) = @_;
	return $row !~ /\p{Lu}|[\x{c0}-\x{17f}]/ && $row !~ /(?<![a-z0-9])(?:$respelt)/;
}

# Of bytes as they came: the commands of a host, names, numbers of a queue.
my %raw = map { $_ => 1 } qw(known labels others words);

for my $file (sort glob 'src/report/*.c src/verdict/*.c') {
	open(my $in, '<', $file) or die "$file: $!";
	my @lists = lists_of(join '', <$in>);
	close($in);
	for my $list (@lists) {
		my ($name, $use, @phrases) = @$list;
		my $folded = $file =~ /verdict/;
		my (@idle, %seen);
		# Only ASCII letters are compared in either case.
		tr/A-Z/a-z/ for $use eq 'equal' ? () : @phrases;
		for my $phrase (@phrases) {
			my $pattern = pattern($phrase, $use, $folded);
			push @idle, grep { $_ ne $phrase && /$pattern/ } @phrases;
			push @idle, $phrase if $seen{$phrase}++;
			push @idle, $phrase if $use eq 'begun' && $phrase =~ /^ /;
			push @idle, $phrase
				if $folded && !$raw{$name} && !is_folded($phrase);
		}
		is("@idle", '', "$file: each of $name is needed");
	}
}
done_testing();
