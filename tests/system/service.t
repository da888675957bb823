#!/usr/bin/perl
# dsnd as a service: it tells its manager, wakes up for mail, reloads, keeps
# what works when a file is bad, replaces what died, and ends when told to.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use IO::Select;
use IO::Socket::UNIX;
use Messages;
use POSIX qw(setpgid WNOHANG);
use Socket qw(SOCK_DGRAM);
use Test::More;
use Time::HiRes qw(sleep time);

my $patience = 120;
my $info = 'log_level = "info"; ';
my @messages = Messages::many(40);
my $next = 0;
my @running;
END { kill('KILL', -$_) for @running }

# A daemon in the foreground, its log in a file, its notices on a socket.
sub start {
	my ($d, %env) = @_;
	my $path = $d->home . '/notify';
	unlink $path;
	my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path)
		or die "$path: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		setpgid(0, 0);
		$ENV{NOTIFY_SOCKET} = $path;
		$ENV{$_} = $env{$_} for keys %env;
		open(STDERR, '>>', $d->home . '/log');
		exec("$Dsnd::build/dsnd", '-c', $d->config, '--foreground')
			or POSIX::_exit(127);
	}
	setpgid($pid, $pid);
	push @running, $pid;
	return { d => $d, pid => $pid, socket => $socket, heard => '' };
}

sub until_true {
	my ($test) = @_;
	my $end = time + $patience;
	while (time < $end) {
		return 1 if $test->();
		sleep(0.01);
	}
	return 0;
}

# Waits until the manager has been told something of that form.
# A service manager listens all the time: its socket holds ten messages.
sub listen_to {
	my ($s) = @_;
	my $text;
	$s->{heard} .= "$text\n"
		while IO::Select->new($s->{socket})->can_read(0) &&
			defined $s->{socket}->recv($text, 4096);
	return $s->{heard};
}

sub hears {
	my ($s, $want) = @_;
	return until_true(sub { listen_to($s) =~ $want });
}

sub logged {
	my ($s, $want) = @_;
	return until_true(sub {
		open(my $f, '<', $s->{d}->home . '/log') or return 0;
		local $/ = undef;
		return <$f> =~ $want;
	});
}

sub deliver {
	my ($d, %o) = @_;
	$next++ if $messages[$next][0] =~ /^Subject: lunch/m;    # is no report
	return $d->deliver($messages[$next++][0], %o);
}

sub is_taken {
	my ($d, $name, $mailbox) = @_;
	$mailbox //= 'bounces';
	return until_true(sub { -e $d->home . "/$mailbox/.Processed/cur/$name:2,S" });
}

# Its exit status; kills it where it does not end.
sub stop {
	my ($s, $signal) = @_;
	kill($signal // 'TERM', $s->{pid});
	my $ended = until_true(sub {
		listen_to($s) if $s->{socket};
		return waitpid($s->{pid}, WNOHANG) == $s->{pid};
	});
	@running = grep { $_ != $s->{pid} } @running;
	return $ended ? $? : -1;
}

# Children of the supervisor, by what /proc says.
sub children {
	my ($s) = @_;
	open(my $f, '<', "/proc/$s->{pid}/task/$s->{pid}/children") or return;
	my @pids = split ' ', <$f> // '';
	return @pids;
}

# Gone, or left by its parent for someone else to collect.
sub ends {
	my ($pid) = @_;
	open(my $f, '<', "/proc/$pid/stat") or return 1;
	return <$f> =~ /\) Z /;
}

my $slow = 'poll = "1d";';    # only a hint or a signal can be why it wakes up
my $d = Dsnd->new(mailbox => $slow, extra => $info);
my $early = deliver($d);
my $s = start($d, WATCHDOG_USEC => 400000);
ok(hears($s, qr/^READY=1$/m), 'it says that it is ready');
ok(hears($s, qr/^STATUS=mailboxes: 1$/m), '... and what it does');
ok(is_taken($d, $early), 'mail that was there is read');
ok(hears($s, qr/(?:^WATCHDOG=1\n.*){2}/ms), 'it feeds the watchdog');
my $late = deliver($d);
ok(is_taken($d, $late), 'mail that arrives wakes it up');

# No hint comes for cur.
my $path = $d->home . '/bounces';
open(my $f, '>:raw', "$path/cur/quiet:2,") or die $!;
print $f $messages[$next++][0];
close($f) or die $!;
kill('USR1', $s->{pid});
ok(is_taken($d, 'quiet'), 'SIGUSR1 makes it look at once');

# A reader that dies is started again; the others do not notice.
my ($reader) = grep {
	open(my $io, '<', "/proc/$_/task/$_/children");
	defined $io && (<$io> // '') =~ /\d/
} children($s);
ok($reader, 'a reader has its parser');
kill('KILL', $reader) if $reader;
ok(logged($s, qr/mailbox bounces: its process was ended by signal 9/),
	'a reader that died is mourned');
my $after = deliver($d);
ok(is_taken($d, $after), '... and replaced');

# A bad file changes nothing and says why.
$s->{heard} = '';
$d->configure(mailbox => $slow, extra => $info . 'nonsense = 1;');
kill('HUP', $s->{pid});
ok(hears($s, qr/^RELOADING=1\nMONOTONIC_USEC=\d+$/m), 'a reload is announced');
ok(logged($s, qr/reload: \S+:\d+: nonsense.*nothing was changed/),
	'a bad configuration is refused, with line and key');
ok(hears($s, qr/^READY=1$/m), '... and it goes on');
my $still = deliver($d);
ok(is_taken($d, $still), '... with what it had');

# A good one: a second mailbox, and a changed section for the first.
mkdir $d->home . '/other' or die $!;
mkdir $d->home . "/other/$_" or die $! for qw(new cur tmp);
$d->{mailboxes} = ['bounces', 'other'];
$d->configure(mailbox => 'poll = "1h";', extra => $info);
my $second = deliver($d, mailbox => 'other');
kill('HUP', $s->{pid});
ok(logged($s, qr/reloaded \S+: mailboxes: 2, of them new or changed: 2/),
	'a good configuration is taken');
ok(is_taken($d, $second, 'other'), 'the new mailbox is read');
my $first = deliver($d);
ok(is_taken($d, $first), 'the old one still is');
my %before = map { $_ => 1 } children($s);
kill('HUP', $s->{pid});
ok(logged($s, qr/reloaded \S+: mailboxes: 2, of them new or changed: 0/),
	'the same file again changes nothing');
ok(until_true(sub { scalar(grep { $before{$_} } children($s)) == 2 }),
	'... and no reader was replaced');

# One mailbox less.
listen_to($s);
$s->{heard} = '';
$d->{mailboxes} = ['other'];
$d->configure(mailbox => 'poll = "1h";', extra => $info);
kill('HUP', $s->{pid});
ok(hears($s, qr/^STATUS=mailboxes: 1$/m), 'the status counts those that are left');
ok(logged($s, qr/reloaded \S+: mailboxes: 1,/), 'a mailbox can be taken out');
ok(until_true(sub { children($s) == 2 }), '... and its reader ends');
my %old = map { $_ => 1 } children($s);
$d->{mailboxes} = [];
$d->configure(extra => $info);
kill('HUP', $s->{pid});
# The housekeeping is another one after each reload.
ok(until_true(sub {
	my @now = children($s);
	return @now == 1 && !grep { $old{$_} } @now;
}), '... and so can the last one');
$d->{mailboxes} = ['other'];
$d->configure(mailbox => 'poll = "1h";', extra => $info);
kill('HUP', $s->{pid});
ok(logged($s, qr/reloaded \S+: mailboxes: 1, of them new or changed: 1/),
	'one that comes back is new');
ok(until_true(sub { children($s) == 2 }), '... and has its reader');

$s->{heard} = '';
my $begin = time;
is(stop($s), 0, 'SIGTERM ends it with success');
cmp_ok(time - $begin, '<', 10, '... soon');
ok(hears($s, qr/^STOPPING=1$/m), '... and it says so');

# A mailbox in trouble is told and tried again; the other is read.
my $trouble = Dsnd->new(mailboxes => ['gone', 'there'], mailbox => $slow,
	extra => $info);
rename($trouble->home . '/gone/new', $trouble->home . '/kept') or die $!;
$s = start($trouble);
ok(hears($s, qr/^STATUS=mailboxes: 2; in trouble: gone$/m),
	'a mailbox in trouble is named in the status');
ok(until_true(sub { logged($s, qr/mailbox gone: tried again in \d+ s$/m) }),
	'... and the log says when it is tried again');
my $there = deliver($trouble, mailbox => 'there');
ok(is_taken($trouble, $there, 'there'), '... while the other one is read');
$s->{heard} = '';
rename($trouble->home . '/kept', $trouble->home . '/gone/new') or die $!;
my $mended = deliver($trouble, mailbox => 'gone');
ok(is_taken($trouble, $mended, 'gone'), 'once it is mended it is read again');
ok(hears($s, qr/^STATUS=mailboxes: 2$/m), '... and the status is good again');
is(stop($s, 'INT'), 0, 'SIGINT ends it too');

# Who has mended it need not wait for the next try.
my $mend = Dsnd->new(mailbox => $slow, extra => $info .
	'daemon = { restart_first = "1h"; restart_most = "1h"; };');
for my $signal (qw(USR1 HUP)) {
	rename($mend->home . '/bounces/new', $mend->home . '/kept') or die $!;
	unlink($mend->home . '/log');
	$s = start($mend);
	ok(until_true(sub { logged($s, qr/tried again in \d{4} s$/m) }),
		'a mailbox in trouble waits long');
	rename($mend->home . '/kept', $mend->home . '/bounces/new') or die $!;
	my $waits = deliver($mend);
	kill($signal, $s->{pid});
	ok(is_taken($mend, $waits), "... but not after SIG$signal");
	is(stop($s), 0, '... and it ends well');
}

# The keys of signed return paths are looked at before a reader reads them.
my $keys = $mend->home . '/keys';
sub write_keys {
	my ($text) = @_;
	open(my $k, '>', $keys) or die $!;
	print $k $text;
	close($k) or die $!;
	chmod(0600, $keys) or die $!;
	return;
}
write_keys('a ' . 'ab' x 16 . "\n");
$mend->configure(mailbox => $slow, extra => $info . 'trust = { ' .
	"bounce_domain = \"example.org\"; token_key_file = \"$keys\"; };");
$s = start($mend);
my $signed = deliver($mend);
ok(is_taken($mend, $signed), 'mail is read with a key');
write_keys("b secret\n");
kill('HUP', $s->{pid});
ok(until_true(sub {
	logged($s, qr/reload: \S+keys:1: is no key.*nothing was changed/);
}), 'keys that cannot be read are refused when it reloads');
my $goes_on = deliver($mend);
ok(is_taken($mend, $goes_on), '... and it goes on with those it had');
is(stop($s), 0, '... to its end');
my ($lacks, $said) = $mend->run('sh', '-c', 'exec "$0" "$@" 2>&1',
	"$Dsnd::build/dsnd", '-c', $mend->config, '--check');
is($lacks, 3, '--check tells that they cannot be read');
like($said, qr/keys:1: is no key; allowed is/, '... and why');

# One that cannot end is not waited for.
my $stuck = Dsnd->new(extra => $info . 'daemon = { stop_deadline = "1s"; };');
my $one = deliver($stuck);
$s = start($stuck);
ok(is_taken($stuck, $one), 'a mailbox is read');
kill('STOP', children($s));
is(stop($s), 0, 'children that do not end do not keep it from ending');
ok(logged($s, qr/mailbox bounces: did not end in time, killed/),
	'... and are killed');

# Without a parser that can be jailed nothing is done at all.
my $unsafe = Dsnd->new(extra => $info . 'parser = { program = "/bin/false"; };');
my $kept = deliver($unsafe);
$s = start($unsafe);
ok(until_true(sub { waitpid($s->{pid}, WNOHANG) == $s->{pid} }),
	'it stops where no parser can be started');
is($? >> 8, 1, '... as a failure');
@running = grep { $_ != $s->{pid} } @running;
ok(logged($s, qr{parser /bin/false ended with status 1}), '... says why');
ok(logged($s, qr{dsnd ends: nothing can go on without what mailbox bounces lacks}),
	'... and that it ends');
ok(-e $unsafe->home . "/bounces/new/$kept", '... and touches no mail');

# Into the background: the command returns when it is ready.
my $back = Dsnd->new(mailbox => $slow, extra => $info);
my $gone = deliver($back);
$ENV{LOG} = $back->home . '/log';
my ($status) = $back->run('sh', '-c', 'exec "$0" "$@" 2>"$LOG"',
	"$Dsnd::build/dsnd", '-c', $back->config);
is($status, 0, 'it goes into the background');
ok(is_taken($back, $gone), '... and works there');
my ($pid) = grep {
	open(my $c, '<', "/proc/$_/cmdline");
	defined $c && (<$c> // '') eq join("\0", "$Dsnd::build/dsnd", '-c',
		$back->config, '')
} map { m{(\d+)$} } glob('/proc/[0-9]*');
ok($pid, 'its process is there');
kill('TERM', $pid) if $pid;
ok($pid && until_true(sub { ends($pid) }), '... and ends when told to');

done_testing;
