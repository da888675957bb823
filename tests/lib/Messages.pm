# Mail for the tests of the daemon: many different reports, in a fixed order.
package Messages;
use strict;
use warnings;
use Dsnd;
use File::Find;

my @shapes = (
	[ '5.1.1', '550 5.1.1 <%s>: user unknown' ],
	[ '5.2.2', '552 5.2.2 <%s>: mailbox full' ],
	[ '4.2.2', '452 4.2.2 <%s>: mailbox full' ],
	[ '5.7.1', '550 5.7.1 <%s>: message refused as spam' ],
	[ '4.4.1', '<%s>: connect to mx.example.net: connection timed out' ],
	[ '5.1.2', '550 5.1.2 <%s>: host unknown' ],
);

# N messages as [bytes, arrival]; several fail for the same people.
sub many {
	my ($n) = @_;
	my @list;
	for my $i (0 .. $n - 1) {
		my ($status, $words) = @{$shapes[$i % @shapes]};
		my $to = sprintf('user%d@domain%d.example', $i % 97, $i % 7);
		my $at = Dsnd::epoch('2026-10-01 00:00:00') + $i * 3607;
		push @list, [
			Dsnd::dsn(to => $to, status => $status, mid => "m$i",
				campaign => 'c' . ($i % 5),
				diagnostic => sprintf($words, $to)), $at];
		$list[-1][0] = "From: p$i\@example.net\nSubject: lunch\n\nAt one?\n"
			if $i % 13 == 12;
	}
	return @list;
}

# A home that has read these, and whose guards and breaker are wary of few.
sub read_warily {
	my ($now, @list) = @_;
	my $d = Dsnd->new(policy => 'breaker = { addresses = 2; };' .
		' guard = { min_count = 2; share = 30; };');
	$d->deliver($_->[0], at => $_->[1]) for @list;
	$d->once($now);
	return $d;
}

# All files below a folder as [bytes, arrival], an hour apart by name.
sub below {
	my ($folder) = @_;
	my (@paths, @list);
	find(sub { push @paths, $File::Find::name if -f }, $folder);
	for my $path (sort @paths) {
		open(my $f, '<:raw', $path) or die "$path: $!";
		local $/ = undef;
		push @list, [scalar(<$f>),
			Dsnd::epoch('2026-10-01 00:00:00') + @list * 3607];
	}
	return @list;
}

1;
