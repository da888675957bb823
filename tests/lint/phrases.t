#!/usr/bin/perl
# A phrase that holds another of its list never decides. In src/report phrases
# are found anywhere; in src/verdict whole words are, and a '*' ends any.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use FindBin;
use Test::More;

chdir "$FindBin::Bin/../.." or die $!;

# Every list that is given to PHRASES: [name, strings].
sub lists_of {
	my ($source) = @_;
	my @lists;
	$source =~ s{/\*.*?\*/}{}gs;
	while ($source =~ /\*const (\w+)\[\]\s*=\s*\{(.*?)\};/gs) {
		my ($name, $body) = ($1, $2);
		next if $source !~ /\bPHRASES\($name\);/;
		$body =~ s/"\s*"//g;
		push @lists, [$name, $body =~ /"((?:\\.|[^"\\])*)"/g];
	}
	return @lists;
}

sub pattern {
	my ($phrase, $whole) = @_;
	my $pattern = quotemeta $phrase;
	return qr/$pattern/i if !$whole;
	$pattern =~ s/\\\*/\\S*/g;
	return qr/(?<!\S)$pattern(?!\S)/i;
}

for my $file (sort glob 'src/report/*.c src/verdict/*.c') {
	open(my $in, '<', $file) or die "$file: $!";
	my @lists = lists_of(join '', <$in>);
	close($in);
	for my $list (@lists) {
		my ($name, @phrases) = @$list;
		my @idle;
		for my $phrase (@phrases) {
			my $pattern = pattern($phrase, $file =~ /verdict/);
			push @idle, grep { $_ ne $phrase && /$pattern/ } @phrases;
		}
		is("@idle", '', "$file: each of $name is needed");
	}
}
done_testing();
