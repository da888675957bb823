#!/usr/bin/perl
# Judging with twice as many rules, in instructions. Each rule comes once more,
# under another name: one word of each phrase is another one from the rules'
# own words, of about its length, so that the new phrases share their grams and
# their beginnings with the old ones.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $home  = folder();
my $count = 250;

sub instructions {
	my (@more) = @_;
	my $folder = folder();
	my $said   = '';
	local $ENV{BENCH_RULES} = $more[0] if @more;
	open my $run, '-|', 'valgrind --tool=callgrind '
	  . '--callgrind-out-file=/dev/null --toggle-collect=stage_judge '
	  . "$bench stage judge $corpus $count $folder 2>&1" or die;
	$said .= $_ while <$run>;
	close $run or die $said;
	$said =~ /Collected\s*:\s*(\d+)/ or die $said;
	return $1 / $count;
}

# Rules without their comments, one string each: "name: { ... };".
my $all = '';
for my $file ( sort glob "$Bench::top/conf/rules/*.conf" ) {
	open my $in, '<', $file or die "$file: $!\n";
	while (<$in>) { $all .= $_ unless /^\s*#/ }
}
my @rules = $all =~ /^([\w.-]+:\s*\{.*?^\};)/msg;

# Words of the phrases by length; each is taken in turn.
my ( %words, %turn );
for my $rule (@rules) {
	for my $list ( $rule =~ /\btext\s*=\s*\[(.*?)\]/sg ) {
		push @{ $words{ length $_ } }, $_ for $list =~ /\b([a-z]{3,})\b/g;
	}
}

sub another {
	my ($word) = @_;
	for my $length ( length $word, length($word) + 1, length($word) - 1 ) {
		my $list = $words{$length} or next;
		for ( 1 .. @$list ) {
			my $new = $list->[ $turn{$length}++ % @$list ];
			return $new if $new ne $word;
		}
	}
	return $word . 'e';
}

my $phrases = 0;

# The last word becomes another: what begins alike stays so. A sole word becomes
# its reverse, as no phrase is a word that stands in every reply.
sub change_phrase {
	my ($phrase) = @_;
	$phrases++;
	$phrase =~ s/^([^a-z]*)([a-z]{3,})(?=[^a-z]*$)/$1 . reverse $2/e
	  or $phrase =~ s/([a-z]{3,})(?=[^a-z]*$)/another($1)/e
	  or $phrase .= ' ' . another('nothing');
	return $phrase;
}

sub change_list {
	my ($list) = @_;
	$list =~ s/"((?:[^"\\]|\\.)*)"/'"' . change_phrase($1) . '"'/ge;
	return $list;
}

# A rule that looks at codes alone is of a host that never speaks: it is asked
# and does not decide, as most are.
sub change_rule {
	my ($rule) = @_;
	return $rule
	  if $rule =~ s/(\btext\s*=\s*\[)(.*?)(\])/
		$1 . change_list($2) . $3/sex;
	$rule =~ s/\bremote\s*=\s*(?:\[.*?\]|"[^"]*");//s;
	$rule =~ s/\};$/  remote = ["twice.example"];\n};/;
	return $rule;
}

my $n = 0;
mkdir "$home/rules" or die;
open my $out, '>', "$home/rules/more.conf" or die;
for my $rule (@rules) {
	$rule = change_rule($rule);
	$rule =~ s/^[\w.-]+:/sprintf 'twice-%d:', ++$n/e;
	print $out "$rule\n";
}
close $out or die;

my ( $once, $twice ) = ( instructions(), instructions("$home/rules") );
printf "judge: %d instructions a message; with %d rules (%d phrases) more %d, "
  . "%.2f times; aim 1.20\n", $once, $n, $phrases, $twice, $twice / $once;
