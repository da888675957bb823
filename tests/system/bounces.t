#!/usr/bin/perl
# Verdicts are found by what they are, and who may be tried again is told when.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new(policy => 'breaker = { addresses = 1000; };');
$d->deliver($_->[0], at => $_->[1]) for Messages::many(120);
# Greylisted until it expired; a full mailbox an hour ago; one of long ago.
sub soft {
	my ($to, $status, $text, $at) = @_;
	$d->deliver(Dsnd::dsn(to => $to, status => $status, diagnostic => $text,
		mid => $to, date => 'Fri, 20 Nov 2026 10:00:00 +0000'),
		at => Dsnd::epoch($at));
	return;
}
soft('grey@example.net', '4.7.1', '450 4.7.1 greylisted, try again later',
	'2026-11-20 07:00:00');
soft('full@example.net', '4.2.2', '452 4.2.2 mailbox full',
	'2026-11-20 11:00:00');
soft('old@example.net', '4.2.2', '452 4.2.2 mailbox full',
	'2026-10-20 11:00:00');
$d->once($now);
# One of another kind of mail.
$d->configure(policy => 'breaker = { addresses = 1000; };',
	mailbox => 'stream = "shop";');
soft('buyer@example.net', '5.7.1', '550 5.7.1 message refused as spam',
	'2026-10-20 12:00:00');
$d->once($now);

my @all = $d->ctl_json('bounces');
cmp_ok(scalar(@all), '>', 100, 'all verdicts are listed');
my @sorted = sort { $b->{at} <=> $a->{at} || $b->{id} <=> $a->{id} } @all;
is_deeply([map { $_->{id} } @all], [map { $_->{id} } @sorted],
	'the newest first, in a stable order');
my @few = $d->ctl_json('bounces', '--limit', 3);
is_deeply(\@few, [@all[0 .. 2]], '--limit gives the newest of them');

my %filter = (campaign => 'c3', reason => 'mailbox_full', class => 'hard',
	rule => $all[50]{rule}, mailbox => 'bounces', domain => 'domain3.example',
	address => 'user1@domain1.example', stream => 'shop');
for my $name (sort keys %filter) {
	my @got = $d->ctl_json('bounces', "--$name", $filter{$name});
	my @want = grep { $_->{$name} eq $filter{$name} } @all;
	is_deeply(\@got, \@want, "--$name finds the @{[scalar @want]} there are");
}
my @both = $d->ctl_json('bounces', map { ("--$_", $filter{$_}) }
	qw(domain campaign));
is_deeply(\@both, [grep { $_->{domain} eq $filter{domain} &&
	$_->{campaign} eq $filter{campaign} } @all], 'two filters hold together');
my @newest = grep { $_->{domain} eq $filter{domain} } @all;
is_deeply([$d->ctl_json('bounces', '--domain', $filter{domain}, '--limit', 2)],
	[@newest[0, 1]], '--limit gives the newest of a domain');
for my $code ('550', '4.2.2') {
	my @got = $d->ctl_json('bounces', '--code', $code);
	is_deeply(\@got, [grep { $_->{reply} eq $code || $_->{status} eq $code }
		@all], "--code $code finds replies and statuses");
}
my %any = ('5xx' => sub { $_[0]{reply} =~ /^5/ },
	'45X' => sub { $_[0]{reply} =~ /^45/ },
	'4.x.x' => sub { $_[0]{status} =~ /^4/ },
	'*.2.*' => sub { $_[0]{status} =~ /^\d\.2\./ },
	'5.X.1' => sub { $_[0]{status} =~ /^5\.\d+\.1$/ });
for my $code (sort keys %any) {
	my @want = grep { $any{$code}->($_) } @all;
	is_deeply([$d->ctl_json('bounces', '--code', $code)], \@want,
		"--code $code finds the @{[scalar @want]} of its kind");
}
my ($from, $to) = map { Dsnd::epoch($_) } '2026-10-02', '2026-10-04';
is_deeply([$d->ctl_json('bounces', '--since', '2026-10-02', '--until',
		'2026-10-04')],
	[grep { $_->{at} >= $from && $_->{at} < $to } @all],
	'--since and --until bound the time of arrival');
# More than is written at once: the list ends there.
for my $command (qw(bounces dump)) {
	my ($cut) = $d->run('sh', '-c', 'exec "$0" "$@" >/dev/full 2>&1',
		"$Dsnd::build/dsnctl", $command, '-c', $d->config);
	is($cut, 3, "$command says when it could not write all there is");
}
# A reader that has gone away, as head(1) does, is no reason to complain.
for (['bounces', 3], ['dump', 3], ['status', 3],
	['suppress', 0, 'pipe@example.net', '--reason', 'no reader'])
{
	my ($command, $want, @more) = @$_;
	pipe(my $reader, my $writer) or die $!;
	close($reader);
	my $pid = fork() // die $!;
	if (!$pid) {
		open(STDOUT, '>&', $writer) or die $!;
		open(STDERR, '>', $d->home . '/said') or die $!;
		exec("$Dsnd::build/dsnctl", $command, '-c', $d->config, @more) or die $!;
	}
	waitpid($pid, 0);
	is($?, $want << 8, "$command: exit status $want where nobody reads it");
	ok(-z $d->home . '/said', '... and says nothing of it');
}
my ($status) = $d->ctl('bounces', '--campaign', 'none');
is($status, 1, 'none is found where there is none');
for my $bad (['--limit', 'x'], ['--limit', '0'], ['--reason', 'x'],
	['--class', 'x'], ['--since', 'soon'], ['x'], map { ['--code', $_] }
	'', '55', '5500', '5*', '5**', '5.1', '5.1.1.1', '7.1.1', 'hard') {
	($status) = $d->ctl('bounces', @$bad);
	is($status, 2, "bounces @$bad is wrong use");
}
my (undef, $text) = $d->ctl('bounces', '--limit', 1, '--address',
	'full@example.net');
like($text, qr/^2026-11-20T11:00:00Z\tfull\@example\.net\tmailbox_full\t4\.2\.2\t/,
	'columns on a pipe');

my @dump = $d->ctl_json('dump', '--now', $now);
(undef, $text) = $d->ctl('dump', '--now', $now);
is(scalar(grep { ref $_ eq 'HASH' && ref $_->{row} eq 'ARRAY' } @dump),
	scalar(() = $text =~ /\n/g), 'dump --json: one object a line, too');

my @due = $d->ctl_json('due', '--now', $now);
is(join(' ', map { "$_->{address}" } @due), 'grey@example.net',
	'who may be tried now');
@due = $d->ctl_json('due', '--all', '--now', $now);
is(join(' ', map { "$_->{address}" } @due), 'grey@example.net full@example.net',
	'--all: those who have to wait too, by their time');
is($due[1]{due_at}, Dsnd::epoch('2026-11-21 11:00:00'), 'with the time');
@due = $d->ctl_json('due', '--now', '2026-11-21T11:00:00Z', '--domain',
	'EXAMPLE.net');
is($due[-1]{address}, 'full@example.net', 'whose time has come may be tried');
($status) = $d->ctl('due', '--domain', 'example.org', '--now', $now);
is($status, 1, 'nobody of another domain');
(undef, $text) = $d->ctl('due', '--now', $now);
like($text, qr/^grey\@example\.net\t-\texpired\tnow\t/, 'columns on a pipe');

# A greylisting that ended in a failure has expired: policy.retry.greylisted is
# for whoever has a rule and an effect of their own.
sub retried {
	my ($reply, %o) = @_;
	my $grey  = Dsnd->new;
	my $rules = $grey->home . '/rules';
	mkdir $rules or die $!;
	open(my $f, '>', "$rules/our.conf") or die $!;
	print $f $o{rule} // '';
	close($f) or die $!;
	$grey->configure(extra => "rules_dir = \"$rules\";", policy =>
		'reasons = { greylisted = { effect = "count"; }; };' .
		'retry = { greylisted = "20m"; };');
	$grey->deliver(Dsnd::dsn(to => 'grey@example.net', mid => 'grey',
			status => '4.7.1', diagnostic => "$reply 4.7.1 greylisted"),
		at => Dsnd::epoch('2026-11-20 11:30:00'));
	$grey->once($now);
	my ($row) = $grey->ctl_json('due', '--all', '--now', $now);
	return "$row->{reason} " . ($row->{due_at} - $row->{last_at}) / 60;
}
is(retried(450), 'expired 240', 'greylisted until it expired: 450 waits 4 hours');
is(retried(451), 'expired 60', '... 451 waits one hour');
is(retried(451, rule => 'our-grey: { text = ["greylisted"]; ' .
	'reason = "greylisted"; example = "451 4.7.1 greylisted"; };'),
	'greylisted 20', 'by a rule and an effect of our own it waits as we say');

# What is a whole domain's trouble is in no run, and is tried again all the same.
my $shared = Dsnd->new;
my $failed = Dsnd::epoch('2026-11-20 11:30:00');
$shared->deliver(Dsnd::dsn(to => "u$_\@busy.example", mid => "busy-$_",
		status => '4.4.1', diagnostic => '451 4.4.1 connection timed out'),
	at => $failed) for 1 .. 5;
$shared->once($now);
@due = $shared->ctl_json('due', '--all', '--now', $now);
is(join(' ', map { $_->{last_at} } @due), join(' ', ($failed) x 5),
	'due: the time of the last failure, whether it counts or not');
SKIP: {
	my @ask = ('sqlite3', '-readonly', $shared->database);
	($status, $text) = $shared->run(@ask, 'SELECT DISTINCT last_at FROM due');
	skip 'no sqlite3 here', 2 if $status != 0;
	is($text, "$failed\n", '... and so says the view');
	(undef, $text) = $shared->run(@ask, 'SELECT count(*) FROM soft');
	is($text, "0\n", 'the view soft has only runs');
}

done_testing();
