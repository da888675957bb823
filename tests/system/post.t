#!/usr/bin/perl
# contrib/changes/dsnd-post: what it reads is posted, its secret is no argument,
# and whatever is answered but 2xx is a failure.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use IO::Socket::INET;
use POSIX ();
use Test::More;

plan skip_all => 'curl is not there' if system('curl --version >/dev/null 2>&1');

my $d = Dsnd->new;
my $home = $d->home;
my $secret = 'not-to-be-seen-by-others';

sub file {
	my ($name, $text) = @_;
	open(my $f, '>:raw', "$home/$name") or die $!;
	print $f $text;
	close($f) or die $!;
	return "$home/$name";
}

# Programs that have the secret among their arguments.
sub seen {
	my $n = 0;
	for my $path (glob('/proc/[0-9]*/cmdline')) {
		open(my $f, '<', $path) or next;
		$n++ if (<$f> // '') =~ /\Q$secret\E/;
	}
	return $n;
}

# Its exit status; the request is in the file "asked", how many saw in "seen".
sub post {
	my ($answer, %env) = @_;
	my $server = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
		or die $!;
	my $pid = fork // die $!;
	if (!$pid) {
		alarm(60);
		my $c = $server->accept or POSIX::_exit(1);
		my $asked = '';
		while (sysread($c, $asked, 4096, length $asked)) {
			my ($head, $body) = split /\r\n\r\n/, $asked, 2;
			next if !defined $body;
			last if length $body >= ($head =~ /Content-Length: (\d+)/i)[0];
		}
		file('asked', $asked);
		file('seen', seen());
		print $c "HTTP/1.0 $answer\r\nContent-Length: 0\r\n\r\n";
		close($c);
		POSIX::_exit(0);
	}
	local %ENV = (PATH => $ENV{PATH}, no_proxy => '*', %env);
	my ($status) = $d->run('sh', '-c', 'exec "$@" <"$0" 2>/dev/null',
		"$home/lines", "$Dsnd::top/contrib/changes/dsnd-post",
		'http://127.0.0.1:' . $server->sockport . '/list?of={a,b}', "$home/secret");
	waitpid($pid, 0);
	return $status;
}

sub slurp {
	open(my $f, '<:raw', "$home/$_[0]") or die $!;
	local $/ = undef;
	return <$f>;
}

file('secret', "$secret\nanother line\n");
my $lines = join '', map { "{\"address\":\"n$_\@example.net\"}\n" } 1 .. 50;
file('lines', $lines);
is(post('204 No Content'), 0, 'what is taken is taken');
my ($head, $body) = split /\r\n\r\n/, slurp('asked'), 2;
like($head, qr{^POST /list\?of=\{a,b\} HTTP}, '... posted, once, to that URL');
like($head, qr/^Authorization: Bearer \Q$secret\E\r$/m, '... with the secret');
like($head, qr/^DSND-Changes-Anew: 0\r$/m, '... as the rest');
is($body, $lines, '... byte by byte');
is(slurp('seen'), 0, '... and nobody sees the secret');
isnt(post('503 Service Unavailable', DSND_CHANGES_ANEW => 1), 0,
	'what is not taken fails');
like(slurp('asked'), qr/^DSND-Changes-Anew: 1\r$/m, '... and the first says that it is');
isnt(post('302 Found'), 0, '... elsewhere is not here');
for my $none ('', "\nsecond line\n") {
	file('secret', $none);
	my ($status, $said) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
		"$Dsnd::top/contrib/changes/dsnd-post", 'http://127.0.0.1:9/',
		"$home/secret");
	isnt($status, 0, 'nor an empty one');
	like($said, qr/no secret in its first line$/, '... which is told');
}
unlink "$home/secret";
isnt(($d->run('sh', '-c', 'exec "$0" "$@" 2>/dev/null',
	"$Dsnd::top/contrib/changes/dsnd-post", 'http://127.0.0.1:9/',
	"$home/secret"))[0], 0, 'without a secret nothing is posted');
done_testing();
