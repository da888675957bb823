# Real mail servers on one machine with everything else: each test has mounts
# and a network of its own (unshare, so it needs root), in which the unpacked
# packages lie over /usr, their users exist, and /dev/log is ours.
package Mta;
use strict;
use warnings;
use Cwd qw(abs_path);
use Dsnd;
use File::Basename qw(dirname);
use File::Path qw(make_path);
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX qw(WNOHANG);
use Socket qw(AF_INET SOCK_DGRAM);
use Time::HiRes qw(sleep time);

our $unpacked = "$Dsnd::top/build/unpacked";
my $patience = 120;

sub until_true {
	my ($test, $seconds) = @_;
	my $end = time + ($seconds // $patience);
	while (time < $end) {
		return 1 if $test->();
		sleep(0.02);
	}
	return 0;
}

# Asks for an address as long as dsnd has mail to take in: how often it did, and
# how often the answer was another.
sub ask_while_busy {
	my ($d, $port, $address, $expected) = @_;
	my ($asked, $wrong) = (0, 0);
	while (glob_any($d->home . '/bounces/new/*') && $asked < 5000) {
		$asked++;
		$wrong++ if rcpt($port, $address) !~ $expected;
	}
	return ($asked, $wrong);
}

sub glob_any { return scalar(my @found = glob($_[0])) }

sub quietly {
	my (@command) = @_;
	my $out = qx{@{[join(' ', map { quotemeta } @command)]} 2>&1};
	die "@command: $out" if $? != 0;
	return $out;
}

sub spew {
	my ($path, $text) = @_;
	open(my $f, '>', $path) or die "$path: $!";
	print $f $text;
	close($f) or die "$path: $!";
	return;
}

sub slurp {
	my ($path) = @_;
	open(my $f, '<', $path) or return '';
	local $/ = undef;
	return scalar(<$f>) // '';
}

# To be called first. Starts the test again in namespaces of its own, in which
# the unpacked package NAME ("postfix", "exim") is installed; home is a folder.
sub enter {
	my ($name) = @_;
	if (!$ENV{DSND_ENTERED}) {
		if ($> != 0) {
			print "1..0 # SKIP only root may give a mail server its own users\n";
			exit 0;
		}
		system('unshare -m --propagation private true 2>/dev/null') == 0
			or die "no mounts of our own here; a chroot has to be a mount "
			. "point for it: mount --bind DIR DIR, then chroot DIR\n";
		$ENV{DSND_ENTERED} = 1;
		# With processes of their own: none is left when the test ends.
		exec('unshare', '-mnpf', '--kill-child', '--mount-proc',
			'--propagation', 'private', $^X, $0)
			or die "unshare: $!";
	}
	-d "$unpacked/$name/usr"
		or die "no $unpacked/$name: contrib/install-deps check\n";
	# Its time limit must not leave servers behind.
	$SIG{$_} = sub { exit 1 } for qw(TERM INT HUP);
	lo_up();
	my $home = File::Temp::tempdir('dsnd-mta.XXXXXX', TMPDIR => 1,
		CLEANUP => 1);
	chmod 0755, $home;
	mkdir "$home/dev";
	quietly('mount', '-t', 'overlay', 'overlay', '-o',
		"lowerdir=$unpacked/$name/usr:/usr", '/usr');
	add_users($home);
	own_dev($home);
	return $home;
}

# SIOCSIFFLAGS with IFF_UP: ip(8) may not be there.
sub lo_up {
	socket(my $s, AF_INET, SOCK_DGRAM, 0) or die $!;
	my $request = pack('a16 s x14', 'lo', 1);
	ioctl($s, 0x8914, $request) or die "lo: $!";
	return;
}

my %users = (postfix => 64001, postdrop => 64002, 'Debian-exim' => 64003,
	dsnd => 64004);

sub id { return $users{$_[0]} }

sub add_users {
	my ($home) = @_;
	my ($passwd, $group) = map { slurp("/etc/$_") } qw(passwd group);
	for my $u (sort keys %users) {
		$passwd =~ s/^\Q$u\E:.*\n//m;
		$group =~ s/^\Q$u\E:.*\n//m;
		$passwd .= "$u:x:$users{$u}:$users{$u}::/nonexistent:/bin/sh\n";
		$group .= "$u:x:$users{$u}:\n";
	}
	spew("$home/passwd", $passwd);
	spew("$home/group", $group);
	quietly('mount', '--bind', "$home/$_", "/etc/$_") for qw(passwd group);
	return;
}

my $log;

# A /dev with our own log, which syslogged() reads.
sub own_dev {
	my ($home) = @_;
	quietly('mount', '-t', 'tmpfs', '-o', 'mode=755', 'dev', "$home/dev");
	for my $n (qw(null zero full random urandom tty)) {
		spew("$home/dev/$n", '');
		quietly('mount', '--bind', "/dev/$n", "$home/dev/$n");
	}
	symlink('/proc/self/fd', "$home/dev/fd");
	quietly('mount', '--move', "$home/dev", '/dev');
	$log = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => '/dev/log')
		or die "/dev/log: $!";
	chmod 0666, '/dev/log';
	$log->blocking(0);
	return;
}

my $heard = '';

# Without a pattern: all of it.
sub syslogged {
	my ($want, $seconds) = @_;
	return $heard if !defined $want;
	return until_true(sub {
		while (defined $log->recv(my $line, 65536)) {
			$heard .= "$line\n";
		}
		return $heard =~ $want;
	}, $seconds);
}

sub forget_syslog { syslogged(qr/^/); $heard = ''; return }

# ---- SMTP, as a client ----

# Connects and greets; an object whose say() gives the last line of the reply.
sub dial {
	my ($port) = @_;
	my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port,
		Timeout => 20) or return;
	my $self = bless {socket => $s}, __PACKAGE__;
	$self->{greeting} = $self->reply;
	return $self;
}

sub reply {
	my ($self) = @_;
	my $s = $self->{socket};
	while (defined(my $line = <$s>)) {
		$line =~ s/\r?\n//;
		return $line if $line =~ /^\d{3} /;
	}
	return 'closed';
}

sub say {
	my ($self, $line) = @_;
	local $SIG{PIPE} = 'IGNORE';
	print { $self->{socket} } "$line\r\n";
	$self->{socket}->flush;
	return $self->reply;
}

# The reply to RCPT of one address, over a connection of its own.
sub rcpt {
	my ($port, $to) = @_;
	my $c = dial($port) or return 'no connection';
	return $c->{greeting} if $c->{greeting} !~ /^220/;
	$c->say('EHLO client.example.org');
	$c->say('MAIL FROM:<news@lists.example.org>');
	my $answer = $c->say("RCPT TO:<$to>");
	$c->say('QUIT') if $answer ne 'closed';
	return $answer;
}

# Sends one mail; the reply to its end.
sub send_mail {
	my ($port, $to, $mid, %o) = @_;
	my $c = dial($port) or return 'no connection';
	my $from = $o{from} // 'news@lists.example.org';
	$c->say('EHLO client.example.org');
	$c->say("MAIL FROM:<$from>");
	my $answer = $c->say("RCPT TO:<$to>");
	return $answer if $answer !~ /^250/;
	$c->say('DATA');
	my $date = POSIX::strftime('%a, %d %b %Y %H:%M:%S +0000', gmtime);
	$answer = $c->say(join("\r\n", "From: News <$from>", "To: <$to>",
		'Subject: What to plant', "Date: $date",
		"Message-ID: <$mid\@lists.example.org>", '', 'Beans.', '.'));
	$c->say('QUIT');
	return $answer;
}

# ---- A child that is ended with the test ----

my @children;

sub background {
	my ($out, @command) = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		POSIX::setpgid(0, 0);
		open(STDIN, '<', '/dev/null');
		open(STDOUT, '>>', $out) or die $!;
		open(STDERR, '>&', \*STDOUT) or die $!;
		exec(@command) or POSIX::_exit(127);
	}
	push @children, $pid;
	return $pid;
}

# The same for a piece of Perl.
sub child {
	my ($run) = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		$SIG{TERM} = 'DEFAULT';
		POSIX::setpgid(0, 0);
		$run->();
		POSIX::_exit(0);
	}
	push @children, $pid;
	return $pid;
}

# All of its group: postfix(1) is a script that waits for master(8).
sub end {
	my ($pid) = @_;
	kill('TERM', -$pid);
	until_true(sub { waitpid($pid, WNOHANG) != 0 }, 10)
		or kill('KILL', -$pid);
	@children = grep { $_ != $pid } @children;
	return;
}

my $owner = $$;
END {
	local $?;
	if ($$ == $owner) { end($_) for @children }
}

# ---- dsnd beside it ----

# Copies of our programs, in a folder that every user can reach.
sub programs {
	my ($home) = @_;
	mkdir "$home/bin" or die $!;
	quietly('cp', (map {"$Dsnd::build/$_"} qw(dsnd dsnctl dsnd-parse)),
		"$home/bin");
	quietly('chmod', '-R', 'a+rX', "$home/bin");
	return "$home/bin";
}

# What lies in a folder belongs to dsnd, and its group may look.
sub give {
	my ($folder, $config) = @_;
	quietly('chown', '-R', 'dsnd:dsnd', $folder);
	chmod 0750, $folder;
	chmod 0644, $config;
	return;
}

# sqlite3 in the middle of something; close() ends it.
sub holder {
	my ($db, $home, $sql) = @_;
	unlink "$home/said";
	open(my $holder, '|-', 'sqlite3', $db) or die $!;
	$holder->autoflush(1);
	print $holder ".output $home/unsaid\n.filectrl persist_wal 1\n"
		. ".timeout 10000\n$sql\n.output $home/said\nSELECT 1;\n"
		. ".output $home/unsaid\n";
	return until_true(sub { -s "$home/said" }) ? $holder : undef;
}

# Somebody who has it for himself alone.
sub locked {
	my ($db, $home) = @_;
	return holder($db, $home, 'PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE;'
		. 'UPDATE address SET written = written WHERE 0; COMMIT;');
}

# An upgrade that has not committed.
sub migrating {
	my ($db, $home) = @_;
	return holder($db, $home, 'BEGIN IMMEDIATE; DROP VIEW suppressed;'
		. 'ALTER TABLE suppression RENAME TO other;'
		. 'PRAGMA user_version = 9999;');
}

# ---- Postfix ----

# (home, main.cf, master.cf); port for dialling is whatever master.cf says.
sub postfix {
	my ($home, $main, $master) = @_;
	my $mask = umask 0022;
	make_path("$home/etc", "$home/queue", "$home/data");
	chown(id('postfix'), -1, "$home/data");
	quietly('cp', '-r', glob("$unpacked/postfix/etc/postfix/*"), "$home/etc");
	spew("$home/etc/main.cf", <<"END");
compatibility_level = 3.6
queue_directory = $home/queue
data_directory = $home/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
shlib_directory = /usr/lib/postfix
meta_directory = $home/etc
mail_owner = postfix
setgid_group = postdrop
maillog_file = $home/maillog
maillog_file_prefixes = $home
myhostname = relay.example.org
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
$main
END
	spew("$home/etc/dynamicmaps.cf",
		"sqlite\tpostfix-sqlite.so\tdict_sqlite_open\n");
	spew("$home/etc/master.cf", <<"END" . $master);
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
END
	my $pid = background("$home/postfix.out", 'postfix', '-c', "$home/etc",
		'start-fg');
	umask $mask;
	return $pid;
}

sub answers {
	my ($port) = @_;
	return until_true(sub {
		my $c = dial($port) or return 0;
		return $c->{greeting} =~ /^220/;
	});
}

1;
