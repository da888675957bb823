#!/usr/bin/perl
# A flood of hostile mail with honest bounces in it: each honest one gets its
# verdict, every message has one record, nothing is above its limit of memory or
# of time, and the flood costs no more than its share. HOSTILE_COUNT messages
# in all, HOSTILE_SEED makes the same ones again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use POSIX ();
use Test::More;
use Time::HiRes qw(time);

my $now   = '2026-11-20T12:00:00Z';
my $start = Dsnd::epoch('2026-06-01 00:00:00');
my $count = $ENV{HOSTILE_COUNT} || 100_000;
my $seed  = $ENV{HOSTILE_SEED} // 20261122;
my $honest_each = 4; # one in so many
srand($seed);

my @samples = map { my $path = $_; open(my $f, '<:raw', $path) or die $!;
	local $/ = undef; scalar <$f> } sort glob("$Dsnd::top/tests/corpus/*.eml");

sub honest {
	my ($i) = @_;
	return Dsnd::dsn(to => "honest$i\@domain" . $i % 5000 . '.example',
		status => '5.1.1', mid => "h$i", diagnostic => '550 5.1.1 no such user');
}

# Addresses of the samples are no addresses of the honest.
my @ways = (
	sub { my $s = $_[0]; # bytes that were changed on the way
		substr($s, int(rand(length $s)), 1) = chr(int(rand(256)))
			for 1 .. 1 + rand(40);
		return $s;
	},
	sub { return substr($_[0], 0, int(rand(length $_[0]))) },
	sub { # lines repeated
		my @lines = split /^/, $_[0];
		my $i     = int(rand(@lines));
		splice @lines, $i, 1, ($lines[$i]) x int(rand(2000));
		return join('', @lines);
	},
	sub { # lines in another order
		my @lines = split /^/, $_[0];
		return join('', map { $lines[rand @lines] } 1 .. @lines);
	},
	sub { # parts within parts
		my $depth = int(rand(300));
		return join('', map {"Content-Type: multipart/mixed; boundary=b$_\n\n--b$_\n"}
				1 .. $depth) . $_[0];
	},
	sub { return 'Subject: ' . '(' x int(rand(20_000)) . "\n$_[0]" },
	sub { return join('', map {"X-$_: y\n"} 1 .. int(rand(3000))) . $_[0] },
	sub { my ($s) = @_; # escapes, quotes and NULs
		my @bad = ("\e[2J", "\0", "'; DROP TABLE fact; --", '=cmd|x', "\r", "\xff");
		substr($s, int(rand(length $s)), 0) = $bad[rand @bad] for 1 .. 10;
		return $s;
	},
);

sub hostile {
	return $ways[rand @ways]->($samples[rand @samples]);
}

# Everything below a process: its programs' names by their process ids.
sub family {
	my ($top) = @_;
	my %found;
	for my $pid (map { split ' ' } map { slurp($_) } glob("/proc/$top/task/*/children")) {
		%found = (%found, family($pid), $pid => (split ' ', slurp("/proc/$pid/comm"))[0]);
	}
	return %found;
}

sub slurp {
	open(my $f, '<', $_[0]) or return '';
	local $/ = undef;
	return <$f> // '';
}

# How many files wait: the folder is read while it changes.
sub waiting {
	my ($d) = @_;
	opendir(my $new, $d->home . '/bounces/new') or die $!;
	return scalar(grep { !/^\./ } readdir $new);
}

# Has a mailbox emptied. {cpu: seconds of processor, still: the longest time in
# which no message was done, memory: {program => its most, in MiB}}.
sub emptied {
	my ($d) = @_;
	my $before = (times)[2] + (times)[3];
	my %seen = (still => 0, memory => {});
	my ($left, $since) = (waiting($d), time);
	my $pid = $d->start('--once', '--now', $now);
	while (waitpid($pid, POSIX::WNOHANG()) == 0) {
		my %family = family($pid);
		while (my ($child, $name) = each %family) {
			my ($kib) = slurp("/proc/$child/status") =~ /^VmHWM:\s+(\d+)/m or next;
			my $most = \$seen{memory}{$name};
			$$most = $kib / 1024 if $kib / 1024 > ($$most // 0);
		}
		select(undef, undef, undef, 0.1);
		my ($last, $then) = ($left, $since);
		($left, $since) = (waiting($d), time);
		$since = $then if $left == $last;
		$seen{still} = time - $then if time - $then > $seen{still};
	}
	die 'dsnd: ', $? >> 8, "\n" if $?;
	$seen{cpu} = (times)[2] + (times)[3] - $before;
	return \%seen;
}

my $d    = Dsnd->new;
my $only = Dsnd->new;
my $good = 0;
for my $i (0 .. $count - 1) {
	if ($i % $honest_each) {
		$d->deliver(hostile(), at => $start + $i * 60);
		next;
	}
	$d->deliver(honest($i), at => $start + $i * 60);
	$only->deliver(honest($i), at => $start + $i * 60);
	$good++;
}
note("$count messages, $good honest, seed $seed");
my $alone = emptied($only);
my $flood = emptied($d);
my %hard;
open(my $dump, '-|', "$Dsnd::build/dsnctl", 'dump', '-c', $d->config, '--now', $now)
	or die $!;
while (<$dump>) {
	$hard{$1} = 1 if /^\["fact".*"honest(\d+)\@.*"hard"/;
}
close($dump);
my @missing = grep { !$hard{$_ * $honest_each} } 0 .. $good - 1;
is(scalar @missing, 0, 'every honest message has its verdict')
	or diag("first: honest$missing[0]");
my ($status) = $d->ctl_json('status', '--now', $now);
is($status->{messages} + 0 <= $count, 1, 'no message has two records');
my @left = glob($d->home . '/bounces/{new,cur}/*');
is(scalar @left, 0, 'the mailbox is empty');
my $kept = 0;
for my $folder (qw(Processed Unrecognised)) {
	opendir(my $dir, $d->home . "/bounces/.$folder/cur") or next;
	$kept += grep { !/^\./ } readdir $dir;
}
is($kept, $count, 'every file is in a folder');
note(sprintf('%.0f us a message in the flood, %.0f alone', 1e6 * $flood->{cpu} / $count,
		1e6 * $alone->{cpu} / $good));
my $memory = $flood->{memory};
cmp_ok($memory->{'dsnd-parse'}, '<=', 512, 'the parser stays below its memory');
# A batch keeps what is known of its addresses, and here they have it all.
cmp_ok($memory->{dsnd}, '<=', 128, 'the reader stays small');
cmp_ok($flood->{still}, '<=', 5 + 1, 'no message takes longer than its deadline');
note(sprintf('parser %.1f MiB, reader %.1f MiB, at most %.2f s without a message',
		$memory->{'dsnd-parse'}, $memory->{dsnd}, $flood->{still}));
my ($code) = $d->ctl('verify');
is($code, 0, 'verify finds nothing wrong');
done_testing;
