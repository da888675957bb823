# A real Cyrus on loopback in a temporary folder, from where install-deps has
# unpacked it. It wants folders of its own to exist, messages with CRLF and
# without 8-bit letters in headers, and everything below "INBOX.".
package Cyrus;
use strict;
use warnings;
use parent 'MailServer';
use DB_File;
use Dsnd;
use Fcntl;
use File::Path qw(make_path);
use IO::Socket::INET;
use POSIX qw(strftime);

my $root = "$Dsnd::top/build/unpacked/cyrus";
my ($libraries) = glob("$root/usr/lib/*/libcyrus.so.0");
my $library_path = join(':', map {s{/[^/]*$}{}r} $libraries // '');

sub write_file {
	my ($self, $name, $text) = @_;
	open(my $f, '>', "$self->{home}/$name") or die $!;
	print $f $text;
	close($f) or die $!;
	return;
}

sub prepare {
	my ($self) = @_;
	-d $root or die "no $root: contrib/install-deps check\n";
	my $h = $self->{home};
	make_path(map {"$h/$_"} qw(conf/proc conf/db conf/socket conf/log
		conf/msg conf/lock spool));
	my $mechanisms = $self->{mechanisms} // 'PLAIN SCRAM-SHA-256 CRAM-MD5';
	$self->write_file('imapd.conf', <<"END");
configdirectory: $h/conf
partition-default: $h/spool
defaultpartition: default
proc_path: $h/conf/proc
mboxname_lockpath: $h/conf/lock
cyrus_user: @{[$> == 0 ? 'nobody' : scalar getpwuid($>)]}
cyrus_group: @{[$> == 0 ? 'nogroup' : scalar getgrgid($) + 0)]}
admins: cyrus
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $h/sasldb2
sasl_mech_list: $mechanisms
unixhierarchysep: no
altnamespace: no
virtdomains: off
duplicatesuppression: no
servername: localhost
syslog_prefix: dsnd-test
tls_server_cert: $h/cert.pem
tls_server_key: $h/key.pem
END
	tie(my %users, 'DB_File', "$h/sasldb2", O_RDWR | O_CREAT, 0600,
		$DB_HASH) or die $!;
	$users{"$_\0localhost\0userPassword"} = $MailServer::password
		for qw(bounces cyrus);
	untie %users;
	return;
}

sub start {
	my ($self) = @_;
	my $h = $self->{home};
	$self->{port} //= MailServer::free_port();
	$self->{tls_port} //= MailServer::free_port();
	my $imapd = "$root/usr/lib/cyrus/bin/imapd -C $h/imapd.conf";
	$self->write_file('cyrus.conf', <<"END");
SERVICES {
  imap cmd="$imapd" listen="127.0.0.1:$self->{port}" prefork=0
  imaps cmd="$imapd -s" listen="127.0.0.1:$self->{tls_port}" prefork=0
}
DAEMON {
  idled cmd="$root/usr/lib/cyrus/bin/idled -d -C $h/imapd.conf"
}
END
	system('chown', '-R', "$self->{uid}:$self->{gid}", "$h") if $> == 0;
	$self->{pid} = fork // die $!;
	if (!$self->{pid}) {
		# It signals its whole group when it ends.
		setpgrp(0, 0);
		open(STDIN, '<', '/dev/null') or die $!;
		open(STDOUT, '>', "$h/out") or die $!;
		open(STDERR, '>&', \*STDOUT) or die $!;
		$ENV{LD_LIBRARY_PATH} = $library_path;
		exec "$root/usr/lib/cyrus/bin/master", '-D', '-C',
			"$h/imapd.conf", '-M', "$h/cyrus.conf", '-p', "$h/pid";
	}
	if (!$self->await_port($self->{port})) {
		system("cat $h/out >&2");
		die "cyrus does not start\n";
	}
	$self->command(as => 'cyrus', 'CREATE user.bounces')
		if !$self->{made}++;
	return;
}

# One connection that says these, as => 'cyrus' by the administrator; the
# untagged answers. Dies when refused.
sub command {
	my ($self, @commands) = @_;
	my $user = 'bounces';
	(undef, $user) = splice(@commands, 0, 2) if $commands[0] eq 'as';
	return $self->converse($user, @commands);
}

# Delivers many [bytes, arrival] over one connection.
sub deliver_all {
	my ($self, @messages) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $self->{port}) or die $!;
	<$s>;
	# Another process says it all, so that neither side waits.
	my $pid = fork // die $!;
	if (!$pid) {
		print $s "a LOGIN bounces $MailServer::password\r\n";
		for my $message (@messages) {
			my $bytes = $message->[0] =~ s/\r?\n/\r\n/gr;
			my $at = strftime('%d-%b-%Y %H:%M:%S +0000',
				gmtime($message->[1]));
			printf $s "b APPEND INBOX \"%s\" {%d+}\r\n%s\r\n", $at,
				length($bytes), $bytes;
		}
		print $s "c LOGOUT\r\n";
		close($s);
		POSIX::_exit(0);
	}
	my $appended = 0;
	while (my $line = <$s>) {
		$appended++ if $line =~ /^b OK/;
		die $line if $line =~ /^[ab] (?:NO|BAD)/;
	}
	waitpid($pid, 0);
	die "only $appended were appended\n" if $appended != @messages;
	return;
}

sub deliver {
	my ($self, $bytes, $at) = @_;
	return $self->deliver_all([$bytes, $at]);
}

# How many messages lie in a folder ("" is INBOX).
sub count {
	my ($self, $folder) = @_;
	my $name = $folder eq '' ? 'INBOX' : "INBOX.$folder";
	my $said = eval { $self->command("STATUS \"$name\" (MESSAGES)") };
	return 0 if !defined $said;
	return $said =~ /MESSAGES (\d+)/ ? $1 : -1;
}

1;
