#!/usr/bin/perl
# The same as imap.t on another server, with other habits: folders below INBOX,
# a dot between their levels, SCRAM, messages rewritten with CRLF.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Cyrus;
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my @messages = Messages::many(52);

my $maildir = Dsnd->new;
$maildir->deliver($_->[0], at => $_->[1]) for @messages;
$maildir->once($now);
my $expected = $maildir->dump($now);

my $server = Cyrus->new;
my %ways = (
	'plain text on loopback' => {tls => '"none"', port => $server->{port}},
	'STARTTLS' => {tls => '"starttls"', port => $server->{port}},
	'TLS' => {},
);
my %dispositions = (
	move => {},
	delete => {processed => '"delete"', unrecognised => '"delete"'},
	keep => {processed => '"keep"', unrecognised => '"keep"'},
);

for my $way (sort keys %ways) {
	for my $how (sort keys %dispositions) {
		my $name = "$way, $how";
		my %keys = (%{$ways{$way}}, %{$dispositions{$how}});
		my $moved = $server->count('Processed');
		$server->deliver_all(@messages);
		my $d = Dsnd->on($server, %keys);
		my ($status, $text) = $d->drain($now);
		is($status, 0, "$name: the folder is read") or diag($text);
		is($server->count(''), $how eq 'keep' ? 52 : 0,
			"$name: what is left there");
		is($server->count('Processed') - $moved,
			$how eq 'move' ? 48 : 0, "$name: and in Processed");
		ok($d->dump($now) eq $expected,
			"$name: the result is that of a Maildir");
		next if $how ne 'keep';
		($status, $text) = $d->drain($now, '--now', $now);
		is($status, 0, "$name: read again") or diag($text);
		ok($d->dump($now) eq $expected, "$name: nothing is counted twice");
		$server->command('SELECT INBOX',
			'STORE 1:* +FLAGS.SILENT (\\Deleted)', 'EXPUNGE');
	}
}

my $d = Dsnd->on($server, unrecognised => '"move:Nicht erkannt/Äpfel & Birnen"');
$server->deliver($messages[12][0], $messages[12][1]);
my ($status, $text) = $d->drain($now);
is($status, 0, 'a folder below a folder') or diag($text);
is($server->count('Nicht erkannt.&AMQ-pfel &- Birnen'), 1, '... is created');

# The daemon is told of new mail.
$d = Dsnd->on($server, poll => '"1h"');
my $pid = $d->start;
$server->deliver($messages[0][0], $messages[0][1]);
ok(Dsnd::await(sub { $server->count('') == 0 }), 'what comes first is read');
$server->deliver($messages[1][0], $messages[1][1]);
ok(Dsnd::await(sub { $server->count('') == 0 }),
	'what comes later is noticed long before the next poll');
kill 'TERM', $pid;
waitpid($pid, 0);
is($?, 0, 'told to stop while it waits, it ends well');

done_testing();
