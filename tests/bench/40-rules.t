#!/usr/bin/perl
# Judging with twice as many rules, in instructions.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;

my $home  = folder();
my $count = 250;
my %took;

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

# Each rule once more: another name, and words that never come.
mkdir "$home/rules" or die;
open my $out, '>', "$home/rules/more.conf" or die;
my ( $n, @rules ) = (0);
for my $file ( sort glob "$Bench::top/conf/rules/*.conf" ) {
	open my $in, '<', $file or die;
	while (<$in>) {
		next unless /^\s*text\s*=/;
		while (/"((?:[^"\\]|\\.)+)"/g) {
			push @rules, sprintf 'twice-%d: { '
			  . 'text = ["%s qqz"]; reason = "unknown"; '
			  . 'example = ["550 %s qqz"]; };', $n++, $1, $1;
		}
	}
	close $in;
}
print $out map { "$_\n" } @rules;
close $out or die;
my ( $once, $twice ) = ( instructions(), instructions("$home/rules") );
printf "judge: %d instructions a message; with %d phrases more %d, "
  . "%.2f times; aim 1.20\n", $once, $n, $twice, $twice / $once;
