#!/usr/bin/perl
# What is held shows who holds it; a person lets it act or drops it, once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $d   = Dsnd->new;
my $now = '2026-11-20T12:00:00Z';
# An unproved report about two recipients is held for a person.
$d->deliver(Dsnd::dsn(to => 'ann@example.net', status => '5.1.1', mid => 'p1',
	diagnostic => '550 5.1.1 no such user', extra =>
		"\nFinal-Recipient: rfc822; ben\@example.net\nAction: failed\n" .
		"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user"),
	at => Dsnd::epoch('2026-11-20 11:00:00'));
$d->once($now);

my @held = $d->ctl_json('pending', '--now', $now);
is(join(' ', sort map { $_->{address} } @held),
	'ann@example.net ben@example.net', 'both are held');
ok(!$d->suppressed('ann@example.net', $now), 'what is held does not act');
my %id = map { $_->{address} => $_->{id} } @held;
my ($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
like($show->{history}[0]{why}, qr/recipients of its report: 2$/,
	'show gives the reason that pending gives');
is($show->{history}[0]{why}, $held[0]{why}, '... in the same words');
my (undef, $text) = $d->ctl('show', '--now', $now, 'ann@example.net');
like($text, qr/^ +held by +\S.*: 2$/m, '... to people too');

my ($status) = $d->ctl('pending', '--now', $now, '--apply',
	$id{'ben@example.net'}, 'x', '--reason', 'a slip');
is($status, 2, 'a word among the ids is wrong use');
ok(!$d->suppressed('ben@example.net', $now), 'and nothing is decided');
($status) = $d->ctl('pending', '--now', $now, '--apply',
	$id{'ann@example.net'}, 4711, '--reason', 'a slip');
is($status, 3, 'so is a number that is not held');
ok(!$d->suppressed('ann@example.net', $now), 'and the other is left alone');
($status, $text) = $d->ctl('pending', '--now', $now, '--apply',
	$id{'ann@example.net'}, $id{'ann@example.net'}, '--reason', 'she left');
is($status, 0, 'one is applied');
is($text, "apply: 1 decided\n", '... and it is said');
my ($did) = $d->ctl_json('pending', '--now', $now, '--drop',
	$id{'ben@example.net'}, '--reason', 'forged');
is_deeply($did, { action => 'drop', verdicts => 1 }, 'the other is dropped');
ok($d->suppressed('ann@example.net', $now), 'what was applied acts');
ok(!$d->suppressed('ben@example.net', $now), 'what was dropped does not');
($status) = $d->ctl('pending', '--now', $now);
is($status, 1, 'nothing is left');
($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
is(scalar(grep { ($_->{note} // '') eq 'she left' } @{$show->{history}}), 1,
	'and the history says why, once where its number was given twice');

# To take it all back, and that back in turn, is no word about what was held.
my @all = ('--since', '2026-11-20', '--reason', 'which day was it?');
$d->ctl('undo', '--now', $now, @all);
my $later = '2026-11-20T12:10:00Z';
$d->ctl('undo', '--now', $later, '--end', @all);
ok($d->suppressed('ann@example.net', $later),
	'an undo and its end leave what was applied applied');
ok(!$d->suppressed('ben@example.net', $later), 'and what was dropped dropped');
($status) = $d->ctl('pending', '--now', $later);
is($status, 1, 'neither is held again');

# What pending prints is what it takes, for those of one domain.
my $many = Dsnd->new;
$many->deliver(Dsnd::dsn(to => 'a@one.example', status => '5.1.1', mid => 'p9',
	diagnostic => '550 5.1.1 no such user', extra => join('', map {
		"\nFinal-Recipient: rfc822; $_\nAction: failed\nStatus: 5.1.1\n"
			. "Diagnostic-Code: smtp; 550 5.1.1 no such user\n"
	} 'b@one.example', 'c@two.example')),
	at => Dsnd::epoch('2026-11-20 11:00:00'));
$many->once($now);
sub piped {
	my ($from, @args) = @_;
	my $ctl = "$Dsnd::build/dsnctl pending -c " . $many->config;
	return $many->run('sh', '-c', "$from | $ctl \"\$@\" 2>&1", 'sh',
		'--now', $now, @args);
}
my $those = "$Dsnd::build/dsnctl pending -c @{[$many->config]} --now $now"
	. ' | grep @one.example';
($status, $text) = piped("($those; echo c\@two.example)", '--drop', '-',
	'--reason', 'no');
is($status, 2, 'a line without an id is wrong use');
like($text, qr/standard input, line 3: it does not begin with an id$/m,
	'... and named');
($status, $text) = piped("($those; echo)", '--drop', '-', '--reason', 'down');
is_deeply([$status, $text], [0, "drop: 2 decided\n"],
	'those on standard input are decided');
is(join(' ', map { $_->{address} } $many->ctl_json('pending', '--now', $now)),
	'c@two.example', 'and no other');

done_testing();
