#!/usr/bin/perl
# The week for people: it says what stats says, and what stats cannot.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;
my $n   = 0;

sub fails {
	my ($day, $to, $status, $words, $campaign) = @_;
	$d->deliver(Dsnd::dsn(to => "$to\@domain.example", status => $status,
			mid => 'r' . ++$n, campaign => $campaign,
			date => "$day Nov 2026 09:00:00 +0000",
			diagnostic => "$status <$to\@domain.example>: $words"),
		at => Dsnd::epoch("2026-11-$day 10:00:00"));
	return;
}

my ($status, $text) = $d->ctl('report', '--now', $now);
is($status, 3, 'without a database there is no report');
$d->once($now);
($status) = $d->ctl('report', '--now', $now);
is($status, 1, 'a week without mail');

my @full = ('4.2.2', 'mailbox full');
my @gone = ('5.1.1', 'user unknown');
fails('12', 'early', @gone, 'c0');  # the week before
fails('13', 'once', @full, 'c1');
fails('13', 'again', @full, 'c1');  # full twice, for two campaigns
fails('15', 'again', @full, 'c2');
fails('14', 'turned', @full, 'c1'); # full, then gone
fails('18', 'turned', @gone, 'c2');
fails('15', 'back', @gone, 'c1');   # gone, then full: nothing turned
fails('17', 'back', @full, 'c2');
fails('19', 'spam', '5.7.1', 'message refused as spam', 'c2');
fails('20', 'today', @gone, 'c3');  # a day that is not over
$d->once($now);
$d->ctl('sent', '--campaign', 'c1', '--day', '2026-11-13', 'domain.example=400');

my @rows = $d->ctl_json('report', '--now', $now);
my %of;
push @{$of{$_->{section}}}, $_ for @rows;
is_deeply([@{$of{period}[0]}{qw(first_day last_day)}],
	['2026-11-13', '2026-11-19'], 'seven whole days');
is_deeply([@{$of{total}[0]}{qw(sent hard soft block complaint)}],
	[400, 2, 5, 1, 0], 'all that came back of them');
is_deeply([@{$of{before}[0]}{qw(hard soft block)}], [1, 0, 0],
	'and of the week before');
is(join(' ', map { "$_->{campaign}=$_->{hard}+$_->{soft}+$_->{block}" }
	@{$of{campaign}}), 'c1=1+3+0 c2=1+2+1', 'by campaign');
is_deeply([map { scalar @{$of{$_}} } qw(domain provider reason)], [1, 1, 3],
	'by domain, provider and reason');
is_deeply([@{$of{soft}[0]}{qw(addresses repeated turned_hard)}], [4, 1, 1],
	'who failed softly, again, and for good');
is_deeply([@{$of{suppressed}[0]}{qw(now new held)}], [4, 2, 0],
	'the suppressed, and those of the week');
is_deeply([map { [@{$_}{qw(cause count)}] } @{$of{sender_health}}],
	[['spam_content', 1]], 'what others have against us');
isnt($of{sender_health}[0]{advice}, '', 'and what to do');

($status, $text) = $d->ctl('report', '--now', $now);
is($status, 0, 'there is something to tell');
like($text, qr/^What came back, 2026-11-13 to 2026-11-19/, 'it has a title');
like($text, qr/^all +400 +0 +2 +5 +1 +0 +0\.50% +1\.25%/m,
	'and columns on a pipe too');
like($text, qr/^Soft failures: 4 addresses; 1 of them.* 1 then/m, 'in words');
like($text, qr/^\S+: 1 time spam_content, last on/m, 'once is not times');
like($text, qr/^    said .*refused as spam/m, 'with what was said');
fails('16', sprintf('n%02d', $_), @gone, "d$_") for 1 .. 11;
$d->once($now);
(undef, $text) = $d->ctl('report', '--now', $now);
like($text, qr/^and 3 more: dsnctl stats --by campaign$/m, 'a list ends');

@rows = $d->ctl_json('report', '--now', $now, '--since', '2026-11-12',
	'--until', '2026-11-13');
is($rows[1]{hard}, 1, 'of other days');
($status) = $d->ctl('report', '--now', $now, '--since', '2026-11-20');
is($status, 2, 'today is no whole day');

done_testing();
