#!/usr/bin/perl
# What was sent and what came back of it give rates that sum up.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use List::Util qw(sum0);
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;
for my $i (0 .. 9) {
	my $hard = $i < 6;
	$d->deliver(Dsnd::dsn(to => "u$i\@domain" . $i % 2 . '.example',
		mid => "s$i", campaign => 'spring',
		status => $hard ? '5.1.1' : '4.2.2', diagnostic => $hard
			? '550 5.1.1 user unknown' : '452 4.2.2 mailbox full'),
		at => Dsnd::epoch('2026-11-02 10:00:00') + $i);
}
$d->once($now);
my @sent = ('sent', '--campaign', 'spring', '--day', '2026-11-02');

my ($status) = $d->ctl(@sent, 'Domain0.example=400', 'domain1.example=100');
is($status, 0, 'numbers are recorded');
($status) = $d->ctl(@sent, 'domain1.example=100');
is($status, 0, 'and added to');
my ($row) = $d->ctl_json('stats');
is_deeply([@{$row}{qw(campaign sent hard soft block complaint delivered)}],
	['spring', 600, 6, 4, 0, 0, 0], 'sums of the campaign');
($status) = $d->ctl(@sent, '--set', 'domain0.example=500', 'domain1.example=500')
	for 1 .. 2;
($row) = $d->ctl_json('stats');
is($row->{sent}, 1000, '--set takes the place of what is there, twice as well');
my (undef, $text) = $d->ctl('stats');
is($text, "spring\t1000\t0\t6\t4\t0\t0\t0.60%\t0.40%\t0.00%\n",
	'shares of what was sent');

my @one = map { join ' ', $d->ctl('stats', '--domain', $_) }
	'domain1.example', '@Domain1.example';
is($one[1], $one[0], 'a domain is one with an @ before it as well');

for my $by (qw(stream day domain provider reason)) {
	my @rows = $d->ctl_json('stats', '--by', $by);
	is(sum0(map { $_->{hard} } @rows), 6, "by $by the sums are the same");
	is(sum0(map { $_->{sent} // 0 } @rows), $by eq 'reason' ? 0 : 1000,
		'... of what was sent too');
}
my @rows = $d->ctl_json('stats', '--by', 'reason');
is(join(' ', map { "$_->{reason}=" . ($_->{hard} + $_->{soft}) } @rows),
	'mailbox_full=4 user_unknown=6', 'by reason');
@rows = $d->ctl_json('stats', '--by', 'domain', '--domain', 'DOMAIN1.example');
is(scalar(@rows), 1, 'one domain');
is($rows[0]{hard}, 3, '... with its own sums');
@rows = $d->ctl_json('stats', '--until', '2026-11-01');
is(scalar(@rows), 0, 'what was sent later is not in it');
($status) = $d->ctl('stats', '--campaign', 'autumn');
is($status, 1, 'nothing of another campaign');

($status) = $d->ctl(@sent, 'domain2.example=5', 'no domain=5');
is($status, 3, 'a word that is no domain is refused');
@rows = $d->ctl_json('stats', '--by', 'domain', '--domain', 'domain2.example');
is(scalar(@rows), 0, 'and nothing of it is recorded');
for my $bad (['sent', 'a.example=1'], ['sent', '--campaign', 'x'],
	['sent', '--campaign', 'x', 'a.example'], ['sent', '--campaign', 'x',
	'a.example=-1'], ['sent', '--campaign', 'x', 'a.example=1000000000001'], ['stats', '--by', 'weather'], ['stats', 'x']) {
	($status) = $d->ctl(@$bad);
	is($status, 2, "@$bad is wrong use");
}
(undef, my $said) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
	"$Dsnd::build/dsnctl", 'sent', '--campaign', 'x', 'a.example=1000000000001');
like($said,
	qr/a\.example=1000000000001: give DOMAIN=COUNT, from 0 to 1000000000000$/m,
	'and a number above the limit is told which');

done_testing();
