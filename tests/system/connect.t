#!/usr/bin/perl
# dsnd --check --connect: what would be done with each mailbox, without doing
# it, and the daemon's own words where it could not.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use Messages;
use Test::More;

my @messages = Messages::many(26);
my $server = Dovecot->new;
$server->deliver(@$_) for @messages;

sub connect_to {
	my ($d) = @_;
	return $d->run('sh', '-c', 'exec "$0" "$@" 2>&1', "$Dsnd::build/dsnd",
		'-c', $d->config, '--check', '--connect');
}

# Every file of the server's mail, and what a login writes of its own accord.
sub files {
	return join("\n", grep {!/dovecot[.-]/} sort split(/\n/,
		`cd $server->{home}/mail && find . -type f`));
}

my $d = Dsnd->on($server);
my $before = files();
my ($status, $text) = connect_to($d);
is($status, 0, 'a mailbox that can be read') or diag($text);
like($text, qr/^mailbox bounces: localhost port $server->{tls_port}, tls implicit: logged in as bounces with PLAIN$/m,
	'it says how it logged in');
like($text, qr/^mailbox bounces: folder INBOX: messages: 26, to be read: 26$/m,
	'... what there is to read');
like($text, qr/^mailbox bounces: MOVE: messages are moved$/m,
	'... what the server can do');
like($text, qr/^mailbox bounces: processed: moved to folder .Processed, which would be created$/m,
	'... and what it would do');
is(files(), $before, 'nothing is changed');
ok(!-e $d->database, '... no database is made');

$d->drain('2026-11-20T12:00:00Z');
(undef, $text) = connect_to($d);
like($text, qr/messages: 0, to be read: 0/, 'then the folder is empty');
like($text, qr/processed: moved to folder .Processed, which is there/,
	'... and the other is there');

$server->deliver(@$_) for @messages;
$d = Dsnd->on($server, processed => '"keep"', unrecognised => '"delete"',
	folders => '[ "INBOX", "Processed" ]');
(undef, $text) = connect_to($d);
like($text, qr/folder INBOX: messages: 26, to be read: 26\n.*folder Processed: messages: 24, to be read: 24\n.*processed: kept\n.*unrecognised: deleted/,
	'several folders, and other dispositions');

$d = Dsnd->on($server, folder => '"Nowhere"');
($status, $text) = connect_to($d);
is($status, 1, 'a folder that is missing');
like($text, qr/mailbox bounces: imap localhost: cannot select folder Nowhere: .*exist/,
	'... is told of');
$d = Dsnd->on($server, ca_file => '""');
($status, $text) = connect_to($d);
is($status, 1, 'a certificate that is not trusted');
like($text, qr/mailbox bounces: imap localhost: TLS: .*refused/, '... is told of');
unlike($text, qr/logged in/, '... before anybody logged in');

# ---- Maildirs ----

$d = Dsnd->new(mailboxes => ['one', 'two']);
$d->deliver($messages[0][0]);
($status, $text) = connect_to($d);
is($status, 0, 'Maildirs') or diag($text);
like($text, qr/mailbox one: messages in new: 1, in cur: 0\n.*would be created\n.*\nmailbox two: messages in new: 0/,
	'... are counted');
ok(!-e $d->home . '/one/.Processed', '... and no folder is made');
rmdir $d->home . '/one/cur' or die $!;
($status, $text) = connect_to($d);
is($status, 1, 'one that is none');
like($text, qr/mailbox one: maildir .*: cannot open cur: No such file/,
	'... is told of');
like($text, qr/mailbox two: messages in new/, '... beside the others');

is(($d->dsnd('--connect'))[0], 2, '--connect without --check is wrong use');

done_testing();
