#!/usr/bin/perl
# A list elsewhere that asks for what changed since its mark, and does as it is
# told, is ours: whatever came late, was taken back, ended or was imported.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $retention = 'retention = { history = "30d"; };';
my $d = Dsnd->new(extra => $retention);
my ($mark, %follower);

# What is suppressed, in whose stream and why.
sub entries {
	return join(' ', sort map { "$_->{stream}:$_->{reason}:$_->{source}" } @_);
}

sub changes {
	return $d->ctl_json('changes', defined $mark ? ('--after', $mark) : ());
}

# Asks once and does what it is told; the addresses it was told of, sorted, for
# what one transaction changes has no order.
sub follow {
	my @told;
	for my $c (changes()) {
		$mark = $c->{mark};
		push @told, $c->{address};
		delete $follower{$c->{address}};
		$follower{$c->{address}} = entries(@{$c->{suppressions}})
			if $c->{suppressed};
	}
	return join(' ', sort @told);
}

# After a step: it was told of these, and knows what we know.
sub followed {
	my ($now, $expected, $what) = @_;
	is(follow(), $expected, $what);
	my %ours;
	push @{$ours{$_->{address}}}, $_ for $d->ctl_json('list', '--now', $now);
	is_deeply(\%follower, {map { $_ => entries(@{$ours{$_}}) } keys %ours},
		'... and has what we have');
	is(follow(), '', '... and is told of nothing twice');
	return;
}

sub bounce {
	my ($to, $at) = @_;
	$d->deliver(Dsnd::dsn(to => $to, status => '5.1.1', mid => "m-$to-$at",
			diagnostic => '550 5.1.1 no such user here'),
		at => Dsnd::epoch($at));
	return;
}

my $now = '2026-11-20T12:00:00Z';
$d->once($now);
followed($now, '', 'of nothing, nothing is told');
bounce('ann@example.net', '2026-11-20 11:00:00');
bounce('bea@example.net', '2026-11-20 11:30:00');
$d->once($now);
followed($now, 'ann@example.net bea@example.net', 'two are dead');

bounce('cyd@example.org', '2026-11-10 08:00:00');
$d->once($now);
followed($now, 'cyd@example.org', 'a bounce of last week that is read today');
is(scalar(grep { $_->{address} eq 'cyd@example.org' }
	$d->ctl_json('list', '--now', $now, '--since', '2026-11-20')), 0,
	'... which no time of its own would show');

my ($status) = $d->ctl('release', 'bea@example.net', '--reason', 'she wrote',
	'--now', $now);
followed($now, 'bea@example.net', 'one is released');
$d->ctl('suppress', 'dan@example.org', '--reason', 'he asked', '--for', '2d',
	'--now', $now);
$d->ctl('release', 'dan@example.org', '--reason', 'or not', '--now', $now);
$d->ctl('suppress', 'dan@example.org', '--reason', 'he did', '--for', '2d',
	'--now', $now);
followed($now, 'dan@example.org', 'one of many words is told of once');

open(my $list, '>', $d->home . '/list.csv') or die $!;
print $list "email,created\neve\@example.com,2020-01-01\n" .
	"\@example.edu,2020-01-01\nann\@example.net,2020-01-01\n";
close($list) or die $!;
$d->ctl('import', $d->home . '/list.csv', '--now', $now);
followed($now, '@example.edu ann@example.net eve@example.com',
	'and old ones are imported');
$d->ctl('suppress', 'fay@example.com', '--reason', 'x', '--for', '9d', '--stream',
	'ads', '--now', $now);
followed($now, 'fay@example.com', 'one is suppressed in a stream');
is((split /\t/, (split /\n/, ($d->ctl('changes'))[1])[-1])[5], 'ads',
	'... which is shown to people, too');

$d->ctl('undo', '--since', '2026-11-20', '--reason', 'all a mistake', '--dry-run',
	'--now', $now);
followed($now, '', 'an undo that is only tried changes nothing');
$d->ctl('undo', '--since', '2026-11-20', '--reason', 'all a mistake', '--now', $now);
followed($now, 'ann@example.net', 'an undo leaves what was imported');
$d->ctl('undo', '--since', '2026-11-20', '--end', '--reason', 'it was none',
	'--now', $now);
followed($now, 'ann@example.net', '... and is taken back');

$now = '2026-11-22T12:00:01Z';
$d->once($now);
followed($now, 'dan@example.org', 'what ends by its time is told');
$d->configure(policy => 'mode = "observe"', extra => $retention);
$d->once($now);
followed($now, 'ann@example.net cyd@example.org',
	'who only observes suppresses none but what people did');
$d->configure(extra => $retention);
$d->once($now);
followed($now, 'ann@example.net cyd@example.org', '... for as long as he does');

# The fact goes that began it, what it did does not.
$d->configure(extra => 'retention = { history = "5d"; };');
$d->once($now);
is(($d->run('sqlite3', '-readonly', $d->database,
	"SELECT count(*) FROM bounce WHERE address LIKE 'cyd%'"))[1], "0\n",
	'retention takes a bounce');
followed($now, '', '... of which nobody need be told');

# Whoever begins anew gets all that holds.
$d->ctl('suppress', 'ian@example.com', '--reason', 'x', '--now', $now);
$d->ctl('release', 'ian@example.com', '--reason', 'x', '--now', $now);
is(follow(), 'ian@example.com', 'one is gone before anybody was told');
my $last = $mark;
my %was = %follower;
($mark, %follower) = ();
follow();
is_deeply(\%follower, \%was, 'a new follower is given what holds');
is(follow(), '', '... and is not told of whom it never heard');

# A number may come again once a backup was put back: its mark does not.
$mark = $last;
$d->ctl('backup', $d->home . '/copy.db');
$d->ctl('suppress', 'gus@example.com', '--reason', 'x', '--now', $now);
follow();
$d->ctl('restore', $d->home . '/copy.db');
$d->ctl('suppress', 'hal@example.com', '--reason', 'x', '--now', $now);
for my $wrong ($mark, $last, 'x', '1', '', '-1', "$last$last") {
	my ($exit, $said) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
		"$Dsnd::build/dsnctl", 'changes', '-c', $d->config, '--after', $wrong);
	is($exit, 3, "\"$wrong\" is no mark of this database");
	like($said, qr/^dsnctl: "\Q$wrong\E" is no mark.*begin anew without one$/,
		'... and what to do is said');
}
($mark, %follower) = ();
followed($now, join(' ', sort map { $_->{address} } changes()), 'begun anew');
is(($d->ctl('changes', '--after', $mark))[0], 1, 'nothing new: exit status 1');
is(($d->ctl('changes', 'x'))[0], 2, 'wrong use');
done_testing();
