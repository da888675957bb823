#!/usr/bin/perl
# A way to begin: observing records everything and suppresses nobody; enforcing
# afterwards gives what enforcing from the beginning would have given.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now  = '2026-11-20T12:00:00Z';
# Of the last weeks: what nothing proves lapses.
my @mail = map { [ $_->[0], $_->[1] + 38 * 86400 ] } Messages::many(200);
push @mail, [ Dsnd::dsn(to => 'ann@example.net', status => '5.1.1',
	diagnostic => '550 5.1.1 no such user', mid => 'o1'),
	Dsnd::epoch('2026-11-19 10:00:00') ];
push @mail, [ Dsnd::dsn(to => 'ben@example.net', status => '5.7.1',
	diagnostic => '550 5.7.1 refused as spam', mid => 'o2'),
	Dsnd::epoch('2026-11-19 11:00:00') ];

sub fill {
	my ($d) = @_;
	$d->deliver($_->[0], at => $_->[1]) for @mail;
	$d->once($now);
	return $d;
}

my $straight = fill(Dsnd->new);
my $d        = fill(Dsnd->new(policy => 'mode = "observe";'));
is(scalar($d->ctl_json('list', '--now', $now)), 0, 'nobody is suppressed');
ok(!$d->suppressed('ann@example.net', $now), 'a dead address may be mailed');
my ($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
is($show->{history}[0]{reason}, 'user_unknown', 'but it is known to be dead');
my ($status) = $d->ctl_json('status', '--now', $now);
is($status->{mode}, 'observe', 'status says so');
is($status->{suppressed}, 0, 'and counts nobody');
my (undef, $text) = $d->ctl('status', '--now', $now);
like($text, qr/^mode +observe: .*nobody is suppressed$/m, 'in words as well');
$d->ctl('suppress', '--now', $now, 'eve@example.net', '--reason', 'she asked');
ok($d->suppressed('eve@example.net', $now), 'what a person decides holds');
$straight->ctl('suppress', '--now', $now, 'eve@example.net', '--reason',
	'she asked');

(undef, $text) = $d->ctl('show', '--now', $now, 'ann@example.net');
like($text, qr/^ann\@example.net: mailable: policy.mode is observe$/m,
	'of one address as well');
($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
is($show->{mode}, 'observe', 'and for programs');

# What enforcing would do is seen on a copy, as dsnd.conf(5) says.
my ($copy, $try) = map { $d->home . "/$_" } 'try.db', 'try.conf';
$d->ctl('backup', $copy);
open(my $f, '>', $try) or die $!;
print $f "database = \"$copy\"; mailboxes = ();\n";
close($f) or die $!;
is(system("$Dsnd::build/dsnd", '-c', $try, '--once', '--now', $now), 0,
	'a copy is enforced');
my $would = qx($Dsnd::build/dsnctl export --csv -c $try --now $now);
is(scalar($d->ctl_json('list', '--now', $now)), 1, 'nothing is by that');

$d->configure;
$d->once($now);
is(scalar($d->ctl('export', '--csv', '--now', $now)), $would,
	'what is suppressed then was foreseen');
ok($d->suppressed('ann@example.net', $now), 'enforcing, what is known acts');
is($d->dump($now), $straight->dump($now),
	'as if it had been so from the beginning');
($status) = $d->ctl_json('status', '--now', $now);
is($status->{mode}, 'enforce', 'and status says that');
cmp_ok($status->{suppressed}, '>', 10, 'and counts them');

# What share of what acted was not proved: all of it, then none.
is($status->{acted_unproved}, $status->{acted}, 'all of it was unproved');
cmp_ok($status->{acted}, '>', 10, 'and there was some');
my $proved = fill(Dsnd->new(mailbox => 'trusted = true;'));
($status) = $proved->ctl_json('status', '--now', $now);
is($status->{acted_unproved}, 0, 'what our own relay reports is proved');
cmp_ok($status->{acted}, '>', 10, 'and acted');
$proved->deliver(Dsnd::dsn(to => "p$_\@example.net", status => '5.1.1',
	diagnostic => '550 5.1.1 no such user', mid => "p$_"),
	at => Dsnd::epoch('2026-11-20 09:00:00')) for 1 .. 3;
$proved->configure;
$proved->once($now);
my ($more) = $proved->ctl_json('status', '--now', $now);
is($more->{acted_unproved}, 3, 'three more without proof are counted');
is($more->{acted}, $status->{acted} + 3, 'among all that acted');
# 31 days later they no longer are.
my ($late) = $proved->ctl_json('status', '--now', '2026-12-22T12:00:00Z');
is($late->{acted}, 0, 'of the last 30 days only');
# A domain that is missing in the configuration is seen before it is missed.
(undef, $text) = $d->ctl('status', '--now', $now);
unlike($text, qr/our_domains/, 'where all is ours nothing is said of it');
my $strange = fill(Dsnd->new(policy => 'mode = "observe";',
		extra => 'trust = { our_domains = [ "mistyped.example" ]; };'));
($status) = $strange->ctl_json('status', '--now', $now);
cmp_ok($status->{foreign}, '>', 10, 'what brings back no domain of ours');
cmp_ok($status->{foreign}, '<=', $status->{failures}, 'of all failures');
is($status->{acted}, 0, 'does not act');
(undef, $text) = $strange->ctl('status', '--now', $now);
like($text, qr/^foreign +$status->{foreign} of $status->{failures} failures .*our_domains$/m,
	'and that is told');

# Nor is it missed where more proof is asked for than there is.
my $strict = fill(Dsnd->new(extra => 'trust = { verify = "require"; };'));
($status) = $strict->ctl_json('status', '--now', $now);
is($status->{acted}, 0, 'what proves nothing does not act');
cmp_ok($status->{passed_over}, '>', 10, 'is passed over');
(undef, $text) = $strict->ctl('status', '--now', $now);
like($text, qr/^passed over +$status->{passed_over} of $status->{failures} failures .*trust\.verify$/m,
	'and that is told');
$strict->ctl('undo', '--until', $now, '--reason', 'x', '--now', $now);
is(($strict->ctl_json('status', '--now', $now))[0]{passed_over}, 0,
	'what was taken back is not wanting proof');
(undef, $text) = $d->ctl('status', '--now', $now);
unlike($text, qr/passed over/, 'where nothing is asked for it is not');
done_testing();
