#!/usr/bin/perl
# What nobody could read is kept, can be looked at without harm, and is read
# again once there is a parser that can.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $now  = '2026-11-20T12:00:00Z';
my $d    = Dsnd->new(mailbox => 'stream = "ads";');
my $plain = 'parser = { recycle_after = 1; };';
my $fault =
	"parser = { program = \"$Dsnd::build/tests/tools/parser_fault\"; };";

my ($status) = $d->once($now);
is(($d->ctl('quarantine', 'list'))[0], 1, 'nothing is in quarantine');
is(($d->ctl('quarantine', @$_))[0], 2, "quarantine @$_: wrong use")
	for [], ['look'], ['show'], ['show', 'x'], ['show', 1, 2], ['retry'],
	['list', 1], ['list', '--all'], ['retry', '--all', 1], ['drop'],
	['drop', '--all', 1], ['drop', 'x'], ['retry', 1, '--dry-run'];
is(($d->ctl('quarantine', 'show', 1))[0], 1, 'there is no such message');
is(($d->ctl('quarantine', 'retry', '--all'))[0], 1, 'none is to be tried');

# A parser that cannot read what the real one can.
my $bounce = Dsnd::dsn(to => 'ann@example.net', status => '5.1.1',
	mid => 'q1', diagnostic => '550 5.1.1 no such user');
$d->deliver($bounce, at => Dsnd::epoch('2026-11-19 08:00:00'));
$d->deliver("crash", at => Dsnd::epoch('2026-11-19 09:00:00'));
$d->deliver("crash\e[31m\n\nred\n", at => Dsnd::epoch('2026-11-19 10:00:00'));
$d->configure(extra => $fault, mailbox => 'stream = "ads";');
$d->once($now);
my @rows = $d->ctl_json('quarantine', 'list');
is(scalar @rows, 3, 'three messages that it could not read');
is($rows[0]{bytes}, length($bounce), 'with their bytes');
is($rows[0]{mailbox}, 'bounces', 'and their mailbox');
isnt($rows[1]{why}, '', 'and why');
my ($one, $two, $three) = map { $_->{id} } @rows;

(undef, my $text) = $d->ctl('quarantine', 'show', $one);
is($text, $bounce, 'a pipe gets the bytes as they are');
# script(1) lends a terminal.
(undef, $text) = $d->run('script', '-qec', "$Dsnd::build/dsnctl quarantine" .
	" show $three -c " . $d->config, '/dev/null');
like($text, qr/crash\\x1b\[31m\r?\n\r?\nred/, 'a terminal gets them escaped');
unlike($text, qr/\e/, 'all of them');

($status) = $d->ctl('quarantine', 'retry', $one);
is($status, 1, 'the same parser cannot read it');
my $before = $d->dump($now);
ok(!$d->suppressed('ann@example.net', $now), 'and nothing has changed');
is(scalar(my @again = $d->ctl_json('quarantine', 'list')), 3, 'it stays');

$d->configure(extra => $plain, mailbox => 'stream = "ads";');
($status, $text) = $d->ctl('quarantine', 'retry', '--now', $now, $one, $one);
is($text, "$one: bounce\n", 'another one can');
is($status, 0, 'and tries one that is named twice once');
ok($d->suppressed('ann@example.net', $now), 'and it acts');
my ($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
my $event = $show->{history}[0];
is($event->{at}, Dsnd::epoch('2026-11-19 08:00:00'), 'at its arrival');
is($event->{stream}, 'ads', 'in the stream of its mailbox');
($status) = $d->ctl('quarantine', 'retry', '--all', '--now', $now);
is($status, 0, 'all others are read, too');
is(($d->ctl('quarantine', 'list'))[0], 1, 'nothing is left');

# As if newly read: the same as if it had been read at first.
my $other = Dsnd->new(mailbox => 'stream = "ads";', extra => $plain);
$other->deliver($bounce, at => Dsnd::epoch('2026-11-19 08:00:00'));
$other->deliver("crash", at => Dsnd::epoch('2026-11-19 09:00:00'));
$other->deliver("crash\e[31m\n\nred\n",
	at => Dsnd::epoch('2026-11-19 10:00:00'));
$other->once($now);
is($d->dump($now), $other->dump($now), 'as if it had never lain there');
my ($was) = $other->ctl_json('status', '--now', $now);
my ($is)  = $d->ctl_json('status', '--now', $now);
is($is->{mailboxes}[0]{messages}, $was->{mailboxes}[0]{messages},
	'and no message was counted twice');
is("$is->{messages} $is->{unreadable}", "$was->{messages} $was->{unreadable}",
	'... nor as unreadable still');
$d->deliver($bounce, at => Dsnd::epoch('2026-11-19 08:00:00'));
$d->once($now);
is($d->dump($now), $other->dump($now), 'found again, it is known');

# Retention takes the bytes in the end.
$d->configure(mailbox => 'stream = "ads";', extra => $fault);
$d->deliver("crash\nagain\n", at => Dsnd::epoch('2026-11-19 11:00:00'));
$d->once($now);
system('sqlite3', $d->database, "UPDATE quarantine SET bytes = x''") == 0 or die;
my ($lost) = $d->ctl_json('quarantine', 'list');
my ($told) = $d->ctl_json('quarantine', 'retry', $lost->{id});
is("$told->{kind}: $told->{why}",
	'unreadable: its bytes are not kept any more',
	'what is not kept any more cannot be tried again');

# Dropped by a person; what was counted stays counted.
$d->deliver("crash\nmore\n", at => Dsnd::epoch('2026-11-19 12:00:00'));
$d->once($now);
(undef, my $more) = map { $_->{id} } $d->ctl_json('quarantine', 'list');
my ($counted) = $d->ctl_json('status', '--now', $now);
is(($d->ctl('quarantine', 'drop', $more, 999))[0], 3, 'one is not there');
is(($d->ctl('quarantine', 'drop', '--all', '--dry-run'))[1],
	"2 would be dropped\n", '... and all are: what would be is told');
is(scalar(my @left = $d->ctl_json('quarantine', 'list')), 2,
	'... and nothing is dropped');
is_deeply([$d->ctl_json('quarantine', 'drop', $more, $more)],
	[{action => 'drop', messages => 1, kept => 0, dry_run => JSON::PP::false}],
	'one is dropped');
is(($d->ctl('quarantine', 'drop', '--all'))[1], "1 dropped\n", 'and all others');
is(($d->ctl('quarantine', 'list'))[0], 1, 'nothing is left');
is(($d->ctl('quarantine', 'drop', '--all'))[0], 1, '... to be dropped');
my ($still) = $d->ctl_json('status', '--now', $now);
is("$still->{messages} $still->{unreadable} $still->{quarantined}",
	"$counted->{messages} $counted->{unreadable} 0",
	'but they were counted');
done_testing();
