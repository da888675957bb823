#!/usr/bin/perl
# Files and functions stay small enough to be read at once.
use strict;
use warnings;

my $file_max     = 500;
my $function_max = 80;

my ( @files, @functions, @long_files, @long_functions );
for my $file ( sort glob 'src/*/*.[ch]' ) {
	open my $in, '<', $file or die "$file: $!\n";
	my ( $start, $name, $last ) = ( 0, '', '' );
	while (<$in>) {
		if (/^(\w[^;]*)\(/) {
			$last = $1;
		}
		if (/^\{/) {
			( $start, $name ) = ( $., $last );
		}
		elsif ( /^\}\s*$/ && $start ) {
			my $lines = $. - $start - 1;
			push @functions, $lines;
			push @long_functions, "$file:$start: $name: $lines lines"
			  if $lines > $function_max;
			$start = 0;
		}
	}
	push @files, $. if $file =~ /\.c$/;
	push @long_files, "$file: $. lines" if $. > $file_max;
	close $in;
}

sub share {
	my ( $part, @numbers ) = @_;
	@numbers = sort { $a <=> $b } @numbers or return 0;
	return $numbers[ int( $#numbers * $part + 0.5 ) ];
}

print "1..2\n";
print "# $_\n" for @long_files;
printf "%sok 1 - no file is over %d lines (median %d)\n",
  @long_files ? 'not ' : '', $file_max, share( 0.5, @files );
print "# $_\n" for @long_functions;
printf "%sok 2 - no function is over %d lines (median %d, nine in ten %d)\n",
  @long_functions ? 'not ' : '', $function_max,
  share( 0.5, @functions ), share( 0.9, @functions );
