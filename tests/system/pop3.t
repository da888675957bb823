#!/usr/bin/perl
# Bounces in a real maildrop: drained over plain text, STLS and TLS, deleted or
# kept, with the result that the same messages give in a Maildir. A session that
# breaks, in whatever place, neither loses nor counts twice.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use File::Temp;
use IO::Select;
use IO::Socket::INET;
use Messages;
use POSIX qw(strftime);
use Test::More;

my $now = '2026-11-20T12:00:00Z';

# The server tells no time of arrival: its own header does.
sub stamped {
	my ($bytes, $at) = @_;
	my @ends = (' id 7;', "; \n  ", " (a; b);\n\t", '; ');
	return ['Received: from mx.example.net by pop.example.org' .
		"\n\tfor <bounces\@example.org>" . $ends[$at % 4] . ' ' .
		strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime($at)) . "\n$bytes",
		$at];
}
my @messages = map { stamped(@$_) } Messages::many(130);
push @messages, stamped(Dsnd::dsn(to => 'dots@example.net', status => '5.1.1',
	mid => 'dots', diagnostic => "550 5.1.1 no such user\n.\n..dots"),
	$messages[0][1]);

sub expected {
	my $maildir = Dsnd->new;
	$maildir->deliver($_->[0], at => $_->[1]) for @_;
	$maildir->once($now);
	return $maildir->dump($now);
}
my $expected = expected(@messages);

my $server = Dovecot->new(pop3 => 1);
my %tls = (type => '"pop3"', port => $server->{pop3s_port},
	processed => '"delete"', unrecognised => '"delete"');
my %plain = (%tls, tls => '"none"', port => $server->{pop3_port});
my %starttls = (%plain, tls => '"starttls"');

sub fill {
	$server->deliver(@$_) for @_;
	return;
}

for my $way (['plain text on loopback', %plain], ['STLS', %starttls],
	['TLS', %tls], ['USER and PASS', %starttls, auth => '"login"']) {
	my ($name, %keys) = @$way;
	fill(@messages);
	my $d = Dsnd->on($server, %keys);
	my ($status, $text) = $d->drain($now);
	is($status, 0, "$name: the maildrop is drained") or diag($text);
	is($server->count(''), 0, "$name: it is empty");
	ok($d->dump($now) eq $expected, "$name: the result is that of a Maildir");
	($status) = $d->drain($now);
	is($status, 0, "$name: an empty maildrop is no failure");
}

fill(@messages);
my $d = Dsnd->on($server, %tls, processed => '"keep"',
	unrecognised => '"keep"', log_level => 'info');
my ($status, $text) = $d->drain($now);
is($status, 0, 'keep: the maildrop is read') or diag($text);
is($server->count(''), 131, 'keep: all of it stays');
ok($d->dump($now) eq $expected, 'keep: the same result');
($status, $text) = $d->drain($now);
unlike($text, qr/message=/, 'keep: what is kept is not fetched again');
fill(stamped($messages[0][0] . "\n", $messages[0][1]));
($status, $text) = $d->drain($now);
is(scalar(() = $text =~ /message=/g), 1, 'keep: what is new is');

# Another database knows nothing of it; here most is known by its key.
$d = Dsnd->on($server, %tls);
($status, $text) = $d->drain($now);
is($server->count(''), 0, 'delete: what another one kept goes');

($status, $text) = $d->drain($now, '--check', '--connect');
is($status, 0, '--check --connect succeeds') or diag($text);
like($text, qr/logged in as bounces with PLAIN/, '... and tells the login');
like($text, qr/processed: deleted/, '... and what would become of mail');

my $huge = stamped($messages[0][0] . ("x" x 70 . "\n") x 6000,
	$messages[0][1]);
fill($huge);
$d = Dsnd->on($server, %tls, max_message => '"64kB"');
($status, $text) = $d->drain($now);
is($status, 0, 'of a large message the front is read') or diag($text);
like($d->dump($now), qr/^\["fact".*user0\@domain0\.example.*user_unknown/m,
	'... and judged');

# ... or nothing at all: kept, whatever is configured, and not met again.
fill($huge);
$d = Dsnd->on($server, %tls, max_message => '"64kB"', skip_large => 'true',
	log_level => 'info');
($status, $text) = $d->drain($now);
is($status, 0, 'a large message that is skipped') or diag($text);
unlike($d->dump($now), qr/^\["fact"/m, '... is not judged');
is($server->count(''), 1, '... and not deleted');
($status, $text) = $d->drain($now);
is($status, 0, '... and no failure later') or diag($text);
unlike($text, qr/message=/, '... nor fetched again');
Dsnd->on($server, %tls)->drain($now);

# Two alike: both go.
fill($messages[0], $messages[0]);
$d = Dsnd->on($server, %tls);
($status, $text) = $d->drain($now);
is("$status " . $server->count(''), '0 0', 'of two copies none is left')
	or diag($text);

# A line longer than any, dots where a piece of it may begin.
my $long = stamped($messages[0][0] =~ s/\n\n/"\n\n" . '.' x 40_000 . "\n"/er,
	$messages[0][1]);
fill($long);
$d = Dsnd->on($server, %tls);
$d->drain($now);
ok($d->dump($now) eq expected($long), 'a long line comes as it was sent');

# What no configuration may say, and whom no password is shown.
sub refused {
	my ($why, $name, %keys) = @_;
	my $bad = Dsnd->on($server, %keys);
	my ($rc, $said) = $bad->drain($now);
	isnt($rc, 0, "$name: refused");
	like($said, $why, "$name: and it says why");
	return;
}
refused(qr/processed: POP3 has no folders/, 'move', %tls,
	processed => '"move:Processed"');
refused(qr/unrecognised: POP3 has no folders/, 'the default', %tls,
	unrecognised => undef);
refused(qr/folder is for mailboxes of type "imap" only/, 'a folder', %tls,
	folder => '"INBOX"');
refused(qr/certificate/, 'an unknown CA', %tls, ca_file => undef);
open(my $f, '>', "$server->{home}/wrong") or die $!;
print $f "wrong\n";
close($f) or die $!;
chmod 0600, "$server->{home}/wrong";
refused(qr/login of bounces/, 'a wrong password', %tls,
	password_file => "\"$server->{home}/wrong\"");

# A server of our own between: it passes on so many lines of the real one's
# answers, then hangs up. What it saw of passwords is told.
sub broken_after {
	my ($lines) = @_;
	my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
		or die $!;
	my $pid = fork // die $!;
	return ($listen->sockport, $pid) if $pid;
	while (my $client = $listen->accept) {
		my $real = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
			PeerPort => $server->{pop3_port}) or die $!;
		my $select = IO::Select->new($client, $real);
		my $left = $lines;
		LINE: while (my @ready = $select->can_read) {
			for my $from (@ready) {
				sysread($from, my $bytes, 1) or last LINE;
				my $to = $from == $real ? $client : $real;
				syswrite($to, $bytes) or last LINE;
				last LINE if $from == $real && $bytes eq "\n" && --$left <= 0;
			}
		}
	}
	POSIX::_exit(0);
}

sub at_port {
	my ($home, $from, $to) = @_;
	local ($^I, @ARGV) = ('', $home->config);
	while (<>) {
		s/port = $from;/port = $to;/;
		print;
	}
	return;
}

my @few = @messages[0 .. 5];
my $few = expected(@few);
for my $lines (1 .. 12, 20, 40, 80, 120, 160, 200, 230, 250) {
	fill(@few);
	$d = Dsnd->on($server, %plain);
	my ($port, $pid) = broken_after($lines);
	at_port($d, $server->{pop3_port}, $port);
	$d->drain($now);
	kill 'KILL', $pid;
	waitpid($pid, 0);
	at_port($d, $port, $server->{pop3_port});
	($status, $text) = $d->drain($now);
	is($status, 0, "hung up on after $lines lines: then drained")
		or diag($text);
	is($server->count(''), 0, '... it is empty');
	ok($d->dump($now) eq $few, '... each counts once');
}

# TLS where it is not spoken, and none where it is.
for my $case (
	[qr/does not begin with it on port \d+ but says "\+OK.*": set tls = "starttls", or port = 995/,
		%tls, port => $server->{pop3_port}],
	[qr/did not answer in time: if its port .*set tls = "implicit"/,
		%starttls, port => $server->{pop3s_port}, timeout => '"2s"'],
) {
	my ($why, %keys) = @$case;
	my ($rc, $said) = Dsnd->on($server, %keys)->drain($now);
	isnt($rc, 0, "port $keys{port} with the other kind of TLS: a failure");
	like($said, $why, '... which says what to set');
}

# What a server must not do. A function is told what was heard, and answers.
sub scripted {
	my (@answers) = @_;
	my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
		or die $!;
	my $pid = fork // die $!;
	return ($listen->sockport, $pid) if $pid;
	my $client = $listen->accept;
	my $said = '';
	for my $answer (@answers) {
		# Nothing more is said: whoever waits can see that.
		$0 = 'silent' if $answer eq '';
		syswrite($client, ref $answer ? $answer->($said) : $answer);
		sysread($client, $said, 4096) or last;
	}
	POSIX::_exit(0);
}

sub silent {
	my ($pid) = @_;
	open(my $f, '<', "/proc/$pid/cmdline") or return 0;
	return (<$f> // '') =~ /^silent/;
}

my $hello = "+OK hello\r\n";
my $able = "+OK\r\nSASL PLAIN\r\nUSER\r\n.\r\n";
my @in = ($hello, "+OK\r\nUSER\r\n.\r\n", "+OK\r\n", "+OK in\r\n");
for my $case (
	['no greeting', qr/makes no sense/, "hello\r\n"],
	['a greeting that refuses', qr/busy/, "-ERR busy\r\n"],
	['STLS stripped', qr/offers no STLS/, $hello, "+OK\r\nUSER\r\n.\r\n"],
	['text before TLS', qr/somebody put text/, $hello,
		"+OK\r\nSTLS\r\n.\r\n", "+OK go\r\n+OK injected\r\n"],
	['no UIDL', qr/without UIDL/, @in, "-ERR what\r\n"],
	['a number of 0', qr/UIDL makes no sense/, @in, "+OK\r\n0 a\r\n.\r\n"],
	['a number beyond all', qr/UIDL makes no sense/, @in,
		"+OK\r\n99999999999 a\r\n.\r\n"],
	['the same number twice', qr/UIDL makes no sense/, @in,
		"+OK\r\n1 a\r\n1 b\r\n.\r\n"],
	['a UID too long', qr/UIDL makes no sense/, @in,
		"+OK\r\n1 " . 'a' x 71 . "\r\n.\r\n"],
	['a UID that is none', qr/UIDL makes no sense/, @in,
		"+OK\r\n1 \e[2J\r\n.\r\n"],
	['a size that is none', qr/LIST makes no sense/, @in,
		"+OK\r\n1 a\r\n.\r\n", "+OK\r\n1 -5\r\n.\r\n"],
	['a line without end', qr/./, $hello, "+OK\r\n" . 'x' x 200_000],
	['a message larger than told', qr/./, @in, "+OK\r\n1 a\r\n.\r\n",
		"+OK\r\n1 10\r\n.\r\n", "+OK\r\n" . ("x" x 70 . "\r\n") x 60_000],
	['silence', qr/./, @in, "+OK\r\n1 a\r\n"],
) {
	my ($name, $why, @answers) = @$case;
	my ($port, $pid) = scripted(@answers);
	my $bad = Dsnd->on($server, %plain, port => $port,
		timeout => $name eq 'silence' ? '"2s"' : '"1m"',
		tls => $name =~ /TLS/ ? '"starttls"' : '"none"',
		auth => '"login"');
	my ($rc, $said) = $bad->drain($now);
	kill 'KILL', $pid;
	waitpid($pid, 0);
	isnt($rc, 0, "$name: a failure");
	like($said, $why, "$name: and it says why");
	unlike($said, qr/\e|correct-horse/, "$name: nothing is let through");
}
# A server that says nothing any more keeps nobody from ending.
for my $case (['the list', @in], ['QUIT', @in, "+OK\r\n.\r\n", "+OK\r\n.\r\n"]) {
	my ($name, @answers) = @$case;
	my ($port, $pid) = scripted(@answers, '');
	my $slow = Dsnd->on($server, %plain, port => $port, auth => '"login"',
		timeout => '"1m"', extra => 'daemon = { stop_deadline = "10s"; };',
		log_level => 'info');
	my $daemon = $slow->start('--once');
	ok(Dsnd::await(sub { silent($pid) }), "it waits for $name");
	my $begun = time;
	kill 'TERM', $daemon;
	waitpid($daemon, 0);
	cmp_ok(time - $begun, '<', 10, '... and ends in time when told to');
	is($?, 1 << 8, '... by itself');
	open(my $log, '<', $slow->home . '/log') or die $!;
	like(join('', <$log>), qr/^dsnd: told to stop before all was done$/m,
		'... and says why it has failed');
	kill 'KILL', $pid;
	waitpid($pid, 0);
}
# ... but one that takes its time to delete what is recorded is waited for.
{
	my $message = $messages[0][0] =~ s/\n/\r\n/gr;
	my $heard = File::Temp->new;
	my ($port, $pid) = scripted(@in, "+OK\r\n1 a\r\n.\r\n",
		"+OK\r\n1 " . length($message) . "\r\n.\r\n", "+OK\r\n$message.\r\n",
		sub {
			$0 = 'silent';
			syswrite($heard, $_[0]);
			select(undef, undef, undef, 3);
			return "+OK\r\n";
		},
		sub { syswrite($heard, $_[0]); return "+OK\r\n" });
	my $slow = Dsnd->on($server, %plain, port => $port, auth => '"login"',
		processed => '"delete"', timeout => '"1m"');
	my $daemon = $slow->start('--once');
	ok(Dsnd::await(sub { silent($pid) }), 'a server that deletes slowly');
	kill 'TERM', $daemon;
	waitpid($daemon, 0);
	waitpid($pid, 0);
	open(my $f, '<', "$heard") or die $!;
	is(join('', <$f>), "DELE 1\r\nQUIT\r\n", '... is waited for, and told to QUIT');
	is(-s $slow->home . '/log', 0, '... and nothing is complained of');
}
$server->stop;
done_testing();
