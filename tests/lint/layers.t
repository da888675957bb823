#!/usr/bin/perl
# A room includes only its own headers and those of the rooms below it, so that
# a change stays where it is made. The table is the one of src/README.
use strict;
use warnings;

my %below = (
	util    => [],
	mailbox => [qw(util)],
	report  => [qw(util)],
	verdict => [qw(report util)],
	trust   => [qw(report util)],
	policy  => [qw(verdict trust report util)],
	store   => [qw(policy verdict trust report util)],
	parser  => [qw(report util)],
	config  => [qw(mailbox report verdict trust policy store parser util)],
	events  => [qw(report util)],
	intake  => [
		qw(events config parser store policy trust verdict report mailbox util)
	],
	ctl     => [
		qw(events intake config parser store policy trust verdict report mailbox util)
	],
	daemon => [
		qw(events intake config parser store policy trust verdict report mailbox util)
	],
);

my @files = sort glob 'src/*/*.[ch]';
my @rooms = sort keys %{ { map { ( split '/' )[1] => 1 } @files } };

print 'TAP version 13', "\n", '1..', 1 + @rooms, "\n";
my $n = 0;

sub result {
	my ( $ok, $what ) = @_;
	printf "%sok %d - %s\n", $ok ? '' : 'not ', ++$n, $what;
}

my @strangers = grep { !$below{$_} } @rooms;
print "# no layer is known for src/$_\n" for @strangers;
result( !@strangers, 'every folder of src has its layer' );

for my $room (@rooms) {
	my %may = map { $_ => 1 } $room, @{ $below{$room} || [] };
	my $bad = 0;
	for my $file ( grep { m{^src/\Q$room\E/} } @files ) {
		open my $in, '<', $file or die "$file: $!\n";
		while (<$in>) {
			next unless m{^\s*#\s*include\s+"([^"]+)"};
			my ($to) = $1 =~ m{^(\w+)/};
			# Generated headers have no room of their own.
			next if !defined $to && !-e "src/$room/$1";
			next if defined $to && $may{$to};
			print "# $file:$.: includes \"$1\"\n";
			$bad++;
		}
		close $in;
	}
	result( !$bad, "$room includes only what is below it" );
}
