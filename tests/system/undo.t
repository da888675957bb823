#!/usr/bin/perl
# What is undone leaves nothing behind: the database reads as one that never
# had those verdicts, and as the old one once the undo is taken back.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my @all = Messages::many(200);
# A bad day: what the guard, the breaker and the soft runs see of it matters.
my ($from, $to) = ('2026-10-04 00:00:00', '2026-10-06 00:00:00');
sub is_bad { return $_[0] >= Dsnd::epoch($from) && $_[0] < Dsnd::epoch($to) }

# What has been made of the facts; decisions are the undo's own.
sub states {
	my ($d) = @_;
	return join("\n", grep { !/^\["(?:message|fact|decision)"/ }
			split(/\n/, $d->dump($now)));
}

my $d = Messages::read_warily($now, @all);
my $clean = Messages::read_warily($now, grep { !is_bad($_->[1]) } @all);
my $before = $d->dump($now);
my @filter = ('--since', '2026-10-04', '--until', '2026-10-06', '--now', $now);
isnt(states($d), states($clean), 'the bad day made a difference');

my ($status, $text) = $d->ctl('undo', @filter, '--dry-run');
is($status, 0, 'a dry run finds verdicts');
like($text, qr/^would be undone: \d\d verdicts/m, 'and says how many');
like($text, qr/^user\d+\@domain\d\.example\t\S.*\t\S/m,
	'with addresses before and after');
is($d->dump($now), $before, 'a dry run changes nothing');

($status) = $d->ctl('undo', @filter);
is($status, 2, 'without a reason nothing is undone');
($status) = $d->ctl('undo', '--reason', 'x', '--now', $now);
is($status, 2, 'nor without a filter');
($status) = $d->ctl('undo', '--rule', 'x', '--domain', '', '--reason', 'x');
is($status, 2, 'nor with one that is empty');
($status, $text) = $d->ctl('undo', @filter, '--reason', 'a bad day');
is($status, 0, 'the day is undone');
is(states($d), states($clean),
	'afterwards nothing differs from a database that never had it');
($status) = $d->ctl('undo', @filter, '--reason', 'again');
is($status, 1, 'nothing is undone twice');

my ($bad) = grep { is_bad($_->[1]) && $_->[0] =~ /^Final-Recipient/m } @all;
my ($address) = $bad->[0] =~ /^Final-Recipient: rfc822; (\S+)/m;
my ($show) = $d->ctl_json('show', '--now', $now, $address);
my ($undo) = grep { $_->{action} eq 'undo' } @{$show->{history}};
is($undo->{note}, 'a bad day', 'show says why');
ok(scalar(grep { $_->{note} =~ /^taken back/ } @{$show->{history}}),
	'and marks the verdict');
my $audit = qx(sqlite3 @{[$d->database]} "SELECT count(*) FROM audit
	WHERE action = 'undo' AND note = 'a bad day' AND bounce_id IN
	(SELECT id FROM bounce WHERE undone = 1 AND applied = 'no')");
is($audit + 0, scalar(grep { is_bad($_->[1]) &&
	$_->[0] =~ /^Final-Recipient/m } @all), 'the audit trail has each of them');

($status) = $d->ctl('undo', @filter, '--end', '--reason', 'it was right');
is($status, 0, 'the undo is taken back');
is(states($d), join("\n", grep { !/^\["(?:message|fact|decision)"/ }
	split(/\n/, $before)), 'and everything is as it was before it');

# Each filter by itself.
my %filter = (mailbox => ['bounces', 0], message => ['m3@lists.example.org', 1],
	reporter => ['relay.example.org', 0], rule => ['no-such-rule', undef],
	campaign => ['c1', 37], domain => ['Domain3.example', 27],
	evidence => ['token', undef]);
for my $name (sort keys %filter) {
	my ($value, $one) = @{$filter{$name}};
	($status, $text) = $d->ctl('undo', '--now', $now, '--json', '--dry-run',
		"--$name", $value);
	my ($n) = $text =~ /"verdicts":(\d+)/;
	my $want = !defined $one ? $n == 0 && $status == 1
		: $one ? $n == $one : $n > 100;
	ok($want, "--$name $value finds what it says ($n)");
}
like(($d->ctl('undo', '--now', $now, '--dry-run', '--message',
	'<m3@lists.example.org>'))[1], qr/: 1 verdicts/,
	'a Message-ID as it stands in a header');
# Several of them: what fits all.
($status, $text) = $d->ctl('undo', '--now', $now, '--json', '--dry-run',
	'--campaign', 'c1', '--domain', 'domain3.example', '--evidence', 'unproved');
my ($both) = $text =~ /"verdicts":(\d+)/;
ok($both > 0 && $both < 27, "all filters have to fit ($both)");
is(($d->ctl('undo', '--now', $now, '--dry-run', '--evidence', 'forged'))[0], 2,
	'there is no such evidence');
# A person sees how far it is; a pipe gets nothing of it.
my $verify = "$Dsnd::build/dsnctl verify -c " . $d->config . " --now $now";
like(qx(script -qec "$verify" /dev/null), qr/addresses: 1 of \d+/,
	'on a terminal its progress shows');
unlike(qx($verify 2>&1), qr/addresses:/, 'on a pipe it does not');

done_testing();
