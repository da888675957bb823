#!/usr/bin/perl
# contrib/receivers/dsnd-webhook: one file for each accepted request, none for
# any other, and what dsnd reads is what was posted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::SHA qw(hmac_sha256_hex);
use Dsnd;
use Test::More;

my $program = "$Dsnd::top/contrib/receivers/dsnd-webhook";
my $secret  = 'a-secret-of-24-character';
my $now     = '2026-11-20T12:00:00Z';
my $d       = Dsnd->new(mailboxes => []);
my $spool   = $d->home . '/spool';
mkdir $spool or die $!;

# What the program answers to a request; its body from a file, as a server's.
sub ask {
	my ($body, %env) = @_;
	my $file = $d->home . '/body';
	open(my $f, '>:raw', $file) or die $!;
	print $f $body;
	close($f) or die $!;
	local %ENV = (PATH => $ENV{PATH}, REQUEST_METHOD => 'POST',
		PATH_INFO => "/dsnd/hook/$secret", DSND_SPOOL => $spool,
		DSND_SECRET => $secret, CONTENT_LENGTH => length($body), %env);
	my (undef, $text) = $d->run('sh', '-c', 'exec "$0" <"$1" 2>/dev/null',
		$program, $file);
	like($text, qr/\AStatus: [0-9]{3} [^\r\n]+\r\n(?:[^\r\n]+\r\n)*\r\n/,
		'a well-formed answer');
	my ($status) = $text =~ /\AStatus: ([0-9]+)/;
	return $status;
}

sub files {
	opendir(my $dir, $spool) or die $!;
	return grep { !/^\.{1,2}\z/ && !-d "$spool/$_" } sort readdir $dir;
}

my $event = '[{"email":"ann@example.net","timestamp":1795075200,' .
	'"event":"bounce","sg_event_id":"i1","reason":"550 5.1.1 no such user"}]';
is(ask($event, REQUEST_METHOD => 'GET'), 405, 'only POST');
is(ask($event, PATH_INFO => '/dsnd/hook/another-secret-of-24-cha'), 403,
	'only with the secret');
is(ask($event, PATH_INFO => $_), 403, 'not without') for '', '/', "/$secret/";
is(ask($event, DSND_SECRET => 'short', PATH_INFO => '/short'), 500,
	'a short secret is none');
is(ask($event, DSND_SECRET => '', PATH_INFO => '/'), 500, 'nor is an empty one');

# Everybody can read the examples: their secret is nobody's.
open(my $readme, '<', "$Dsnd::top/contrib/receivers/README") or die $!;
my ($example) = join('', <$readme>) =~ /DSND_SECRET "([^"]+)"/;
is(ask($event, DSND_SECRET => $example, PATH_INFO => "/dsnd/hook/$example"),
	500, 'that of the examples must be replaced');
is(ask($event, DSND_SECRET => $_, PATH_INFO => "/$_"), 500,
	"one that no URL can have: '$_'")
	for 'a/secret/of/24/characters', "a-secret-of-24-charact\n";
is(ask($event, CONTENT_LENGTH => $_), 411, "a length of '$_'")
	for '', '-1', '1e3';
is(ask($event, DSND_MAX => 10), 413, 'not more than it may be');
is(ask($event, CONTENT_LENGTH => 1000), 400, 'a body that is cut short');
is(ask($event, DSND_SPOOL => "$spool/none"), 503, 'no folder: try again');
is(ask($event, DSND_SPOOL => ''), 500, 'no folder is set');
is(scalar(my @none = files()), 0, 'none of these left a file');

# Writers that were killed leave halves; only old ones are nobody's any more.
my @halves = map { "$spool/$_" } '.1795075200.00112233aabbccdd',
	'.1795075201.00112233aabbccdd', '.somebody-else';
for my $half (@halves) {
	open(my $f, '>', $half) or die $!;
	close($f) or die $!;
}
utime(time - 7200, time - 7200, @halves[0, 2]) == 2 or die $!;
is(ask($event), 204, 'the right one is taken');
is(join(' ', map { -e $_ ? 1 : 0 } @halves), '0 1 1',
	'a half that is left from before goes, and nothing else');
unlink(@halves[1, 2]) == 2 or die $!;
my @files = files();
is(scalar @files, 1, 'and is a file');
like($files[0] // '', qr/\A[0-9]+\.[0-9a-f]{16}\.json\z/, 'under its last name');
is((stat("$spool/" . ($files[0] // '')))[2] & 0777, 0640,
	'for the group and nobody else');

open(my $conf, '>', $d->config) or die $!;
printf $conf "database = \"%s\"; mailboxes = ( { name = \"hooks\"; " .
	'type = "spool"; format = "sendgrid"; path = "%s"; } ); ' .
	"log_level = \"error\";\n", $d->database, $spool;
close($conf) or die $!;
$d->once($now);
ok($d->suppressed('ann@example.net', $now), 'dsnd reads it');

# Mailgun's signature.
sub mailgun {
	my ($time, $key, $token) = @_;
	return sprintf('{"signature":{"timestamp":"%s","token":"%s",' .
		'"signature":"%s"},"event-data":{}}', $time, $token // 'tok',
		hmac_sha256_hex($time . 'tok', $key));
}
my %key = (DSND_MAILGUN_KEY => 'key-1');
is(ask(mailgun(time, 'key-1'), %key), 204, 'signed');
is(ask(mailgun(time, 'key-2'), %key), 403, 'by another key');
is(ask(mailgun(time, 'key-1', 'kot'), %key), 403, 'about something else');
is(ask(mailgun(time - 7200, 'key-1'), %key), 403, 'long ago');
is(ask($_, %key), 403, 'not signed') for '{}', '[]', 'x', '{"signature":1}',
	'{"signature":{"timestamp":{},"token":[],"signature":null}}';

done_testing();
