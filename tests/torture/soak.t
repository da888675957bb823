#!/usr/bin/perl
# A long life: mail comes at a steady pace into a Maildir and an IMAP folder
# while another program holds the database open. Memory, descriptors and the
# database's log do not grow, and all of it is read. SOAK_SECONDS says how long,
# SOAK_RATE how many messages come in a second.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use Messages;
use Test::More;
use Time::HiRes qw(sleep time);

my $seconds = $ENV{SOAK_SECONDS} || 3600;
my $rate    = $ENV{SOAK_RATE} || 25;
my $mib     = 1024 * 1024;

my $server = Dovecot->new;
my $d      = Dsnd->new;
my $imap   = $server->mailbox(processed => '"delete"');
open(my $f, '>', $d->config) or die $!;
printf $f "database = \"%s\"; log_level = \"warning\";\n"
	. "retention = { history = \"never\"; };\n"
	. "daemon = { housekeeping = \"1s\"; };\n"
	. "mailboxes = ( { name = \"files\"; type = \"maildir\"; path = "
	. "\"%s/bounces\"; processed = \"delete\"; poll = \"1s\"; },\n"
	. "{ name = \"server\"; poll = \"1s\"; %s } );\n",
	$d->database, $d->home, $imap;
close($f) or die $!;

# ---- What is looked at ----

# The processes below one: process id => name.
sub family {
	my ($top) = @_;
	my %found = ($top => 'supervisor');
	my @left  = ($top);
	while (defined(my $pid = shift @left)) {
		for (`ps -o pid=,comm= --ppid $pid`) {
			my ($child, $name) = /(\d+)\s+(\S+)/ or next;
			next if $name eq 'ps' || $found{$child};
			$found{$child} = $name;
			push @left, $child;
		}
	}
	return keys %found;
}

sub memory_of {
	my ($pid) = @_;
	open(my $status, '<', "/proc/$pid/status") or return 0;
	return (join('', <$status>) =~ /^RssAnon:\s+(\d+) kB/m ? $1 : 0) * 1024;
}

sub look {
	my ($top) = @_;
	my %seen = (memory => 0, descriptors => 0, processes => 0,
		log => -s $d->database . '-wal', database => -s $d->database);
	for my $pid (family($top)) {
		my @fds = glob("/proc/$pid/fd/*") or next;
		$seen{processes}++;
		$seen{descriptors} += @fds;
		$seen{memory} += memory_of($pid);
	}
	return \%seen;
}

sub largest {
	my ($what, @seen) = @_;
	return (sort { $b <=> $a } map { $_->{$what} // 0 } @seen)[0];
}

# ---- The other program ----

my $now = '2026-11-20T12:00:00Z';
my $pid = $d->start('--now', $now);
$d->{now} = $now;
my @status = ('sh', '-c', 'exec "$0" status -c "$1" 2>/dev/null',
	"$Dsnd::build/dsnctl", $d->config);
ok(Dsnd::await(sub { ($d->run(@status))[1] =~ /mailbox server/ }),
	'the daemon runs');
open(my $holder, '|-', 'sqlite3', '-bail', $d->database) or die $!;
$holder->autoflush(1);
print $holder ".output /dev/null\n";
my ($holds, $since) = (0, time);

# It reads for two seconds, and after two more begins again.
sub hold {
	return if time - $since < 2;
	print $holder $holds ? "COMMIT;\n"
		: "BEGIN; SELECT count(*) FROM suppressed;\n";
	($holds, $since) = (!$holds, time);
	return;
}

# ---- The pace ----

my @messages = Messages::many($seconds * $rate);
my $count    = @messages;
my ($begun, $sent, @seen) = (time, 0);
while (time - $begun < $seconds) {
	hold();
	my $due = (time - $begun) * $rate;
	while (@messages && $sent < $due) {
		my ($bytes, $at) = @{shift @messages};
		if ($sent++ % 2) {
			$d->deliver($bytes, at => $at);
		} else {
			$server->deliver($bytes, $at);
		}
	}
	push @seen, look($pid);
	sleep(0.5);
}
note("$sent of $count messages in $seconds seconds, looked at "
	. @seen . ' times');
ok(Dsnd::await(sub {
			my @left = glob($d->home . '/bounces/{new,cur}/*');
			!@left && $server->count('') == 0;
		}, 120), 'all of it is read');
close($holder);

# ---- What became of it ----

my @early = @seen[@seen / 4 .. @seen / 2];
my @late  = @seen[@seen * 3 / 4 .. $#seen];
for my $what (qw(memory descriptors processes log database)) {
	note(sprintf('%s: at most %d early, %d late', $what,
			largest($what, @early), largest($what, @late)));
}
# What is cached of the database grows with it, up to 16 MiB in each of three.
my $grown = largest('database', @late) - $early[0]{database};
$grown = 16 * $mib if $grown > 16 * $mib;
cmp_ok(largest('memory', @late), '<=',
	largest('memory', @early) + 3 * $grown + 4 * $mib, 'memory does not grow');
cmp_ok(largest('descriptors', @late), '<=', largest('descriptors', @early) + 8,
	'nor do descriptors');
cmp_ok(largest('processes', @late), '<=', largest('processes', @early) + 2,
	'nor processes');
cmp_ok(largest('log', @late), '<=', largest('log', @early) + 4 * $mib,
	"nor does the database's log");
kill('TERM', $pid);
waitpid($pid, 0);
is($?, 0, 'the daemon ends well');
my ($status) = $d->ctl_json('status', '--now', $now);
is($status->{messages}, $sent, 'each message was recorded once');

done_testing;
