# What the real mail servers of the tests share: a temporary folder,
# certificates of their own, free ports, an end whatever happens.
package MailServer;
use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Socket::INET;

our $password = 'correct-horse';

# An interrupted test ends its servers too: exit() runs the destructors.
$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

# Class->new(cert => 'good'); also 'expired', 'elsewhere' (another host's).
sub new {
	my ($class, %o) = @_;
	my $self = bless {home => tempdir(lc($class) . '.XXXXXX', TMPDIR => 1,
			CLEANUP => 1), pid => 0, owner => $$, %o}, $class;
	chmod 0755, $self->{home};
	my @ids = $> == 0 ? (getpwnam('nobody'))[2, 3] : ($>, $) + 0);
	$self->{uid} = $ids[0];
	$self->{gid} = $ids[1];
	$self->certify;
	$self->prepare;
	$self->start;
	return $self;
}

sub quietly {
	my (@command) = @_;
	my $pid = fork // die $!;
	if (!$pid) {
		open(STDOUT, '>', '/dev/null') or die $!;
		open(STDERR, '>&', \*STDOUT) or die $!;
		exec @command;
	}
	waitpid($pid, 0);
	die "@command: $?" if $? != 0;
	return;
}

# A CA and a certificate of it. The dates of "expired" lie in the past.
sub certify {
	my ($self) = @_;
	my $h     = $self->{home};
	my $kind  = $self->{cert} // 'good';
	my $name  = $kind eq 'elsewhere' ? 'mail.example.org' : 'localhost';
	my $dates = $kind eq 'expired'
		? '-startdate 20200101000000Z -enddate 20210101000000Z'
		: '-days 30';
	open(my $f, '>', "$h/ca.cnf") or die $!;
	print $f <<"END";
[ca]
default_ca = own
[own]
dir = $h
new_certs_dir = $h
database = $h/index.txt
serial = $h/serial
default_md = sha256
policy = any
certificate = $h/ca.pem
private_key = $h/ca.key
x509_extensions = server
[any]
commonName = supplied
[server]
subjectAltName = DNS:$name
extendedKeyUsage = serverAuth
[req]
distinguished_name = dn
[dn]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
END
	close($f) or die $!;
	open($f, '>', "$h/index.txt") or die $!;
	open($f, '>', "$h/serial") or die $!;
	print $f "01\n";
	close($f) or die $!;
	my @ec = qw(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes);
	quietly('openssl', 'req', '-config', "$h/ca.cnf", '-x509', @ec,
		'-extensions', 'authority', '-subj', '/CN=Test CA', '-days', 30,
		'-keyout', "$h/ca.key", '-out', "$h/ca.pem");
	quietly('openssl', 'req', '-config', "$h/ca.cnf", @ec, '-subj',
		"/CN=$name", '-keyout', "$h/key.pem", '-out', "$h/csr.pem");
	quietly('openssl', 'ca', '-config', "$h/ca.cnf", '-batch', '-notext',
		split(/ /, $dates), '-in', "$h/csr.pem", '-out', "$h/cert.pem");
	return;
}

# A port that was free a moment ago, and that nobody is given who asks for any:
# those are above, and one of them might be gone before the server has it, or
# while it is restarted.
sub free_port {
	for (1 .. 100) {
		my $port = 10_000 + int(rand(20_000));
		return $port if IO::Socket::INET->new(LocalAddr => '127.0.0.1',
			LocalPort => $port, Listen => 1);
	}
	die "no port is free: $!";
}

# Waits until somebody listens; on_failure prints why nobody does.
sub await_port {
	my ($self, $port) = @_;
	for (1 .. 400) {
		my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
			PeerPort => $port);
		return 1 if $s && ($self->{quiet} || defined(scalar <$s>));
		waitpid($self->{pid}, 1) and last; # WNOHANG
		select(undef, undef, undef, 0.05);
	}
	return 0;
}

# One connection of a user that says these; the untagged answers. Dies when
# one is refused.
sub converse {
	my ($self, $user, @commands) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $self->{port}) or die $!;
	$s->autoflush(1);
	my $said = '';
	<$s>;
	my $n = 0;
	for my $command ("LOGIN $user $password", @commands,
		'LOGOUT') {
		$n++;
		print $s "a$n $command\r\n";
		while (defined(my $line = <$s>)) {
			last if $line =~ /^a$n OK/;
			die "$command: $line" if $line =~ /^a$n /;
			$said .= $line;
		}
	}
	return $said;
}

sub stop {
	my ($self, $signal) = @_;
	return if !$self->{pid};
	kill $signal // 'TERM', $self->{pid};
	waitpid($self->{pid}, 0);
	$self->{pid} = 0;
	return;
}

sub DESTROY {
	my ($self) = @_;
	local $?;
	$self->stop if $self->{owner} == $$;
	return;
}

# The keys of a mailbox for dsnd.conf; others may be added, changed or, with
# undef, left out.
sub mailbox {
	my ($self, %o) = @_;
	my $secret = "$self->{home}/password";
	if (!-e $secret) {
		open(my $f, '>', $secret) or die $!;
		chmod 0600, $secret;
		print $f "$password\n";
		close($f) or die $!;
	}
	my %keys = (type => '"imap"', host => '"localhost"', user => '"bounces"',
		port => $self->{tls_port}, ca_file => "\"$self->{home}/ca.pem\"",
		password_file => "\"$secret\"", %o);
	return join(' ', map {"$_ = $keys{$_};"}
		grep {defined $keys{$_}} sort keys %keys);
}

1;
