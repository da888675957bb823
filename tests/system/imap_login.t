#!/usr/bin/perl
# Logging in to a real server in every way, with passwords and with tokens that
# expire; where secrets come from, who may read them, and that nobody else sees
# them.
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use MIME::Base64 qw(encode_base64 encode_base64url);
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my ($message, $at) = @{(Messages::many(1))[0]};
my $key = 'a key that only the test and its server know';

# A token that the server verifies by itself (RFC 7519).
sub token {
	my (%claims) = @_;
	my $claims = join(',', map {"\"$_\":" . ($claims{$_} =~ /^\d+$/ ?
		$claims{$_} : "\"$claims{$_}\"")} sort keys %claims);
	my $text = join('.', map {encode_base64url($_)}
		'{"alg":"HS256","typ":"JWT"}', "{$claims}");
	return $text . '.' . encode_base64url(hmac_sha256($text, $key));
}
my $good  = token(sub => 'bounces', iat => time - 10, exp => time + 3600);
my $stale = token(sub => 'bounces', iat => time - 7200, exp => time - 3600);

my $server = Dovecot->new(
	files => {
		'keys/default/HS256/default' => encode_base64($key, ''),
		'oauth2.conf' => "introspection_mode = local\n" .
			"local_validation_key_dict = fs:posix:prefix=\@HOME\@/keys/\n" .
			"username_attribute = sub\n",
	},
	extra => <<'END');
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = @HOME@/oauth2.conf
}
END

sub write_file {
	my ($name, $content, $mode) = @_;
	my $path = "$server->{home}/$name";
	open(my $f, '>', $path) or die $!;
	print $f $content;
	close($f) or die $!;
	chmod $mode // 0600, $path;
	return $path;
}

sub said_by_server {
	open(my $f, '<', "$server->{home}/log") or die $!;
	local $/ = undef;
	return <$f>;
}

# Drains one message; what was said, and how the server names the login.
my $logged = 0;
sub works {
	my ($name, $method, %keys) = @_;
	$server->deliver($message . ++$logged, $at);
	my $d = Dsnd->on($server, %keys);
	my ($status, $text) = $d->drain($now);
	is($status, 0, "$name: logs in") or diag($text);
	is($server->count(''), 0, "$name: and drains");
	# It writes its log through a process of its own.
	my $last;
	Dsnd::await(sub {
		my @all = said_by_server() =~ /Login: user=<bounces>, method=([^,]+)/g;
		$last = $all[-1];
		return @all == $logged;
	});
	is($last, $method, "$name: by $method");
	unlike($text, qr/correct-horse|eyJ/, "$name: no secret is told");
	return $text;
}

sub fails {
	my ($name, $why, %keys) = @_;
	my $d = Dsnd->on($server, %keys);
	my ($status, $text) = $d->drain($now);
	isnt($status, 0, "$name: fails");
	like($text, $why, "$name: and says why");
	unlike($text, qr/correct-horse|eyJ/, "$name: no secret is told");
	my ($in_status) = $d->ctl('status');
	my (undef, $shown) = $d->ctl('status');
	like($shown, $why, "$name: status says it too");
	unlike($shown, qr/correct-horse|eyJ/, "$name: without the secret");
	return $text;
}

my %plain = (tls => '"none"', port => $server->{port});

works('the best', 'SCRAM-SHA-256');
works("auth = $_", uc $_, auth => "\"$_\"")
	for qw(scram-sha-256 scram-sha-1 cram-md5 plain);
works('auth = login', 'PLAIN', auth => '"login"'); # the command
works('the best in the clear', 'SCRAM-SHA-256', %plain);

# ---- Tokens ----

my %token = (password_file => undef);
works('a token', 'OAUTHBEARER', %token,
	token_file => '"' . write_file('token', "$good\n") . '"');
works('a token in the old way', 'XOAUTH2', %token, auth => '"xoauth2"',
	token_file => '"' . write_file('token', "$good\n") . '"');
fails('an expired token', qr/login of bounces with OAUTHBEARER: .*invalid_token/,
	%token, token_file => '"' . write_file('stale', "$stale\n") . '"');
fails('an expired token in the old way',
	qr/login of bounces with XOAUTH2: .*status/, %token, auth => '"xoauth2"',
	token_file => '"' . write_file('stale', "$stale\n") . '"');

# One that is refused is asked for again, once.
my $asked = "$server->{home}/asked";
my $program = write_file('token.sh', <<"END", 0700);
#!/bin/sh
echo "\${DSND_TOKEN_REFUSED-no}" >>$asked
if [ -n "\${DSND_TOKEN_REFUSED-}" ]; then echo $good; else echo $stale; fi
END
my %command = (%token, token_command => "[ \"$program\" ]");
works("a renewed token ($_)", uc $_, %command, auth => "\"$_\"")
	for qw(oauthbearer xoauth2);
open(my $f, '<', $asked) or die $!;
is(join('', <$f>), "no\n1\nno\n1\n", '... was asked for twice each time');
close($f) or die $!;
unlink $asked;
my $stubborn = write_file('stubborn.sh',
	"#!/bin/sh\necho x >>$asked\necho $stale\n", 0700);
fails('a token that stays refused', qr/invalid_token/, %token,
	token_command => "[ \"$stubborn\" ]");
is(-s $asked, 4, '... is asked for no more than twice');

# ---- Where passwords come from ----

works('a command', 'SCRAM-SHA-256', password_file => undef,
	password_command => '[ "/bin/echo", "correct-horse" ]');
fails('a command that fails', qr{/bin/false: exit status 1}, password_file => undef,
	password_command => '[ "/bin/false" ]');
fails('a command that is none', qr{/nonexistent: cannot be run},
	password_file => undef, password_command => '[ "/nonexistent" ]');
{
	my $folder = "$server->{home}/credentials";
	mkdir $folder, 0700 or die $!;
	write_file('credentials/bounces', "correct-horse\n", 0400);
	local $ENV{CREDENTIALS_DIRECTORY} = $folder;
	works('a credential of the service', 'SCRAM-SHA-256',
		password_file => '"bounces"');
}
fails('a credential that nobody passes', qr/no CREDENTIALS_DIRECTORY/,
	password_file => '"bounces"');
fails('a wrong password', qr/login of bounces with SCRAM-SHA-256: .*Authentication failed/,
	password_file => '"' . write_file('wrong', "nonsense\n") . '"');
# ---- A pinned certificate ----

my ($print) = `openssl x509 -noout -fingerprint -sha256 -in $server->{home}/cert.pem`
	=~ /=(\S+)/;
works('a pinned certificate', 'SCRAM-SHA-256', ca_file => undef,
	host => '"127.0.0.1"', tls_fingerprint => "\"sha256:$print\"");
(my $other = $print) =~ tr/0-9A-F/1-9A-F0/;
fails('another certificate than the pinned one',
	qr/refused: its fingerprint is sha256:[0-9a-f]{64}/,
	tls_fingerprint => "\"sha256:$other\"");

# ---- While it runs ----

$server->deliver($message . 'last', $at);
my $d = Dsnd->on($server, poll => '"1h"', password_file => undef,
	password_command => '[ "/bin/echo", "correct-horse" ]');
# Of root's processes nobody can tell whether they would leave a core.
system('chown', '-R', 'nobody', $d->home) if $> == 0;
my $pid = fork // die $!;
if (!$pid) {
	exec(($> == 0 ? qw(setpriv --reuid=nobody --clear-groups) : ()),
		"$Dsnd::build/dsnd", '-c', $d->config, '--foreground') or die $!;
}
ok(Dsnd::await(sub { $server->count('') == 0 }), 'the daemon runs');
# What of /proc/PID, of every process.
sub of_all {
	my ($what) = @_;
	my %all;
	for my $path (glob("/proc/[0-9]*/$what")) {
		open(my $f, '<', $path) or next;
		local $/ = undef;
		$all{(split m{/}, $path)[2]} = <$f> // '';
	}
	return %all;
}
my %arguments = of_all('cmdline');
unlike(join("\n", values %arguments), qr/correct-horse/,
	'no secret stands in a process list');
# In /proc, what may not dump core belongs to root.
my %stat = of_all('stat');
my @readers = grep {$stat{$_} =~ /^\d+ \(dsnd\) \S $pid /} keys %stat;
my @hidden = grep {(stat("/proc/$_/status"))[4] == 0} @readers;
isnt((stat("/proc/$pid/status"))[4], 0, 'the supervisor has no secret');
is(@hidden, 1, 'the reader has, and leaves no core behind');
kill 'TERM', $pid;
waitpid($pid, 0);

done_testing();
