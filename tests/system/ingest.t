#!/usr/bin/perl
# One message on standard input goes the mailbox's road: what exits 0 is
# committed, what cannot be done now exits 75, nothing counts twice.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use IPC::Open2;
use JSON::PP;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new(mailboxes => ['bounces', 'ads'],
	mailbox => 'stream = "ads";');

# Exit status, output and complaints of ingest, given the bytes.
sub ingest {
	my ($bytes, @args) = @_;
	my $file = $d->home . '/input';
	open(my $f, '>:raw', $file) or die $!;
	print $f $bytes;
	close($f) or die $!;
	my @command = ("$Dsnd::build/dsnctl", 'ingest', '-c', $d->config,
		'--now', $now, @args);
	open(my $out, '-|', 'sh', '-c', 'exec "$@" <"$0" 2>"$0.err"', $file,
		@command) or die $!;
	local $/ = undef;
	my $text = <$out> // '';
	close($out);
	my $status = $? >> 8;
	open(my $err, '<:raw', "$file.err") or die $!;
	return ($status, $text, <$err> // '');
}

sub dead {
	my ($who) = @_;
	return Dsnd::dsn(to => "$who\@example.net", status => '5.1.1',
		mid => $who, diagnostic => "550 5.1.1 no such user");
}

my ($status, $text, $said) = ingest(dead('ann'));
is($status, 75, 'without a database: later');
like($said, qr/there is none/, 'and it says why');
$d->once($now);

($status, $text, $said) = ingest(dead('ann'));
is($status, 0, 'a bounce is taken');
is("$text$said", '', 'and a mail server gets nothing to send on');
ok($d->suppressed('ann@example.net', $now), 'it acts');
my $before = $d->dump($now);
($status, $text) = ingest("From MAILER-DAEMON Fri Nov 20 12:00:00 2026\n" .
	dead('ann'), '--json');
is($status, 0, 'the same once more, with the line of mbox before it');
ok(decode_json($text)->{known}, 'is known');
is($d->dump($now), $before, 'and changes nothing');
$d->deliver(dead('ann'));
$d->once($now);
my ($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
is(scalar @{$show->{history}}, 1, 'in a mailbox it is known, too');

($status) = ingest("From: ann\@example.net\nSubject: lunch\n\nAt one?\n");
is($status, 0, 'ordinary mail is taken');
($status) = ingest('');
is($status, 0, 'nothing is a message, too');

($status) = ingest(dead('ben'), '--mailbox', 'ads');
($show) = $d->ctl_json('show', '--now', $now, 'ben@example.net');
is($show->{history}[0]{mailbox}, 'ads', 'a mailbox lends its name');
is($show->{history}[0]{stream}, 'ads', 'and its stream');
($status, undef, $said) = ingest(dead('cat'), '--mailbox', 'adds');
is($status, 75, 'a mailbox that is not configured: later');
like($said, qr{no mailbox of \S+/dsnd.conf is named "adds"}, 'and it says so');
($status) = ingest(dead('cat'), '--mailbx', 'ads');
is($status, 75, 'a mistyped option keeps the mail in the queue');
($status) = ingest(dead('cat'), 'cat.eml');
is($status, 75, 'so does an operand');

my $big = dead('dan');
($status) = ingest($big . "x\n" x 4_000_000);
is($status, 0, 'of what is too long the front is read');
ok($d->suppressed('dan@example.net', $now), 'and acts');

my $sqlite = open2(my $from, my $to, 'sqlite3', $d->database);
print $to "BEGIN IMMEDIATE; SELECT 'held';\n";
$to->flush;
is(scalar <$from>, "held\n", 'somebody else holds the database');
($status, undef, $said) = ingest(dead('eve'));
is($status, 75, 'locked: later');
like($said, qr/locked/, 'and it says so');
print $to "ROLLBACK;\n";
close($to);
waitpid($sqlite, 0);
($status) = ingest(dead('eve'));
is($status, 0, 'free again, it is taken');

# Postfix bounds the files of what it pipes to by mailbox_size_limit.
sub bounded {
	my ($who, $how, $input) = @_;
	my $path = $d->home . "/$who";
	open(my $f, '>:raw', $path) or die $!;
	print $f dead($who);
	close($f) or die $!;
	return system('sh', '-c', "$how; exec \"\$@\" <" .
		($input // $path) . " 2>$path.err", 'sh',
		"$Dsnd::build/dsnctl", 'ingest', '-c', $d->config, '--now', $now);
}
is(bounded('gus', 'ulimit -S -f 1'), 0, 'files are bounded, not for good');
ok($d->suppressed('gus@example.net', $now), 'then they are not');
is(bounded('hal', 'ulimit -f 1'), 75 << 8, 'no room for the database: later');
is(bounded('ida', ':', '&-'), 75 << 8, 'no input is not an empty message');

$d->configure(extra => 'parser = { program = "/nonexistent/parse"; };');
($status, $text) = ingest(dead('fay'));
is($status, 75, 'without a parser: later');
ok(!$d->suppressed('fay@example.net', $now), 'and nothing was recorded');
$d->configure(extra =>
	"parser = { program = \"$Dsnd::build/tests/tools/parser_fault\"; };");
($status, $text) = ingest("crash", '--json');
is($status, 0, 'a message that kills the parser is taken');
is(decode_json($text)->{kind}, 'unreadable', 'as one that nobody could read');
my ($all) = $d->ctl_json('status', '--now', $now);
is($all->{quarantined}, 1, 'and is in quarantine');

$d->configure;
my $listed = join('', $d->ctl('status', '--now', $now));
like($listed, qr/^mailbox ingest: .*; from dsnctl ingest$/m,
	'status says whose the messages are');
unlike($listed, qr/nobody reads/, '... and finds nothing wrong with them');

# Where every bounce is piped.
$d->{mailboxes} = [];
$d->configure;
unlink glob($d->database . '*');
($status) = ingest(dead('kim'));
is($status, 75, 'without a database: later');
$d->once($now);
ok(-e $d->database, 'dsnd makes it, with no mailbox to read');
($status) = ingest(dead('kim'));
is($status, 0, '... so that ingest has where to record');
ok($d->suppressed('kim@example.net', $now), '... and does');
# An archive is no message; what a mail server pipes is one, and may bring
# anything back.
my $line = "From MAILER-DAEMON Fri Nov 20 12:00:00 2026\n";
my $was = $d->dump($now);
my $mbox = $line . dead('pat') . "\n" . $line . dead('quy');
($status, $text, $said) = ingest($mbox);
is($status, 75, 'an mbox of several messages is not taken for one');
like($said, qr/mbox of several.*nothing is taken.*formail -s/, '... and it says so');
is($d->dump($now), $was, '... and nothing is recorded');
my $pipe = 'cat "$0.input" | exec "$1" ingest -c "$0.conf" --now "$2"';
open(my $mail, '>', $d->home . '/dsnd.input') or die $!;
print $mail $line . dead('ray') . "\n$line\n";
close($mail) or die $!;
($status) = $d->run('sh', '-c', $pipe, $d->home . '/dsnd', "$Dsnd::build/dsnctl",
	$now);
is($status, 0, '... but what comes through a pipe is');
ok($d->suppressed('ray@example.net', $now), '... and acts');

done_testing();
