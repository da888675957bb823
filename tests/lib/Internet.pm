# A small internet for the tests, in a network of their own: a name server that
# knows a few domains, and mail servers that answer as they are told.
package Internet;
use strict;
use warnings;
use IO::Socket::INET;
use Mta;

# names(home, {'example.net' => '127.0.0.2', ...}): each name has an address
# and is its own mail exchanger; any other name does not exist.
sub names {
	my ($home, $known) = @_;
	my $socket = IO::Socket::INET->new(Proto => 'udp',
		LocalAddr => '127.0.0.1', LocalPort => 53) or die "port 53: $!";
	Mta::spew("$home/resolv.conf", "nameserver 127.0.0.1\n");
	Mta::quietly('mount', '--bind', "$home/resolv.conf", '/etc/resolv.conf');
	return Mta::child(sub {
		while (defined(my $peer = $socket->recv(my $query, 512))) {
			my $answer = answer($query, $known);
			$socket->send($answer, 0, $peer);
		}
	});
}

# RFC 1035 section 4: one question, at most one answer, which points back to
# the name in the question.
sub answer {
	my ($query, $known) = @_;
	my ($id) = unpack('n', $query);
	my $question = substr($query, 12);
	my ($at, @labels) = (0);
	while ((my $n = ord(substr($question, $at, 1))) > 0) {
		push @labels, substr($question, $at + 1, $n);
		$at += $n + 1;
	}
	$question = substr($question, 0, $at + 5);
	my $type = unpack('n', substr($question, $at + 1));
	my $address = $known->{lc join('.', @labels)};
	my $data = !defined $address ? undef
		: $type == 1 ? pack('C4', split(/\./, $address))
		: $type == 15 ? pack('nn', 10, 0xc00c) : undef;
	my $header = pack('nnnnnn', $id, defined $address ? 0x8180 : 0x8183, 1,
		defined $data ? 1 : 0, 0, 0);
	return $header . $question if !defined $data;
	return $header . $question
		. pack('nnnNn', 0xc00c, $type, 1, 60, length($data)) . $data;
}

# A mail server on port 25 of an address. rcpt(address) and data() give its
# replies; undef stands for yes.
sub server {
	my ($ip, %o) = @_;
	my $socket = IO::Socket::INET->new(LocalAddr => $ip, LocalPort => 25,
		Listen => 20, ReuseAddr => 1) or die "$ip: $!";
	return Mta::child(sub {
		local $SIG{CHLD} = 'IGNORE';
		while (my $c = $socket->accept) {
			my $pid = fork // die "fork: $!";
			if (!$pid) { serve($c, %o); POSIX::_exit(0) }
			close($c);
		}
	});
}

sub serve {
	my ($c, %o) = @_;
	my $say = sub { print $c "$_[0]\r\n"; $c->flush; return };
	$say->('220 mx ESMTP');
	while (defined(my $line = <$c>)) {
		if ($line =~ /^RCPT TO:<(.*?)>/i) {
			my $to = $1;
			$say->(($o{rcpt} && $o{rcpt}->($to)) // '250 2.1.5 ok');
		} elsif ($line =~ /^DATA/i) {
			$say->('354 go on');
			while (defined($line = <$c>)) { last if $line =~ /^\.\r?$/ }
			$say->(($o{data} && $o{data}->()) // '250 2.0.0 taken');
		} elsif ($line =~ /^QUIT/i) {
			return $say->('221 2.0.0 bye');
		} else {
			$say->('250 2.0.0 ok');
		}
	}
	return;
}

1;
