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

# What is deleted stays so: a leap is not believed at once.
sub bounces {
	return scalar(my @all = $d->ctl_json('bounces'));
}
my $far = '2029-01-01T00:00:00Z';
$d->configure(extra => 'log_level = "info"; retention = { history = "30d"; };');
(undef, my $log) = $d->drain($far);
like($log, qr/over a day ago.*retention goes by the time before for a day/,
	'a leap ahead is told');
is(bounces(), 1, '... and deletes nothing');
(undef, $log) = $d->drain('2029-01-01T23:00:00Z');
unlike($log, qr/over a day ago/, 'at the end of that day there is none');
is(bounces(), 1, '... and nothing is deleted still');
$d->drain($now);
is(bounces(), 1, 'nor is anything once the clock is right');
$d->drain('2026-11-20T12:30:00Z');
$d->drain($far);
$d->drain('2029-01-02T00:00:00Z');
is(bounces(), 0, 'what was right after all deletes after a day');
# Who runs it once a week deletes by the week before.
$d->deliver(Dsnd::dsn(to => 'bob@example.net', status => '5.1.1', mid => 'c2',
		diagnostic => '550 5.1.1 no such user'),
	at => Dsnd::epoch('2029-01-02 11:00:00'));
$d->drain('2029-01-09T00:00:00Z');
$d->drain('2029-02-02T00:00:00Z');
is(bounces(), 1, 'a month later it is there');
$d->drain('2029-02-09T00:00:00Z');
is(bounces(), 0, '... and another week later not');
done_testing();
