# A real Dovecot on loopback in a temporary folder: nothing of the machine's own
# Dovecot is read or touched. extra: lines for its configuration, in which
# @HOME@ is that folder; files: more files, name => content; pop3: it speaks
# that, too, on pop3_port and pop3s_port.
package Dovecot;
use strict;
use warnings;
use parent 'MailServer';
use File::Basename qw(dirname);
use File::Path qw(make_path);

sub prepare {
	my ($self) = @_;
	make_path("$self->{home}/mail/$_") for qw(new cur tmp);
	$self->own;
	for my $name (sort keys %{$self->{files} // {}}) {
		make_path(dirname("$self->{home}/$name"));
		open(my $f, '>', "$self->{home}/$name") or die $!;
		print $f $self->{files}{$name} =~ s/\@HOME\@/$self->{home}/gr;
		close($f) or die $!;
	}
	return;
}

# Everything in the mailbox belongs to whom Dovecot reads it as.
sub own {
	my ($self) = @_;
	system('chown', '-R', "$self->{uid}:$self->{gid}", "$self->{home}/mail")
		if $> == 0;
	return;
}

sub start {
	my ($self) = @_;
	my $h = $self->{home};
	$self->{port} //= MailServer::free_port();
	$self->{tls_port} //= MailServer::free_port();
	my $users = $> == 0 ? '' : do {
		my $me = getpwuid($>);
		"default_internal_user = $me\ndefault_login_user = $me\n"
			. "default_internal_group = " . getgrgid($) + 0) . "\n";
	};
	my $extra = ($self->{extra} // '') =~ s/\@HOME\@/$h/gr;
	my $protocols = $self->{pop3} ? 'imap pop3' : 'imap';
	$extra .= $self->pop3 if $self->{pop3};
	open(my $f, '>', "$h/dovecot.conf") or die $!;
	print $f <<"END";
base_dir = $h/run
state_dir = $h/state
log_path = $h/log
protocols = $protocols
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
  args = password=$MailServer::password
}
userdb {
  driver = static
  args = uid=$self->{uid} gid=$self->{gid} home=$h/mail
}
service anvil {
  chroot =
  # Who was refused once is not made to wait.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
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
		setpgrp(0, 0); # so that crash() gets all of it
		open(STDOUT, '>', "$h/out") or die $!;
		open(STDERR, '>&', \*STDOUT) or die $!;
		exec 'dovecot', '-F', '-c', "$h/dovecot.conf";
	}
	return if $self->await_port($self->{port});
	system("cat $h/out $h/log >&2");
	die "dovecot does not start\n";
}

sub pop3 {
	my ($self) = @_;
	$self->{$_} //= MailServer::free_port() for qw(pop3_port pop3s_port);
	return <<"END";
pop3_uidl_format = %08Xu%08Xv
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = $self->{pop3_port}
  }
  inet_listener pop3s {
    port = $self->{pop3s_port}
    ssl = yes
  }
}
END
}

# All its processes at once, as when the power goes.
sub crash {
	my ($self) = @_;
	kill 'KILL', -$self->{pid};
	waitpid($self->{pid}, 0);
	$self->{pid} = 0;
	return;
}

# One connection that says these; the untagged answers. Dies when refused.
sub command {
	my ($self, @commands) = @_;
	return $self->converse('bounces', @commands);
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

1;
