#!/usr/bin/perl
# Who is forgotten leaves nothing behind: the database reads as one that never
# heard of them. Without --all what suppresses them stays, and nothing beside.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my @all = Messages::many(300);
# Some whose failures are others' as well: hours held, domains in trouble.
my @gone = map { sprintf('user%d@domain%d.example', $_ % 97, $_ % 7) }
	1, 2, 3, 4, 7, 10, 30, 46, 100;

sub is_about {
	my ($bytes) = @_;
	return scalar grep { $bytes =~ /^Final-Recipient: rfc822; \Q$_\E$/m } @gone;
}

# Messages that said nothing, and those all of whose recipients are forgotten,
# are still known not to be read twice.
sub content {
	my ($d) = @_;
	return join("\n", grep { !/^\["message"/ } split(/\n/, $d->dump($now)));
}

sub forget { my $d = shift; return $d->ctl('forget', '--now', $now, @_) }

# Every byte that SQLite keeps, once its log is empty.
sub bytes_of {
	my ($d) = @_;
	system('sqlite3', $d->database, 'PRAGMA wal_checkpoint(TRUNCATE)');
	local $/ = undef;
	my $bytes = '';
	for my $file (map { $d->database . $_ } '', '-wal') {
		open(my $f, '<:raw', $file) or next;
		$bytes .= <$f> // '';
	}
	return $bytes;
}

my $d = Messages::read_warily($now, @all);
my $clean = Messages::read_warily($now, grep { !is_about($_->[0]) } @all);
my $before = $d->dump($now);
isnt(content($d), content($clean), 'they have left something');
like(bytes_of($d), qr/\Q$gone[0]\E/, 'and can be found');

my ($status, $text) = forget($d, '--all', '--dry-run', @gone);
is($status, 0, 'a dry run');
like($text, qr/^\Q$gone[0]\E: \d+ reports? would be erased/m, 'says what it would do');
is($d->dump($now), $before, 'and does not do it');
($status, $text) = forget($d, '--all', @gone);
is($status, 0, 'they are forgotten');
is(content($d), content($clean), 'as if they had never been heard of');
unlike(bytes_of($d), qr/\Q$_\E/, "no byte of $_") for @gone[0, 4, 8];
is($d->dump($now) =~ /\Q$gone[0]\E/ ? 1 : 0, 0, 'nor in what is told');
($status, $text) = forget($d, '--all', @gone);
is($status, 1, 'nothing is known of them now');
like($text, qr/^\Q$gone[8]\E: nothing is known of it$/m, 'which is said of each');
($status) = $d->ctl('verify', '--now', $now);
is($status, 0, 'everything agrees');

# What stays without --all is the answer.
$now = '2026-10-14T00:00:00Z';
$d = Dsnd->new;
$d->deliver($_->[0], at => $_->[1]) for @all;
$d->once($now);
$d->ctl('suppress', 'op@domain1.example', '--reason', 'called us, angry',
	'--stream', 'letters', '--for', '90d', '--now', $now);
$d->ctl('allow', 'fine@domain2.example', '--reason', 'a friend', '--now', $now);
$d->deliver(Dsnd::dsn(to => 'soft@domain3.example', status => '4.2.2',
	mid => 'soft1', diagnostic => '452 4.2.2 <soft@domain3.example> full'),
	at => Dsnd::epoch('2026-10-13 10:00:00'));
# Worn out, and complained.
$d->deliver(Dsnd::dsn(to => 'worn@domain3.example', status => '4.2.2',
	mid => "worn$_", campaign => "worn$_", diagnostic => '452 4.2.2 full'),
	at => Dsnd::epoch("2026-10-0$_ 10:00:00")) for 1, 4, 8;
$d->deliver(<<'END', at => Dsnd::epoch('2026-10-09 10:00:00'));
From: feedback@provider.example
To: news@lists.example.org
Subject: complaint
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b0"

--b0
Content-Type: text/plain

A user complained.

--b0
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: test/1
Version: 1
Original-Rcpt-To: <cross@domain3.example>

--b0
Content-Type: text/rfc822-headers

From: Garden News <news@lists.example.org>
To: cross@domain3.example
Subject: What to plant
Message-ID: <cross@lists.example.org>

--b0--
END
$d->once($now);
my %gone = map { $_ => 1 } @gone,
	map { $_->{address} } $d->ctl_json('list', '--now', $now);
@gone = sort keys %gone;

sub answers {
	my ($d) = @_;
	my %forgets = map { $_ => 1 } @gone;
	my @rows = grep { $forgets{$_->{address}} } $d->ctl_json('list', '--now', $now);
	delete @$_{qw(bounce_id note)} for @rows;
	return \@rows;
}
my $held = answers($d);
cmp_ok(scalar @$held, '>', 4, 'several of them are suppressed');
is(join(' ', sort keys %{{map { $_->{source} => 1 } @$held}}),
	'complaint hard operator promoted', 'for each kind of reason');
my %why = map { $_->{address} => 1 } @$held;
my @told = $d->ctl_json('forget', '--now', $now, @gone, 'fine@domain2.example',
	'soft@domain3.example');
is(scalar @told, @gone + 2, 'each has its line');
is_deeply([sort map { $_->{address} } grep { $_->{stays} } @told],
	[sort keys %why], 'those who are suppressed stay so');
is_deeply(answers($d), $held, 'for the same reason and as long');
my ($op) = grep { $_->{address} eq 'op@domain1.example' } $d->ctl_json('list', '--now', $now);
is($op->{note}, '', 'without a word of text');
unlike(bytes_of($d), qr/called us, angry|<\Q$told[0]{address}\E>/, 'none is left');
is_deeply([$d->ctl_json('bounces', '--address', $gone[0])], [],
	'no verdict, either');
unlike($d->dump($now), qr/fine\@domain2|soft\@domain3/,
	'who is not suppressed goes altogether');
($status) = $d->ctl('verify', '--now', $now);
is($status, 0, 'everything agrees');
is_deeply(($d->ctl_json('forget', '--now', $now, $gone[0]))[0]{reports}, 0,
	'forgotten again: no report is left');
is_deeply(answers($d), $held, 'and it is still suppressed');
my ($hard) = map { $_->{address} } grep { $_->{class} eq 'hard' } @$held;
$d->ctl('release', $hard, '--reason', 'x', '--now', '2026-10-14T01:00:00Z');
is($d->suppressed($hard, '2026-10-14T01:00:00Z'), 0, 'a person can end that');

# Where addresses are named without an address of their own.
my $sent = $d->home . '/sent';
open(my $f, '>', $sent) or die $!;
print $f "m1\@lists.example.org ann\@example.net\nm1\@lists.example.org joann\@example.net\n";
close($f) or die $!;
is(system("$Dsnd::build/dsnctl sent --ledger -c @{[$d->config]} --now $now <$sent"),
	0, 'two entries of what was sent');
system('sqlite3', $d->database, "INSERT INTO message SELECT 900000 + value,
	randomblob(16), 'bounces', '', at, 'unreadable', '', 0, '', '', '', 0, '', '',
	'', 0, '', '', '', '' FROM (SELECT at FROM message LIMIT 1), json_each('[1,2]');
	INSERT INTO quarantine VALUES (900001, 'broken', CAST('To: <Ann\@Example.NET>.' AS BLOB)),
	(900002, 'broken', CAST('To: joann\@example.net, ann\@example.net.uk' AS BLOB))") == 0
	or die;
my ($ann) = $d->ctl_json('forget', '--now', $now, 'Ann@example.net');
is(join(' ', @$ann{qw(known reports sent unreadable stays)}), '1 0 1 1 0',
	'each is found');
like($d->dump($now), qr/"joann\@example\.net"/, 'others stay');
unlike($d->dump($now), qr/"ann\@example\.net"/, 'it does not');
is(qx(sqlite3 @{[$d->database]} "SELECT group_concat(length(bytes) > 0)
	FROM quarantine WHERE message > 900000"), "0,1\n", 'nor what named it');

# Whoever answers a mailing leaves an address there, too.
$d->deliver("From: Eve <Eve\@example.net>\nTo: news\@lists.example.org\n" .
	"Subject: hello\nMessage-ID: <hand\@eve.example.net>\n\nPlease stop.\n",
	at => Dsnd::epoch('2026-10-13 10:00:00'));
$d->once($now);
like(bytes_of($d), qr/eve\@example\.net/i, 'a letter has its author');
($status, $text) = forget($d, 'eve@example.net');
is("$status $text", "0 eve\@example.net: 1 message of its own erased\n", 'who is forgotten');
unlike(bytes_of($d), qr/eve\@example|eve\.example/i, 'with its own name');

# Who follows the changes misses none, though the last of them was forgotten.
my @steps = $d->ctl_json('changes', '--now', $now);
my $mark = $steps[-1]{mark};
my ($last) = map { $_->{address} } $steps[-1];
$d->ctl('suppress', 'new@domain4.example', '--reason', 'x', '--now', $now);
my ($told) = $d->ctl_json('changes', '--after', $mark, '--now', $now);
is($told->{address}, 'new@domain4.example', 'one more change');
forget($d, '--all', 'new@domain4.example');
$d->ctl('suppress', 'newer@domain4.example', '--reason', 'x', '--now', $now);
my @after = $d->ctl_json('changes', '--after', $told->{mark}, '--now', $now);
is($after[-1]{address}, 'newer@domain4.example', 'no number is given twice');

# Nor where nobody is left who ever changed.
my $few = Dsnd->new;
$few->once($now);
$few->ctl('suppress', $_, '--reason', 'x', '--now', $now)
	for map { "$_\@domain5.example" } qw(a b);
my $seen = ($few->ctl_json('changes', '--now', $now))[-1]{mark};
forget($few, '--all', map { "$_\@domain5.example" } qw(a b));
$few->ctl('suppress', $_, '--reason', 'x', '--now', $now)
	for map { "$_\@domain5.example" } qw(c d);
is(join(' ', map { $_->{address} } $few->ctl_json('changes', '--after', $seen, '--now', $now)),
	'c@domain5.example d@domain5.example', 'whoever comes then is told of');

# Who holds the number of a verdict means that one, not one that came later.
my $numbers = Dsnd->new;
sub verdict {
	my ($name) = @_;
	$numbers->deliver(Dsnd::dsn(to => "$name\@domain6.example", mid => $name,
		status => '5.1.1', diagnostic => '550 5.1.1 User unknown'));
	$numbers->once($now);
	return ($numbers->ctl_json('bounces', '--now', $now))[0]{id};
}
my @ids = map { verdict($_) } qw(a b c);
forget($numbers, '--all', map { "$_\@domain6.example" } qw(c b));
is(verdict('d'), $ids[-1] + 1, 'no verdict gets the number of one that was forgotten');
forget($numbers, '--all', map { "$_\@domain6.example" } qw(a d));
is(verdict('e'), $ids[-1] + 2, '... nor where none is left');

# Whoever has left much behind leaves the database to others, too.
for my $part (0 .. 3) {
	my $events = $few->home . '/events';
	open(my $e, '>', $events) or die $!;
	printf $e "{\"address\":\"crowd\@domain6.example\",\"reply\":\"450 4.2.0 later\",\"id\":\"%d\"}\n",
		$part * 4000 + $_ for 1 .. 4000;
	close($e) or die $!;
	system("$Dsnd::build/dsnctl ingest --format smtp -c @{[$few->config]} --now $now <$events") == 0
		or die;
}
my $pid = fork // die $!;
if (!$pid) {
	open(STDOUT, '>', '/dev/null') or die $!;
	exec("$Dsnd::build/dsnctl", 'forget', '-c', $few->config, '--now', $now,
		'crowd@domain6.example') or die $!;
}
my $between = 0;
while (waitpid($pid, 1) == 0) {
	$few->ctl('suppress', "$between\@domain7.example", '--reason', 'x', '--now', $now);
	$between++;
}
is($?, 0, 'sixteen thousand reports are forgotten');
cmp_ok($between, '>', 2, 'and others write in between');

# A list, and what is none.
open($f, '>', $sent) or die $!;
print $f "newer\@domain4.example\nnobody\@domain4.example\n";
close($f) or die $!;
($status, $text) = $d->run('sh', '-c', 'exec "$@" <"$0"', $sent,
	"$Dsnd::build/dsnctl", 'forget', '-c', $d->config, '--now', $now, '-');
is($status, 0, 'those on standard input');
like($text, qr/^newer\@domain4\.example: 1 decision erased; still suppressed/m,
	'who was known');
like($text, qr/^nobody\@domain4\.example: nothing is known of it/m, 'and who was not');
($status, $text) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1', "$Dsnd::build/dsnctl",
	'forget', '-c', $d->config, '@domain4.example');
is($status, 2, 'a domain is no person');
like($text, qr/release/, 'the error says what is meant');

done_testing();
