#!/usr/bin/perl
# For people classify explains: what the message says, what decided, what else
# would have, and what would happen to the address.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;

sub classify {
	my ($bytes, @args) = @_;
	my $file = $d->home . '/message';
	open(my $f, '>:raw', $file) or die $!;
	print $f $bytes;
	close($f) or die $!;
	my (undef, $text) = $d->ctl('classify', '--now', $now, @args, $file);
	return $text;
}

sub full {
	my ($n, $at) = @_;
	return Dsnd::dsn(to => 'ben@example.net', status => '4.2.2',
		mid => "full$n", campaign => "c$n", date => $at,
		diagnostic => '452 4.2.2 mailbox full');
}

my $dead = Dsnd::dsn(to => 'ann@example.net', status => '5.1.1', mid => 'm7',
	campaign => 'spring', diagnostic => '550 5.1.1 no such user');
my $text = classify($dead);
like($text, qr/: bounce$/m, 'the kind');
like($text, qr/^ +original +m7\@lists\.example\.org$/m, 'what came back');
like($text, qr/^ +campaign +spring$/m, 'its campaign');
like($text, qr/^  ann\@example\.net: user_unknown \(hard, suppress\)$/m,
	'the reason, with its effect');
like($text, qr/^ +rule +user-unknown$/m, 'the rule');
like($text, qr/^ +words +no such user$/m, 'the words');
like($text, qr/^ +also holds +code-5-1-1: user_unknown/m, 'the runners-up');
unlike($text, qr/^ +outcome/m, 'without a database no more is said');

$d->once($now);
is((classify($dead) =~ /^ +outcome +(.*)$/m)[0],
	'would be suppressed (hard), until 2026-12-20T12:00:00Z',
	'with one: what would happen');
like(classify($dead), qr/^ +evidence +unproved: /m, 'on which evidence');
my $before = $d->dump($now);
classify($dead);
is($d->dump($now), $before, 'nothing is recorded');
$d->deliver($dead, at => Dsnd::epoch('2026-11-20 11:00:00'));
$d->once($now);
like(classify($dead), qr/: bounce, recorded before$/m, 'unless it was before');
is((classify($dead =~ s/m7/m8/gr) =~ /^ +outcome +(\w+ \w+)/m)[0],
	'is suppressed', 'an address that is suppressed');
$d->ctl('suppress', 'ann@example.net', '--reason', 'asked', '--now', $now);
is((classify($dead =~ s/m7/m8/gr) =~ /^ +outcome +(.*)$/m)[0],
	'is suppressed (operator), no end', '... for the longest of its causes');
$d->ctl('suppress', 'fay@example.net', '--stream', 'ads', '--reason', 'asked',
	'--now', $now);
like(classify($dead =~ s/ann/fay/gr =~ s/m7/m9/gr),
	qr/^ +outcome +would be suppressed \(hard\)/m,
	'what holds for one stream is nothing to another');

is((classify(full(1, 'Fri, 20 Nov 2026 09:00:00 +0000')) =~
	/^ +outcome +(counts: \d of \d)/m)[0], 'counts: 1 of 3',
	'a soft failure counts');
$d->deliver(full(1, 'Mon, 09 Nov 2026 09:00:00 +0000'),
	at => Dsnd::epoch('2026-11-09 10:00:00'));
$d->deliver(full(2, 'Thu, 12 Nov 2026 09:00:00 +0000'),
	at => Dsnd::epoch('2026-11-12 10:00:00'));
$d->once($now);
like(classify(full(3, 'Fri, 20 Nov 2026 09:00:00 +0000')),
	qr/^ +outcome +would be suppressed \(promoted\), until/m,
	'the third suppresses');

$d->ctl('allow', 'cat@example.net', '--reason', 'a friend', '--now', $now);
is((classify($dead =~ s/ann/cat/gr =~ s/m7/m9/gr) =~ /^ +outcome +(.*)$/m)[0],
	'stays mailable', 'who is allowed stays so');
my $two = Dsnd::dsn(to => 'dan@example.net', status => '5.1.1', mid => 'm10',
	diagnostic => '550 5.1.1 no such user', extra =>
		"\nFinal-Recipient: rfc822; eve\@example.net\nAction: failed\n" .
		"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user");
is(scalar(() = classify($two) =~ /^ +outcome +held/mg), 2,
	'what would be held');
like(classify("From: a\@example.net\nSubject: lunch\n\nAt one?\n"),
	qr/: other$/m, 'ordinary mail');
is((classify($dead, '--db', $d->home . '/no.db')), '',
	'a database that was named has to be there');
is(($d->run('bash', '-c', '"$0" classify --json <(cat "$1")',
	"$Dsnd::build/dsnctl", 'tests/corpus/vacation.eml'))[1] =~
	/"kind":"([^"]*)"/ ? $1 : '', 'auto-reply', 'a pipe that is named');

# An archive in one file: the messages of an mbox, each for itself.
my $envelope = "From MAILER-DAEMON Fri Nov 20 10:00:00 2026\n";
my $archive = $d->home . '/archive';
my @ours    = map { Dsnd::dsn(to => "mbox$_\@example.net", status => '5.1.1',
		mid => "mbox$_", diagnostic => '550 5.1.1 no such user') } 1 .. 3;
# Neither a quoted line nor a sentence begins a message.
$ours[1] =~ s/^Your message/>From a\@example.com Fri Nov 20 10:00:00 2026\n\nFrom Fred we hear: Your message/m
	or die;

sub parts {
	my ($file, $bytes) = @_;
	open(my $f, '>:raw', $file) or die "$file: $!";
	print $f $bytes;
	close($f) or die $!;
	return map { [$_->{file}, map { $_->{address} } @{$_->{recipients}}] }
		map { decode_json($_) } split /\n/,
		($d->run("$Dsnd::build/dsnctl", 'classify', '--json', $file))[1];
}

my @whom = map { [$_] } map { "mbox$_\@example.net" } 1 .. 3;
my $mbox = join("\n", map { $envelope . $_ } @ours);
is_deeply([parts($archive, $mbox)],
	[map { ["$archive:$_", @{$whom[$_ - 1]}] } 1 .. 3], 'each of an mbox');
is_deeply([parts($archive, $mbox =~ s/\n/\r\n/gr)],
	[map { ["$archive:$_", @{$whom[$_ - 1]}] } 1 .. 3], '... with CR LF');
is_deeply([parts($archive, $envelope . $ours[0])], [[$archive, @{$whom[0]}]],
	'one message is the file');
is_deeply([parts($archive, join("\n", @ours))], [[$archive, map { @$_ } @whom]],
	'what does not begin as an mbox is one message');
is(scalar(() = parts("$archive.eml", $mbox)), 1, '... and so is *.eml');
is_deeply([map { $_->[1] } parts($archive, $envelope . $ours[0] . 'y' x 5_000_000 .
	"\n\n" . $envelope . $ours[1])], [map { $_->[0] } @whom[0, 1]],
	'a large message hides no other');
parts($archive, $envelope . $ours[0] . "\n" . $envelope . $dead);
like(($d->ctl('classify', '--now', $now, $archive))[1],
	qr/^\Q$archive:2\E: bounce, recorded before$/m,
	'a message of it is known as that of a mailbox');
done_testing();
