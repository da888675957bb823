#!/usr/bin/perl
# What the sender told of its own mail proves a bounce about it, and of that
# mail only.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;
$d->once($now);

# Exit status and all that was said, given lines.
sub told {
	my ($lines, @args) = @_;
	my $file = $d->home . '/lines';
	open(my $f, '>:raw', $file) or die $!;
	print $f $lines;
	close($f) or die $!;
	return $d->run('sh', '-c', 'exec "$@" <"$0" 2>&1', $file,
		"$Dsnd::build/dsnctl", 'sent', '--ledger', '-c', $d->config,
		'--now', $now, @args);
}

sub evidence {
	my ($to, $mid) = @_;
	$d->deliver(Dsnd::dsn(to => $to, status => '5.1.1', mid => $mid,
			campaign => $mid, diagnostic => '550 5.1.1 no such user'),
		at => Dsnd::epoch('2026-11-20 11:00:00'));
	$d->once($now);
	my ($row) = $d->ctl_json('bounces', '--address', $to, '--limit', 1);
	my ($held) = $d->ctl_json('check', $to, '--now', $now);
	return ($row->{evidence}, defined $held->{until} ? 'bounded' : 'no end');
}

is_deeply([evidence('ann@example.net', 'm1')], ['unproved', 'bounded'],
	'without a ledger');
my ($status, $text) = told("# message recipient\n" .
	"<m2\@lists.example.org> Ben\@Example.NET\r\n\n" .
	"m3\@lists.example.org\tcat\@example.net\n" .
	"m4\@lists.example.org,dan\@b\xc3\xbccher.example");
is($status, 0, 'three are told');
is($text, '', 'which needs no word');
is_deeply([evidence('ben@example.net', 'm2')], ['ledger', 'no end'],
	'an id in brackets, and whatever case');
is_deeply([evidence('cat@example.net', 'm3')], ['ledger', 'no end'], 'a tab');
is_deeply([evidence('dan@xn--bcher-kva.example', 'm4')], ['ledger', 'no end'],
	'a comma, and a name as people write it');
is_deeply([evidence('eve@example.net', 'm2')], ['unproved', 'bounded'],
	'another recipient of it');
is_deeply([evidence('fay@example.net', 'm9')], ['unproved', 'bounded'],
	'what was not told is as without a ledger');

my $before = $d->dump($now);
told("m3\@lists.example.org cat\@example.net\n");
is($d->dump($now), $before, 'told again: nothing changes');
for my $bad ("m5\@lists.example.org\n", "m5\@lists.example.org nobody\n",
	"m5\@\x01 gil\@example.net\n", "m5\0\@x gil\@example.net\n",
	"m5\@\x7fx gil\@example.net\n")
{
	($status, $text) = told("m6\@lists.example.org gil\@example.net\n$bad");
	is($status, 3, 'what cannot be read');
	like($text, qr/line 2: .*MESSAGE-ID ADDRESS$/, 'is told');
}
is($d->dump($now), $before, 'and of a short list nothing is taken');
is((told(join('', map { "b$_\@lists.example.org u$_\@example.com\n" } 1 .. 2500)))[0],
	0, 'many, in steps');
is(scalar(grep { /^\["ledger"/ } split /\n/, $d->dump($now)), 2503, 'all of them');
is((told('', @$_))[0], 2, "@$_: wrong use")
	for ['--campaign', 'x'], ['--set'], ['--stream', 'x'], ['example.net=1'],
	['--day', 'noon'];
is((told("m7\@lists.example.org hal\@example.net\n", '--day', '2026-11-01'))[0], 0,
	'of another day');
done_testing();
