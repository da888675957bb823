#!/usr/bin/perl
# Traps that no single message shows: the samples of tests/corpus have the
# others. Delays before a failure, a return path that contradicts the report,
# the same report twice, reports that are too large.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $at  = Dsnd::epoch('2026-11-02 10:00:00');
my $now = '2026-11-02T12:00:00Z';
my $d   = Dsnd->new(extra =>
	'report = { verp = [ "bounces+{local}={domain}@lists.example.org" ]; };');

sub shown {
	my ($who) = @_;
	my ($show) = $d->ctl_json('show', '--now', $now, $who);
	return $show // {};
}

# Trap 1: two warnings, then the end.
$d->deliver(Dsnd::dsn(to => 'ann@example.net', action => 'delayed',
	status => '4.2.2', diagnostic => '452 4.2.2 Mailbox full',
	mid => 'd'), at => $at + $_, name => "delay$_") for 1, 2;
$d->once($now);
is(shown('ann@example.net')->{status} // 'mailable', 'mailable',
	'warnings leave an address alone');
$d->deliver(Dsnd::dsn(to => 'ann@example.net', status => '5.2.2',
	diagnostic => '552 5.2.2 Mailbox full', mid => 'd'), at => $at + 9);
$d->once($now);
my @counted = grep { ($_->{effect} // '') eq 'count' }
	@{shown('ann@example.net')->{history}};
is(scalar @counted, 1, 'the failure after them counts once');

# Trap 9: the copy that the postmaster gets is about the same failure.
my $failed = Dsnd::dsn(to => 'pia@example.net', status => '5.2.2',
	diagnostic => '552 5.2.2 Mailbox full', mid => 'p');
my $copy = $failed =~ s/^Subject: .*$/Subject: Postmaster notify: see transcript/mr
	=~ s/<dsn-p@/<copy-p@/r;
$d->deliver($failed, at => $at);
$d->deliver($copy, at => $at + 60);
$d->once($now);
my ($status, $count) = $d->run('sqlite3', '-readonly', $d->database,
	"SELECT count FROM soft WHERE address = 'pia\@example.net'");
SKIP: {
	skip 'no sqlite3 here', 1 if $status != 0;
	is($count + 0, 1, 'a failure and its copy to the postmaster count once');
}

# Trap 13: the return path says rosa, the report says somebody who looks so.
my $other = Dsnd::dsn(to => 'rosa@examp1e.net', status => '5.1.1',
	diagnostic => '550 5.1.1 no such user', mid => 'v');
$other =~ s/^To: .*$/To: bounces+rosa=example.net\@lists.example.org/m;
$d->deliver($other, at => $at);
$d->once($now);
is($d->suppressed('rosa@examp1e.net', $now), 0, 'who was not mailed is not judged');
is($d->suppressed('rosa@example.net', $now), 0, 'who was mailed is not condemned');
is(scalar @{shown('rosa@example.net')->{history} // []}, 1,
	'the contradiction is kept with whom we mailed');

# Trap 14: one report, fetched again under another name.
my $same = Dsnd::dsn(to => 'ivo@example.net', status => '5.2.2',
	diagnostic => '552 5.2.2 Mailbox full', mid => 's');
$d->deliver($same, at => $at, name => 'first');
$d->once($now);
my $before = $d->dump($now);
$d->deliver($same, at => $at, name => 'second');
$d->once($now);
is($d->dump($now), $before, 'a report that was read before changes nothing');

# Trap 15: more recipients than are kept, and an original without end.
my $many = Dsnd::dsn(to => 'r0@example.net', status => '5.1.1',
	mid => 'm', extra => join('', map {
		"\nFinal-Recipient: rfc822; r$_\@example.net\nAction: failed\n" .
		"Status: 5.1.1\n" } 1 .. 6000));
$d->deliver($many, at => $at, name => 'many');
my $long = Dsnd::dsn(to => 'lea@example.net', status => '5.2.2',
	diagnostic => '552 5.2.2 Mailbox full', mid => 'l');
$long =~ s/--b0--\n\z/"x" x 76 . "\n"/e;
$long .= ('y' x 76 . "\n") x 400_000;
$d->deliver($long, at => $at, name => 'long');
my %read = map { $_->{file} =~ m{([^/]+)$}; ($1 => $_) }
	$d->ctl_json('classify', $d->home . '/bounces/new');
is($read{many}{kind}, 'bounce', 'a report of six thousand is read');
is(scalar @{$read{many}{recipients}}, 5000, 'as far as its cap');
is($read{long}{recipients}[0]{reason}, 'mailbox_full',
	'thirty megabytes behind a report do no harm');
$d->once($now);
is($d->suppressed('r17@example.net', $now), 0,
	'of many recipients at once none is condemned unproved');
my ($rows) = $d->run('sqlite3', '-readonly', $d->database,
	'SELECT 1');
SKIP: {
	skip 'no sqlite3 here', 1 if $rows != 0;
	my (undef, $partial) = $d->run('sqlite3', '-readonly', $d->database,
		'SELECT count(*) FROM message WHERE partial');
	is($partial + 0, 2, 'what was cut says so');
}
done_testing();
