#!/usr/bin/perl
# Bounces on a real IMAP server: drained over plain text, STARTTLS and TLS with
# every disposition, with the result that the same messages give in a Maildir;
# and who cannot prove to be the server never sees the password.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my @messages = Messages::many(260);

# The dump of the same messages from a Maildir.
my $maildir = Dsnd->new;
$maildir->deliver($_->[0], at => $_->[1]) for @messages;
$maildir->once($now);
my $expected = $maildir->dump($now);

sub new_dsnd { return Dsnd->on(@_) }
sub once { return $_[0]->drain($now) }

sub fill {
	my ($dovecot) = @_;
	$dovecot->deliver($_->[0], $_->[1]) for @messages;
	return;
}

my $server = Dovecot->new;
my %plain = (tls => '"none"', port => $server->{port});
my %starttls = (tls => '"starttls"', port => $server->{port});

for my $way (['plain text on loopback', %plain], ['STARTTLS', %starttls],
	['TLS']) {
	my ($name, %keys) = @$way;
	my ($processed, $unrecognised) =
		($server->count('Processed'), $server->count('Unrecognised'));
	fill($server);
	my $d = new_dsnd($server, %keys);
	my ($status, $text) = once($d);
	is($status, 0, "$name: the folder is drained") or diag($text);
	is($server->count(''), 0, "$name: it is empty");
	is($server->count('Processed') - $processed, 240,
		"$name: reports are in Processed");
	is($server->count('Unrecognised') - $unrecognised, 20,
		"$name: the others are in Unrecognised");
	ok($d->dump($now) eq $expected, "$name: the result is that of a Maildir");
	($status) = once($d);
	is($status, 0, "$name: an empty folder is no failure");
}

fill($server);
my $d = new_dsnd($server, processed => '"delete"',
	unrecognised => '"move:Nicht erkannt/Äpfel & Birnen"');
my ($status, $text) = once($d);
is($status, 0, 'delete: the folder is drained') or diag($text);
is($server->count(''), 0, 'delete: it is empty');
is($server->count('Nicht erkannt.&AMQ-pfel &- Birnen'), 20,
	'a folder below another, with letters beyond ASCII, is created');
ok($d->dump($now) eq $expected, 'delete: the same result');

fill($server);
$d = new_dsnd($server, processed => '"keep"', unrecognised => '"keep"',
	log_level => 'info');
($status, $text) = once($d);
is($status, 0, 'keep: the folder is read') or diag($text);
is($server->count(''), 260, 'keep: all of it stays');
ok($d->dump($now) eq $expected, 'keep: the same result');
($status, $text) = once($d);
unlike($text, qr/message=/, 'keep: what is marked is not read again');
$server->deliver($messages[0][0] . "\n", $messages[0][1]);
($status, $text) = once($d);
is(scalar(() = $text =~ /message=/g), 1, 'keep: what is new is');

# Without a mark left, everything is read again and nothing counted twice.
$d = new_dsnd($server, log_level => 'info');
($status, $text) = once($d);
is($server->count(''), 0, 'marks of another configuration do not hold up mail');

my $huge = $messages[0][0] . ("x" x 70 . "\n") x 6000;
$server->deliver($huge, $messages[0][1]);
$d = new_dsnd($server, max_message => '"64kB"');
($status, $text) = once($d);
is($status, 0, 'of a large message the front is read') or diag($text);
like($d->dump($now), qr/^\["fact".*user0\@domain0\.example.*user_unknown/m,
	'... and judged');

# ... or nothing at all, where it is to be skipped: kept, not judged.
my $unrecognised = $server->count('Unrecognised');
$server->deliver($huge, $messages[0][1]);
$d = new_dsnd($server, max_message => '"64kB"', skip_large => 'true');
($status, $text) = once($d);
is($status, 0, 'a large message that is skipped') or diag($text);
unlike($d->dump($now), qr/^\["fact"/m, '... is not judged');
like($d->dump($now), qr/^\["message".*unreadable/m, '... is recorded');
like($text, qr/larger than max_message/, '... and told of');
is($server->count('Unrecognised') - $unrecognised, 1, '... and not deleted');

# Small ones come along with their sizes, large ones after that: all are whole.
my @mixed = map {[$messages[$_][0] . ("y" x 70 . "\n") x (300 * ($_ % 3)),
	$messages[$_][1]]} 0 .. 11;
$maildir = Dsnd->new;
$maildir->deliver($_->[0], at => $_->[1]) for @mixed;
$maildir->once($now);
$server->deliver(@$_) for @mixed;
$d = new_dsnd($server);
($status, $text) = once($d);
is($status, 0, 'small and large ones side by side') or diag($text);
ok($d->dump($now) eq $maildir->dump($now), '... are read whole');

# ---- Without MOVE: by copying, marking and expunging our own ----

my $old = Dovecot->new(extra =>
	"protocol imap {\n  imap_capability = IMAP4rev1 UIDPLUS NAMESPACE\n}\n");
fill($old);
$d = new_dsnd($old);
($status, $text) = once($d);
is($status, 0, 'without MOVE the folder is drained') or diag($text);
is($old->count(''), 0, '... it is empty');
is($old->count('Processed'), 240, '... and everything is where it belongs');
ok($d->dump($now) eq $expected, '... with the same result');
$old->stop;

# ---- The daemon waits ----

$server->deliver($messages[0][0] . "\n", $messages[0][1]);
$d = new_dsnd($server, poll => '"1h"');
my $pid = $d->start;
ok(Dsnd::await(sub { $server->count('') == 0 }), 'the daemon empties the folder');
$server->deliver($messages[1][0] . "\n", $messages[1][1]);
ok(Dsnd::await(sub { $server->count('') == 0 }),
	'what comes later is noticed long before the next poll');
# The server restarts: the connection is made anew.
$server->stop;
$server->start;
$server->deliver($messages[2][0] . "\n", $messages[2][1]);
ok(Dsnd::await(sub { $server->count('') == 0 }), 'a restarted server is found again');
my $begun = time;
kill 'TERM', $pid;
waitpid($pid, 0);
is($?, 0, 'told to stop while it waits, it ends well');
cmp_ok(time - $begun, '<', 10, '... at once');

# ---- Refusals ----

sub refused {
	my ($dovecot, $why, $name, %keys) = @_;
	my $box = new_dsnd($dovecot, %keys);
	my ($st, $said) = once($box);
	isnt($st, 0, "$name: refused");
	like($said, $why, "$name: it says why");
	open(my $log, '<', "$dovecot->{home}/log") or die $!;
	my @logins = grep {/imap-login: Info: Login: /} <$log>;
	return scalar(@logins);
}

my $elsewhere = Dovecot->new(cert => 'elsewhere');
my $expired   = Dovecot->new(cert => 'expired');
my $other_ca  = "\"$elsewhere->{home}/ca.pem\"";
is(refused($elsewhere, qr/name in the certificate does not match/,
		'the certificate of another host'), 0, '... nobody logged in');
is(refused($elsewhere, qr/name in the certificate does not match/,
		'the same with STARTTLS', tls => '"starttls"',
		port => $elsewhere->{port}), 0, '... nobody logged in');
is(refused($expired, qr/expired/, 'an expired certificate'), 0,
	'... nobody logged in');
refused($server, qr/issuer is unknown\. set ca_file .* or tls_fingerprint/,
	'an unknown CA', ca_file => $other_ca);
refused($server, qr/TLS: the server does not begin with it on port $server->{port} but says "\* OK.*": set tls = "starttls", or port = 993/,
	'TLS where there is none', port => $server->{port});
refused($server, qr/did not answer in time: if its port \(993, 995\) begins with TLS, set tls = "implicit"/,
	"$_ where there is TLS", tls => "\"$_\"", timeout => '"2s"')
	for 'none', 'starttls';

my $wrong = "$server->{home}/wrong";
open(my $f, '>', $wrong) or die $!;
print $f "not the password\n";
close($f) or die $!;
chmod 0600, $wrong;
refused($server, qr/login of bounces with PLAIN: .*Authentication failed/i,
	'a wrong password', password_file => "\"$wrong\"");
chmod 0644, $wrong;
refused($server, qr/mode is 0644/, 'a password that others can read',
	password_file => "\"$wrong\"");
refused($server, qr/cannot select folder Nowhere: .*exist/,
	'a folder that is not there', folder => '"Nowhere"');

done_testing();
