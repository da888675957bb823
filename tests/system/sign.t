#!/usr/bin/perl
# Return paths that dsnctl makes, or anybody who reads dsnd.conf(5), prove the
# bounces that come back to them, and no others.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::SHA qw(hmac_sha256);
use Dsnd;
use JSON::PP;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $key = '00112233445566778899aabbccddeeff';
my $d   = Dsnd->new;

sub configure {
	my ($keys, $domain) = @_;
	open(my $f, '>', $d->home . '/keys') or die $!;
	print $f $keys;
	close($f) or die $!;
	chmod(0600, $d->home . '/keys') or die $!;
	$d->configure(extra => "trust = { bounce_domain = \"$domain\"; " .
			'token_key_file = "' . $d->home . '/keys"; };');
	return;
}

# RFC 4648, lower case, without padding.
sub base32 {
	my $bits = unpack('B*', $_[0]);
	$bits .= '0' x (-length($bits) % 5);
	return join('', map { ('a' .. 'z', 2 .. 7)[oct("0b$_")] }
			$bits =~ /(.{5})/g);
}

# As SIGNED RETURN PATHS in dsnd.conf(5) says.
sub made {
	my ($address, $campaign, $stream) = @_;
	my $payload = pack('n', Dsnd::epoch($now) / 86400) .
		chr(length $campaign) . $campaign . $stream;
	my $mac = substr(hmac_sha256('dsnd1' . chr(length $payload) .
		"$payload$address", pack('H*', $key)), 0, 10);
	return 'b-k' . base32($payload) . base32($mac) . '@bounce.example.org';
}

# What a bounce that comes to this return path proves about the address.
sub evidence {
	my ($to, $path, $mid) = @_;
	my $dsn = Dsnd::dsn(to => $to, status => '5.1.1', mid => $mid,
		diagnostic => '550 5.1.1 no such user');
	$d->deliver($dsn =~ s/^To: \S+/To: <$path>/mr,
		at => Dsnd::epoch('2026-11-20 12:00:00'));
	$d->once($now);
	my ($row) = $d->ctl_json('bounces', '--address', $to, '--limit', 1);
	return $row;
}

configure("# ours\nk $key\n", 'bounce.example.org');
my @sign = ('sign', '--now', $now);
my ($status, $text) = $d->ctl(@sign, '--campaign', 'spring', '--stream', 'news',
	'Ann@Example.NET');
is($status, 0, 'a return path');
is($text, made('ann@example.net', 'spring', 'news') . "\n",
	'made as the manual says');
chomp(my $path = $text);
my $row = evidence('ann@example.net', $path, 'm1');
is_deeply([@$row{qw(evidence campaign stream)}], [qw(token spring news)],
	'it proves a bounce, and says of what');
is(evidence('ben@example.net', $path, 'm2')->{evidence}, 'failed',
	'not one about somebody else');
is(evidence('cat@example.net', 'news@lists.example.org', 'm3')->{evidence},
	'unproved', 'and where there is none nothing is proved');
(undef, $text) = $d->ctl(@sign, '--json', 'a@example.net', 'b@example.net');
is_deeply([map { decode_json($_) } split /\n/, $text],
	[map { {address => $_, return_path => made($_, '', '')} }
		'a@example.net', 'b@example.net'], 'several, as objects');
my @command = ("$Dsnd::build/dsnctl", @sign, '-c', $d->config, '-');
($status, $text) = $d->run('sh', '-c',
	'printf "a@example.net\nb@example.net\r\n" | "$@"', 'sh', @command);
is($text, made('a@example.net', '', '') . "\n" . made('b@example.net', '', '') .
	"\n", 'a line each');
($status, $text) = $d->run('sh', '-c',
	'printf "a@example.net\nnobody\n" | "$@" 2>&1', 'sh', @command);
is($status, 3, 'a line that names no address');
like($text, qr/^dsnctl: line 2: /m, 'is told');

is(($d->ctl(@sign))[0], 2, 'nobody is named');
sub says {
	my (@args) = @_;
	return $d->run('sh', '-c', 'exec "$@" 2>&1', 'sh', "$Dsnd::build/dsnctl",
		@sign, '-c', $d->config, @args);
}
($status, $text) = says('a@example.net', '--campaign', 'x' x 26);
is($status, 3, 'a campaign that no return path can hold');
like($text, qr/^dsnctl: campaign and stream are too long/, '... is told');
is(($d->ctl(@sign, 'a@example.net', '--campaign', 'x' x 25))[0], 0,
	'... one byte less');
configure("k $key 2026-11-19\n", 'bounce.example.org');
($status, $text) = says('a@example.net');
is($status, 3, 'a key that has ended');
like($text, qr{/keys: every key in it has ended: add one}, '... is told');
configure('', 'bounce.example.org');
is(($d->ctl(@sign, 'a@example.net'))[0], 3, 'no key');
configure("k $key\n", '');
is(($d->ctl(@sign, 'a@example.net'))[0], 3, 'no domain');
# What is missing is told with the file in which it is.
$d->configure;
for my $missing ('bounce_domain', 'token_key_file') {
	my (undef, $told) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
		"$Dsnd::build/dsnctl", 'sign', '-c', $d->config, 'ann@example.net');
	like($told, qr{^dsnctl: \S+/dsnd\.conf: trust\.$missing is missing: },
		"no $missing: where, and what it is");
	$d->configure(extra => 'trust = { bounce_domain = "b.example.org"; };');
}
done_testing();
