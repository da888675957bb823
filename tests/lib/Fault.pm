# Runs of dsnd in which one call of the C library goes wrong: it fails, or the
# process dies at it. After each dsnd is started again undisturbed; then it must
# know what an undisturbed run knows, and every message be disposed of once.
# What the calls and the ways are called stands in tests/preload/fault.c.
package Fault;
use strict;
use warnings;
use Dsnd;
use POSIX qw(setpgid);
use Test::More;

our @kinds = qw(write sync rename unlink read open truncate mkdir connect fork
	malloc);
our @modes = qw(count fail kill kill-after short full);
my %kind = map { $kinds[$_] => $_ } 0 .. $#kinds;
my %mode = map { $modes[$_] => $_ } 0 .. $#modes;
my $ways = 16384;
my $page = 'l l q q q' . @kinds . " q q$ways";
my $size = 8 * (4 + @kinds + 3 * $ways);
my $now  = '2026-11-20T12:00:00Z';

# The ways in which a call of that kind is made to go wrong.
sub ways {
	my ($kind) = @_;
	return $kind eq 'malloc' || $kind eq 'connect' || $kind eq 'fork'
		? qw(fail kill)
		: $kind eq 'write' ? qw(fail kill kill-after short full)
		: $kind eq 'read' ? qw(fail kill short)
		: qw(fail kill kill-after);
}

# Runs dsnd --once with the n-th call of a kind going wrong in that way.
# Returns {calls => {kind => n}, hits, status, hung}.
sub once {
	my ($d, %o) = @_;
	my $path = $d->home . '/fault.page';
	open(my $f, '>:raw', $path) or die "$path: $!";
	print $f pack('l l q', $kind{$o{kind} // 'write'}, $mode{$o{way} // 'count'},
		$o{n} // 0);
	truncate($f, $size) or die $!;
	close($f) or die $!;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		setpgid(0, 0);
		open(STDERR, '>', $d->home . '/fault.log');
		$ENV{DSND_FAULT} = $path;
		$ENV{LD_PRELOAD} = "$Dsnd::build/tests/preload/fault.so";
		exec("$Dsnd::build/dsnd", '-c', $d->config, '--once', '--now', $now)
			or POSIX::_exit(127);
	}
	setpgid($pid, $pid);
	my $hung   = !ended($pid, 60);
	my $status = $?;
	# What outlives a supervisor that was killed.
	kill('KILL', -$pid);
	open($f, '<:raw', $path) or die "$path: $!";
	local $/ = undef;
	my (undef, undef, undef, $hits, @rest) = unpack($page, <$f>);
	my %calls;
	@calls{@kinds} = splice(@rest, 0, scalar(@kinds));
	my $seen = shift @rest;
	return {calls => \%calls, hits => $hits, status => $status, hung => $hung,
		firsts => [@rest[0 .. $seen - 1]]};
}

# Waits for a process, at most so long; false where it had to be killed.
sub ended {
	my ($pid, $seconds) = @_;
	my $timely = eval {
		local $SIG{ALRM} = sub { die "late\n" };
		alarm $seconds;
		waitpid($pid, 0);
		alarm 0;
		1;
	};
	return 1 if $timely;
	kill('KILL', -$pid);
	waitpid($pid, 0);
	return 0;
}

# The same beginning for every point: nothing known, everything in the mailbox.
sub begin {
	my ($d) = @_;
	unlink map { $d->database . $_ } '', '-wal', '-shm';
	$d->fill;
	return;
}

# One point: was it reached, and what is wrong afterwards (empty: nothing).
sub point {
	my ($d, $calm, $kind, $way, $n) = @_;
	my @wrong;
	begin($d);
	my $run = once($d, kind => $kind, way => $way, n => $n);
	push @wrong, 'it hung' if $run->{hung};
	# libconfig does not look whether it got memory.
	push @wrong, 'it died of signal ' . ($run->{status} & 127)
		if $way !~ /kill/ && $kind ne 'malloc' && $run->{status} & 127;
	push @wrong, 'it says that all is done, and it is not'
		if $run->{status} == 0 && $d->files ne $calm->{files};
	my ($status) = $d->dsnd('--once', '--now', $now);
	push @wrong, "undisturbed it then exits $status" if $status != 0;
	push @wrong, 'it knows something else' if $d->dump($now) ne $calm->{dump};
	my $files = $d->files;
	push @wrong, "files: $files" if $files ne $calm->{files};
	return ($run->{hits}, join(', ', @wrong));
}

# Which points to try, as [kind, way, n], from how often each call is made. Of
# a hundred thousand allocations most are those of a statement being prepared,
# one like the other: of each way to come by one the first is tried.
sub points {
	my ($calls, @firsts) = @_;
	return [split / /, $ENV{FAULT_ONLY}] if $ENV{FAULT_ONLY};
	my %wanted = map { $_ => 1 } split / /, $ENV{FAULT_KINDS} // "@kinds";
	my $stride = $ENV{FAULT_STRIDE} || 1;
	my $seed   = $ENV{FAULT_SEED} // 1;
	my @points;
	for my $kind (grep { $wanted{$_} } @kinds) {
		my @n = $kind eq 'malloc' ? sort { $a <=> $b } @firsts
			: 1 .. $calls->{$kind};
		@n = @n[grep { ($_ + 1) % $stride == $seed % $stride } 0 .. $#n];
		for my $way (ways($kind)) {
			push @points, map { [$kind, $way, $_] } @n;
		}
	}
	note('calls: ', join(', ', map { "$_ $calls->{$_}" } @kinds),
		', in ' . @firsts . ' ways');
	note("every $stride-th point from ", $seed % $stride);
	return @points;
}

# One worker's share of the points, into a file; what is wrong is said at once.
sub share {
	my ($d, $calm, $out, @points) = @_;
	my $done = 0;
	for my $point (@points) {
		my ($hits, $wrong) = point($d, $calm, @$point);
		print $out join("\t", @$point, $hits, $wrong), "\n";
		print STDERR "# @$point: $wrong\n" if $wrong;
		print STDERR "# @$point: $done of ", scalar(@points), " here\n"
			if ++$done % 500 == 0;
	}
	close($out) or die $!;
	return;
}

# Workers take every so many-th point; what they saw, a line each.
sub work {
	my ($make, $calm, @points) = @_;
	my $jobs = 2;
	my %from;
	for my $job (0 .. $jobs - 1) {
		open(my $out, '+>', undef) or die $!;
		my $pid = fork // die "fork: $!";
		if ($pid) {
			$from{$pid} = $out;
			next;
		}
		my $d = $make->();
		share($d, $calm, $out, @points[grep { $_ % $jobs == $job } 0 .. $#points]);
		system('rm', '-rf', $d->home);
		# No destructor of the parent's things runs here.
		POSIX::_exit(0);
	}
	my @lines;
	while (my ($pid, $out) = each %from) {
		waitpid($pid, 0);
		fail('a worker ended early') if $?;
		seek($out, 0, 0);
		push @lines, <$out>;
	}
	chomp @lines;
	return @lines;
}

# The whole test; make gives a Dsnd with the methods fill (the mailbox anew) and
# files (where each message lies).
sub torture {
	my ($make) = @_;
	my $d = $make->();
	begin($d);
	my $run = once($d);
	is($run->{status}, 0, 'undisturbed it succeeds');
	my $calm = {dump => $d->dump($now), files => $d->files};
	like($calm->{dump}, qr/user5\@/, 'and knows what it read');
	my @points = points($run->{calls}, @{$run->{firsts}});
	my (%tried, %reached, %wrong);
	for (work($make, $calm, @points)) {
		my ($kind, $way, undef, $hits, $wrong) = split /\t/;
		$tried{"$kind $way"}++;
		$reached{"$kind $way"}++ if $hits;
		$wrong{"$kind $way"}++ if $wrong;
	}
	for my $name (map { my $k = $_; map {"$k $_"} ways($k) } @kinds) {
		next if !$tried{$name};
		ok(!$wrong{$name}, "$name: $tried{$name} points");
	}
	my ($tried, $reached) = (0, 0);
	$tried += $_ for values %tried;
	$reached += $_ for values %reached;
	is($tried, scalar(@points), 'every point was tried');
	cmp_ok($reached, '>=', $tried * 0.9, "and reached: $reached of $tried");
	done_testing();
	return;
}

1;
