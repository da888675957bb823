# A real Dovecot on loopback, with certificates of its own, in a temporary
# folder: nothing of the machine's own Dovecot is read or touched.
package Dovecot;
use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IO::Socket::INET;

our $password = 'correct-horse';

# Dovecot->new(cert => 'good'); also 'expired', 'elsewhere' (another host's).
# extra: lines for its configuration.
sub new {
	my ($class, %o) = @_;
	my $self = bless {home => tempdir('dovecot.XXXXXX', TMPDIR => 1,
			CLEANUP => 1), pid => 0, owner => $$, %o}, $class;
	chmod 0755, $self->{home};
	make_path("$self->{home}/mail/$_") for qw(new cur tmp);
	my @ids = $> == 0 ? (getpwnam('nobody'))[2, 3] : ($>, $) + 0);
	$self->{uid} = $ids[0];
	$self->{gid} = $ids[1];
	$self->own;
	$self->certify;
	$self->start;
	return $self;
}

# Everything in the mailbox belongs to whom Dovecot reads it as.
sub own {
	my ($self) = @_;
	system('chown', '-R', "$self->{uid}:$self->{gid}", "$self->{home}/mail")
		if $> == 0;
	return;
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

# A port that was free a moment ago.
sub free_port {
	my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
		or die $!;
	return $s->sockport;
}

sub start {
	my ($self) = @_;
	my $h = $self->{home};
	$self->{port} //= free_port();
	$self->{tls_port} //= free_port();
	my $users = $> == 0 ? '' : do {
		my $me = getpwuid($>);
		"default_internal_user = $me\ndefault_login_user = $me\n"
			. "default_internal_group = " . getgrgid($) + 0) . "\n";
	};
	my $extra = $self->{extra} // '';
	open(my $f, '>', "$h/dovecot.conf") or die $!;
	print $f <<"END";
base_dir = $h/run
state_dir = $h/state
log_path = $h/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <$h/cert.pem
ssl_key = <$h/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = maildir:$h/mail
mail_fsync = never
mailbox_idle_check_interval = 1 secs
first_valid_uid = 1
$users
passdb {
  driver = static
  args = password=$password
}
userdb {
  driver = static
  args = uid=$self->{uid} gid=$self->{gid} home=$h/mail
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $self->{port}
  }
  inet_listener imaps {
    port = $self->{tls_port}
    ssl = yes
  }
}
$extra
END
	close($f) or die $!;
	$self->{pid} = fork // die $!;
	if (!$self->{pid}) {
		open(STDOUT, '>', "$h/out") or die $!;
		open(STDERR, '>&', \*STDOUT) or die $!;
		exec 'dovecot', '-F', '-c', "$h/dovecot.conf";
	}
	for (1 .. 200) {
		return if IO::Socket::INET->new(PeerAddr => '127.0.0.1',
			PeerPort => $self->{port});
		waitpid($self->{pid}, 1) and last; # WNOHANG
		select(undef, undef, undef, 0.05);
	}
	system("cat $h/out $h/log >&2");
	die "dovecot does not start\n";
}

sub stop {
	my ($self) = @_;
	return if !$self->{pid};
	kill 'TERM', $self->{pid};
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

# Delivers bytes that arrived at that time.
sub deliver {
	my ($self, $bytes, $at) = @_;
	my $name = sprintf('%d.M%dP%d.test', $at, ++$self->{serial}, $$);
	my $path = "$self->{home}/mail/tmp/$name";
	open(my $f, '>:raw', $path) or die $!;
	print $f $bytes;
	close($f) or die $!;
	utime($at, $at, $path);
	chown($self->{uid}, $self->{gid}, $path) if $> == 0;
	rename($path, "$self->{home}/mail/new/$name") or die $!;
	return;
}

# How many messages lie in a folder ("" is INBOX), as files.
sub count {
	my ($self, $folder) = @_;
	my $path = "$self->{home}/mail/" . ($folder eq '' ? '' : ".$folder/");
	my $n = 0;
	for my $place (qw(new cur)) {
		opendir(my $dir, "$path$place") or next;
		$n += grep {!/^\./} readdir($dir);
	}
	return $n;
}

# The keys of a mailbox for dsnd.conf; others may be added or changed.
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
	return join(' ', map {"$_ = $keys{$_};"} sort keys %keys);
}

1;
