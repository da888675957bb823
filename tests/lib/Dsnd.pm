# What the system tests share: a temporary home with a Maildir, a database and
# a configuration; messages made from parts; the real programs run on it.
package Dsnd;
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;
use POSIX ();
use Test::More ();
use Time::Local qw(timegm);

# What tests make is read by the users that they and their servers become.
umask 0022;

our $top   = abs_path(dirname(__FILE__) . '/../..');
my @homes;
our $build = abs_path($ENV{BUILD} || "$top/build");

# Dsnd->new(policy => 'soft = {...};', extra => 'our_domains = [...];',
#           mailboxes => ['bounces', 'other'], mailbox => 'poll = "1s";')
sub new {
	my ($class, %o) = @_;
	my $self = bless {home => tempdir('dsnd-test.XXXXXX', TMPDIR => 1,
			CLEANUP => 1), serial => 0}, $class;
	my @names = @{$o{mailboxes} || ['bounces']};
	for my $name (@names) {
		mkdir "$self->{home}/$name" or die $!;
		mkdir "$self->{home}/$name/$_" or die $! for qw(new cur tmp);
	}
	$self->{mailboxes} = \@names;
	$self->configure(%o);
	push @homes, $self;
	return $self;
}

# How every test ends that has a database: all that is in it is what it should
# be, as at the latest time that the test spoke of. done_testing does it, so
# that no test can forget it; unsound() is for a database that was damaged.
sub verify_all {
	for my $d (grep { !$_->{unsound} && -s $_->database } @homes) {
		my ($status, $text) = $d->ctl('verify',
			defined $d->{now} ? ('--now', $d->{now}) : ());
		Test::More::is("$status $text", "0 everything is as it should be\n",
			'dsnctl verify finds nothing');
	}
	@homes = ();
	return;
}

sub unsound {
	my ($self) = @_;
	$self->{unsound} = 1;
	return;
}

my $done_testing;
BEGIN {
	$done_testing = \&Test::More::done_testing;
	no warnings 'redefine';
	*Test::More::done_testing = sub {
		verify_all();
		goto &$done_testing;
	};
}

sub configure {
	my ($self, %o) = @_;
	my $mailbox = $o{mailbox} //
		'processed = "move:.Processed"; unrecognised = "move:.Unrecognised";';
	my $list = join(",\n", map {
		qq({ name = "$_"; type = "maildir"; path = "$self->{home}/$_"; $mailbox })
	} @{$self->{mailboxes}});
	open(my $f, '>', "$self->{home}/dsnd.conf") or die $!;
	# One line a message is for the tests that look at it.
	my $extra = $o{extra} // '';
	$extra .= ' log_level = "warning";' if $extra !~ /log_level/;
	printf $f "database = \"%s\";\n%s\npolicy = { %s };\nmailboxes = (\n%s );\n",
		$self->database, $extra, $o{policy} // '', $list;
	close($f) or die $!;
	return;
}

# The setup whose only mailbox is on a MailServer; keys as of its mailbox(), and
# log_level, database.
sub on {
	my ($class, $server, %o) = @_;
	my $self = $class->new;
	my $log = delete $o{log_level} // 'warning';
	$self->{database} = delete $o{database};
	my $extra = delete $o{extra} // '';
	open(my $f, '>', $self->config) or die $!;
	printf $f "database = \"%s\"; log_level = \"%s\"; %s\n" .
		"mailboxes = ( { name = \"bounces\"; %s } );\n",
		$self->database, $log, $extra, $server->mailbox(%o);
	close($f) or die $!;
	return $self;
}

# Empties the mailbox; the exit status and everything that was said.
sub drain {
	my ($self, $now, @options) = @_;
	return $self->run('sh', '-c', 'exec "$0" "$@" 2>&1', "$build/dsnd",
		'-c', $self->config, '--once', '--now', $now, @options);
}

# Starts the daemon; its process id.
sub start {
	my ($self, @options) = @_;
	my $pid = fork // die $!;
	if (!$pid) {
		open(STDERR, '>>', "$self->{home}/log") or die $!;
		exec("$build/dsnd", '-c', $self->config, '--foreground',
			@options) or die $!;
	}
	return $pid;
}

# Why a test that becomes nobody cannot run here, or ''. The parser is run by
# whom dsnd has become, and a home that is closed to others is in its way.
sub no_nobody {
	return 'only root can become somebody else' if $> != 0;
	my $pid = fork // die $!;
	if (!$pid) {
		my (undef, undef, $uid, $gid) = getpwnam('nobody');
		POSIX::_exit(2) if !POSIX::setgid($gid) || !POSIX::setuid($uid);
		POSIX::_exit(-x "$build/dsnd-parse" ? 0 : 1);
	}
	waitpid($pid, 0);
	return $? == 0 ? '' : "nobody may not run $build/dsnd-parse: build where " .
		'others may enter';
}

# Waits up to two minutes until something is true; whether it became so.
sub await {
	my ($until, $seconds) = @_;
	for (1 .. 50 * ($seconds // 120)) {
		return 1 if $until->();
		select(undef, undef, undef, 0.02);
	}
	return 0;
}

sub home { return $_[0]{home} }
sub database { return $_[0]{database} // "$_[0]{home}/dsnd.db" }
sub config { return "$_[0]{home}/dsnd.conf" }

# epoch('2026-11-02') or epoch('2026-11-02 09:00:00')
sub epoch {
	my ($y, $m, $d, $H, $M, $S) = $_[0] =~
		/^(\d+)-(\d+)-(\d+)(?:[T ](\d+):(\d+):(\d+)Z?)?$/ or die $_[0];
	return timegm($S // 0, $M // 0, $H // 0, $d, $m - 1, $y);
}

# Delivers bytes into a mailbox as a mail server would; at is the arrival.
sub deliver {
	my ($self, $bytes, %o) = @_;
	my $box  = "$self->{home}/" . ($o{mailbox} // $self->{mailboxes}[0]);
	my $name = $o{name} // sprintf('%d.M%dP%d.test', $o{at} // time,
		++$self->{serial}, $$);
	open(my $f, '>:raw', "$box/tmp/$name") or die $!;
	print $f $bytes;
	close($f) or die $!;
	utime($o{at}, $o{at}, "$box/tmp/$name") if defined $o{at};
	rename("$box/tmp/$name", "$box/new/$name") or die $!;
	return $name;
}

# A whole DSN of the usual shape. status, diagnostic, to; optional: action,
# mid, campaign, remote, date (of the original), extra (recipient fields).
sub dsn {
	my (%o) = @_;
	my $mid    = $o{mid}    // "m1";
	my $date   = $o{date}   // 'Mon, 02 Nov 2026 09:00:00 +0000';
	my $action = $o{action} // 'failed';
	my $remote = $o{remote} // 'mx.example.net';
	my @fields = ("Final-Recipient: rfc822; $o{to}", "Action: $action",
		"Status: $o{status}");
	push @fields, "Remote-MTA: dns; $remote" if $remote ne '';
	push @fields, 'Diagnostic-Code: ' . ($o{type} // 'smtp') . "; $o{diagnostic}"
		if defined $o{diagnostic};
	push @fields, $o{extra} if defined $o{extra};
	my $fields = join("\n", @fields);
	my $campaign = defined $o{campaign} ? "X-Campaign-ID: $o{campaign}\n" : '';
	return <<"END";
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON\@relay.example.org>
To: news\@lists.example.org
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Date: $date
Message-ID: <dsn-$mid\@relay.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b0"

--b0
Content-Type: text/plain

Your message could not be delivered.

--b0
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.org

$fields

--b0
Content-Type: text/rfc822-headers

From: Garden News <news\@lists.example.org>
To: $o{to}
Subject: What to plant
Date: $date
Message-ID: <$mid\@lists.example.org>
$campaign
--b0--
END
}

# Runs a program of the build; returns its exit status and its output.
sub run {
	my ($self, @command) = @_;
	for my $i (grep { $command[$_] eq '--now' } 0 .. $#command) {
		my $now = $command[$i + 1] // '';
		$self->{now} = $now if $now =~ /^2\d{3}-/ && $now gt ($self->{now} // '');
	}
	open(my $out, '-|', @command) or die "$command[0]: $!";
	local $/ = undef;
	my $text = <$out> // '';
	close($out);
	return ($? >> 8, $text);
}

sub dsnd {
	my ($self, @args) = @_;
	return $self->run("$build/dsnd", '-c', $self->config, @args);
}

# Empties every mailbox as at that time; dies unless it succeeds.
sub once {
	my ($self, $now) = @_;
	my ($status, $text) = $self->dsnd('--once', '--now', $now);
	die "dsnd --once: exit $status" if $status != 0;
	return $text;
}

sub ctl {
	my ($self, $command, @args) = @_;
	return $self->run("$build/dsnctl", $command, '-c', $self->config, @args);
}

# One decoded object a line.
sub ctl_json {
	my ($self, $command, @args) = @_;
	my ($status, $text) = $self->ctl($command, '--json', @args);
	return map { decode_json($_) } split /\n/, $text;
}

# Is the address suppressed at that time?
sub suppressed {
	my ($self, $address, $now) = @_;
	my ($status) = $self->ctl('check', '--now', $now, $address);
	die "dsnctl check $address: exit $status" if $status > 1;
	return $status;
}

sub dump {
	my ($self, $now) = @_;
	my ($status, $text) = $self->ctl('dump', '--now', $now);
	die "dsnctl dump: exit $status" if $status != 0;
	return $text;
}

1;
