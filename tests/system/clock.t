#!/usr/bin/perl
# A clock that was wrong for a while leaves nothing behind once it is right.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;
# One that nothing proves, which ends by itself.
$d->deliver(Dsnd::dsn(to => 'ann@example.net', status => '5.1.1', mid => 'c1',
		diagnostic => '550 5.1.1 no such user'),
	at => Dsnd::epoch('2026-11-20 11:00:00'));
$d->once($now);
ok($d->suppressed('ann@example.net', $now), 'a dead address is suppressed');

for my $wrong ('2029-01-01T00:00:00Z', '1970-01-02T00:00:00Z') {
	$d->drain($wrong);
	my ($status, $log) = $d->drain($now);
	is($status, 0, "$wrong for one round");
	is(scalar($log =~ /the clock was set back: every address is worked out/),
		$wrong gt $now ? 1 : '', '... and how it was mended is told');
	ok($d->suppressed('ann@example.net', $now), '... it is suppressed still');
	($status) = $d->ctl('verify', '--now', $now);
	is($status, 0, '... and verify finds nothing');
}
done_testing();
