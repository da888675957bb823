#!/usr/bin/perl
# Other people's accidents: what a provider, a domain or our own resolver says
# of everybody for an hour is held, shown, and acts after its time, unless a
# person or a delivery speaks against it. Weeks of usual mail trip nothing.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $hour = 3600;
my $day  = 24 * $hour;
my $t0   = Dsnd::epoch('2026-11-02 00:00:00'); # the week begins
my $seed;

sub at { return '@' . $_[0] }

# The same numbers each time.
sub pick {
	my ($n) = @_;
	$seed = ($seed * 1103515245 + 12345) % 2147483648;
	return int($seed / 65536) % $n;
}

my @domains = ('gmail.com') x 8;
push @domains, ('yahoo.com') x 3, ('outlook.com') x 5, ('gmx.de') x 2,
	qw(web.de t-online.de aol.com icloud.com orange.fr seznam.cz wp.pl
	mail.ru libero.it), map { "firm$_.example" } 1 .. 15;
my %says = (
	hard => [ [ '5.1.1', '550 5.1.1 no such user here' ],
		[ '5.1.1', '550 5.1.1 no such user here' ],
		[ '5.1.1', '550 5.1.1 no such user here' ],
		[ '5.2.1', '550 5.2.1 this mailbox is disabled' ],
		[ '5.1.2', '550 5.1.2 domain name not found' ] ],
	soft => [ [ '5.2.2', '552 5.2.2 mailbox full' ],
		[ '4.4.1', 'connection timed out' ] ],
	block => [ [ '5.7.1', '550 5.7.1 message refused as spam' ] ],
);
my $serial = 0;

sub report {
	my ($to, $shape, $at, %o) = @_;
	my ($status, $text) = @$shape;
	$serial++;
	return [ Dsnd::dsn(to => $to, status => $status, diagnostic => $text,
		mid => "g$serial", date => 'Sun, 01 Nov 2026 09:00:00 +0000', %o),
		$at ];
}

# A week of usual mail: n reports, more by day than by night.
sub week {
	my ($n, $from) = @_;
	my @list;
	for my $i (1 .. $n) {
		my $kind  = (qw(hard hard hard soft soft block))[ pick(6) ];
		my @shapes = @{ $says{$kind} };
		my $h     = pick(24);
		$h = 8 + pick(12) if pick(3);
		push @list, report("w$i\@" . $domains[ pick(scalar @domains) ],
			$shapes[ pick(scalar @shapes) ],
			$from + pick(7) * $day + $h * $hour + pick($hour));
	}
	return sort { $a->[1] <=> $b->[1] } @list;
}

# A mailing: most of what comes back comes in its first hours.
sub mailing {
	my ($n, $from) = @_;
	my @list;
	for my $i (1 .. $n) {
		my $kind   = (qw(hard hard hard hard soft block))[ pick(6) ];
		my @shapes = @{ $says{$kind} };
		push @list, report("c$from-$i\@" . $domains[ pick(scalar @domains) ],
			$shapes[ pick(scalar @shapes) ],
			$from + ($kind eq 'soft' ? 5 * $day : 0)
				+ (pick(10) < 7 ? pick($hour) : pick(6 * $hour)));
	}
	return @list;
}

sub deliver {
	my ($d, @list) = @_;
	$d->deliver($_->[0], at => $_->[1]) for @list;
	return;
}

# What guards hold at a time, as "scope key".
sub held {
	my ($d, $now) = @_;
	my ($status) = $d->ctl_json('status', '--now', at($now));
	return join(' ', map { "$_->{scope}=$_->{key}" } @{ $status->{guards} });
}

sub fresh { return Dsnd->new(mailbox => 'trusted = true;
	processed = "move:.Processed"; unrecognised = "move:.Unrecognised";', @_) }

sub usual_mail {
	$seed = 1;
	my @week = week(1000, $t0);
	my $d = fresh();
	deliver($d, @week);
	$d->once(at($t0 + 7 * $day));
	is(held($d, $t0 + 7 * $day), '', 'a drained week of usual mail trips nothing');
	my %now = map { $_ => 0 } 1 .. 7;
	my $live = fresh();
	for my $n (1 .. 7) {
		my $end = $t0 + $n * $day;
		deliver($live, grep { $_->[1] < $end && $_->[1] >= $end - $day } @week);
		$live->once(at($end));
		$now{$n} = held($live, $end);
	}
	is(join(' ', values %now), '      ', 'nor does it as it comes, day by day');
	is($live->dump(at($t0 + 7 * $day)), $d->dump(at($t0 + 7 * $day)),
		'and both know the same');

	my $first = fresh();
	deliver($first, mailing(900, $t0 + 9 * $hour));
	$first->once(at($t0 + 12 * $hour));
	is(held($first, $t0 + 12 * $hour), '',
		'the first mailing of a new installation is no accident');
	deliver($first, mailing(1200, $t0 + 7 * $day + 9 * $hour));
	$first->once(at($t0 + 7 * $day + 12 * $hour));
	is(held($first, $t0 + 7 * $day + 12 * $hour), '', 'nor is the second');
	return @week;
}

my @week = usual_mail();

# On the eighth day, at ten: one accident of each kind among usual mail.
my $bad = $t0 + 7 * $day + 10 * $hour;
my %accident = (
	'provider=yahoo' => [ map { report("y$_\@" .
		(qw(yahoo.com aol.com yahoo.de))[ $_ % 3 ],
		[ '5.1.1', '550 5.1.1 no such user here' ], $bad + $_ * 20) } 1 .. 60 ],
	'domain=firm3.example' => [ map { report("p$_\@firm3.example",
		[ '5.1.1', '550 5.1.1 no such user here' ], $bad + $_ * 30) } 1 .. 30 ],
	'reason=domain_unknown relay.example.org' => [ map {
		report("n$_\@company$_.example", [ '5.1.2',
		'550 5.1.2 domain name not found' ], $bad + $_ * 30, remote => '') }
		1 .. 50 ],
);
# Of another domain, for another reason.
my @beside = map { report("b$_\@firm9.example", $says{hard}[3], $bad + $_ * 100) }
	1 .. 5;

for my $key (sort keys %accident) {
	my $d    = fresh();
	my $soon = $bad + $hour;
	my @list = @{ $accident{$key} };
	my @who  = map { $_->[0] =~ /^Final-Recipient: rfc822; (\S+)$/m ? $1 : () } @list;

	deliver($d, @week, @beside, @list);
	$d->once(at($soon));
	like(held($d, $soon), qr/(^| )\Q$key\E( |$)/, "$key is held");
	my @pending = $d->ctl_json('pending', '--now', at($soon));
	my %waits   = map { $_->{address} => $_ } @pending;
	is(scalar(grep { $waits{$_} } @who), scalar @who, "$key: all of them wait");
	ok(!$waits{'b1@firm9.example'}, "$key: who failed beside it does not");
	ok($d->suppressed('b1@firm9.example', at($soon)), "$key: and is suppressed");
	ok(!$d->suppressed($who[0], at($soon)), "$key: who waits is not");
	my ($scope, $name) = split /=/, $key, 2;
	like($waits{ $who[0] }{why}, qr/: \d+ of \d+ hard failures in that hour/,
		"$key: pending says why");
	my (undef, $text) = $d->ctl('status', '--now', at($soon));
	like($text, qr/^guard +\Q$scope $name\E: \d+ of \d+ hard failures .* wait/m,
		"$key: status says why");

	# One is applied, one dropped, one delivered to; the rest waits.
	my ($status) = $d->ctl('pending', '--now', at($soon), '--apply',
		$waits{ $who[0] }{id}, '--reason', 'known');
	is($status, 0, "$key: a person applies one");
	$d->ctl('pending', '--now', at($soon), '--drop', $waits{ $who[1] }{id},
		'--reason', 'alive');
	deliver($d, report($who[2], [ '2.0.0', '250 2.0.0 ok' ], $bad + 5 * $hour,
		action => 'delivered'));
	$d->once(at($bad + 6 * $hour));
	my $next = $bad + $day + $hour;
	my @state = map { $d->suppressed($who[$_], at($bad + 6 * $hour)) } 0 .. 3;
	is("@state", '1 0 0 0', "$key: only what was applied acts");
	# The last second of the last hold, and the one after.
	my ($arrival) = map { $_->[1] } $list[3];
	is($d->suppressed($who[3], at($arrival + $day - 1)), 0,
		"$key: held for a whole day");
	is($d->suppressed($who[3], at($arrival + $day)), 1,
		"$key: released after a day");
	$d->once(at($next));
	@state = map { $d->suppressed($who[$_], at($next)) } 0 .. 3;
	is("@state", '1 0 0 1', "$key: a drop and a delivery stay");
	is(held($d, $next + $hour), '', "$key: status speaks of it no more");
}

# Whatever the order of reading and the size of batches.
my @all = (@week, @beside, map { @{ $accident{$_} } } sort keys %accident);
my $dump;
for my $try ([100, 0], [7, 1], [31, 2]) {
	my ($batch, $order) = @$try;
	my $d = fresh(extra => "daemon = { batch_messages = $batch; };");
	my @mixed = @all;
	$seed = $order;
	@mixed = map { $_->[1] } sort { $a->[0] <=> $b->[0] }
		map { [ pick(30000), $_ ] } @all if $order;
	# In two goes, so that hours are looked at again.
	deliver($d, @mixed[ 0 .. 699 ]);
	$d->once(at($bad + $hour));
	deliver($d, @mixed[ 700 .. $#mixed ]);
	$d->once(at($bad + $hour));
	$dump //= $d->dump(at($bad + $hour));
	ok($dump eq $d->dump(at($bad + $hour)),
		"order $order, batches of $batch: the same is held");
}
like($dump, qr/guard.*yahoo/, 'guards are in the dump');
done_testing();
