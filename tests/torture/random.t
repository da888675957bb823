#!/usr/bin/perl
# Whatever people and time do to a database, in whatever order: what is kept is
# what the facts and decisions amount to. Two homes get the same mail and the
# same commands; between two commands one reads its mail in another order and
# in other batches. RANDOM_ROUNDS says how often, RANDOM_SEED tries one again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $rounds = $ENV{RANDOM_ROUNDS} || 40;
my $first  = $ENV{RANDOM_SEED} // 1;
my $day    = 86400;
my $begin  = Dsnd::epoch('2026-10-01 00:00:00');
my $clean  = "everything is as it should be\n";

my @shapes = (
	[ '5.1.1', '550 5.1.1 <%s>: user unknown' ],
	[ '5.2.2', '552 5.2.2 <%s>: mailbox full' ],
	[ '4.2.2', '452 4.2.2 <%s>: mailbox full' ],
	[ '5.7.1', '550 5.7.1 <%s>: message refused as spam' ],
	[ '4.4.1', '<%s>: connect to mx.example.net: connection timed out' ],
	[ '5.1.2', '550 5.1.2 <%s>: host unknown' ],
	[ '5.1.10', '556 5.1.10 <%s>: domain does not accept mail (nullMX)' ],
	[ '2.0.0', '250 2.0.0 <%s>: OK', 'delivered' ],
);
my $rule = 'own-full: { text = ["mailbox full"]; reason = "user_unknown"; ' .
	'example = "552 5.2.2 mailbox full"; }';

sub one_of { return $_[int(rand(@_))] }

sub address {
	return sprintf('u%d@d%d.example', int(rand(8)), int(rand(3)));
}

sub message {
	my ($serial, $from, $to) = @_;
	my ($status, $words, $action) = @{one_of(@shapes)};
	my $rcpt = address();
	my $at = int($from + rand($to - $from));
	my $extra = rand() < 0.15 ? "\nFinal-Recipient: rfc822; " . address() .
		"\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; " .
		'550 5.1.1 no such user' : undef;
	# The copy sent to postmaster has a number of its own, but not of ours.
	my $mid = rand() < 0.1 ? 'm' . int(rand($serial + 1)) : "m$serial";
	return [Dsnd::dsn(to => $rcpt, status => $status, mid => $mid,
		diagnostic => sprintf($words, $rcpt), extra => $extra,
		action => $action, campaign => 'c' . int(rand(6)),
		remote => 'mx' . int(rand(2)) . '.example.net') .
		"X-Serial: $serial\n", $at, $serial];
}

sub stamp {
	my @t = gmtime($_[0]);
	return sprintf('%04d-%02d-%02dT%02d:%02d:%02dZ', $t[5] + 1900,
		$t[4] + 1, @t[3, 2, 1, 0]);
}

# A command as [name, arguments], or a change of the configuration.
sub command {
	my ($now, $pending) = @_;
	my @why = ('--reason', 'random');
	my $since = stamp($now - int(rand(20)) * $day);
	my $bound = stamp($now - int(rand(10)) * $day);
	my $pick = one_of(qw(suppress release allow disallow undo undo redo redo
		apply drop policy policy domain rules rules retain nothing nothing));
	return ['suppress', address(), @why,
		rand() < 0.5 ? ('--for', '9d') : ()] if $pick eq 'suppress';
	return ['release', address(), @why] if $pick eq 'release';
	return ['allow', address(), @why] if $pick eq 'allow';
	return ['allow', address(), '--end', @why] if $pick eq 'disallow';
	return ['suppress', '@d' . int(rand(3)) . '.example', '--for', '5d', @why]
		if $pick eq 'domain';
	return ['undo', '--since', $since, '--until', $bound, @why]
		if $pick eq 'undo';
	return ['undo', '--end', '--since', $since, @why] if $pick eq 'redo';
	return [$pick] if $pick =~ /^(?:policy|rules|retain|nothing)$/;
	return @$pending ? ['pending', "--$pick", one_of(@$pending), @why]
		: ['nothing'];
}

sub policy {
	return sprintf('soft = { threshold = %d; min_span = "%dh"; }; ' .
		'breaker = { addresses = %d; }; guard = { min_count = %d; ' .
		'share = %d; };', one_of(2, 3), one_of(1, 72), one_of(2, 5),
		one_of(2, 5), one_of(20, 50));
}

# Ids differ where the order did: a held verdict is named by what it says.
sub held {
	my ($d, $now) = @_;
	my %id;
	for my $p ($d->ctl_json('pending', '--now', $now)) {
		my ($key) = qx(sqlite3 @{[$d->database]} "SELECT hex(m.key) || f.n
			FROM fact f JOIN message m ON m.id = f.message
			WHERE f.id = $p->{id}");
		chomp $key;
		$id{$key} = $p->{id};
	}
	return \%id;
}

sub configure {
	my ($d) = @_;
	mkdir $d->home . '/rules.d';
	$d->Dsnd::configure(policy => $d->{policy} // '', extra => join(' ',
		"rules_dir = \"@{[$d->home]}/rules.d\"; $d->{batch}",
		$d->{retain} // 'retention = { history = "never"; };'));
	return;
}

sub carry_out {
	my ($d, $now, $c) = @_;
	my ($name, @args) = @$c;
	if ($name eq 'pending') {
		$args[1] = held($d, $now)->{$args[1]} // 0;
	} elsif ($name eq 'policy') {
		$d->{policy} = $args[0];
	} elsif ($name eq 'retain') {
		$d->{retain} = $args[0];
	}
	if ($name =~ /^(?:policy|retain|rules|nothing)$/) {
		configure($d);
		return $name if $name ne 'rules';
		$d->{rules} = !$d->{rules};
		open(my $f, '>', $d->home . '/rules.d/own.conf') or die $!;
		print $f $rule if $d->{rules};
		close($f) or die $!;
		($name, @args) = ('reclassify', '--apply');
	}
	return join(' ', ($d->ctl($name, '--now', $now, @args))[0, 1]);
}

sub dump_of {
	my ($d, $now) = @_;
	my ($status, $text) = $d->ctl('verify', '--now', $now);
	return $status == 0 && $text eq $clean ? $d->dump($now)
		: "verify of $d->{batch}: $text";
}

sub round_of {
	my ($seed) = @_;
	srand($seed);
	my ($now, $serial, @done) = ($begin, 0);
	my @homes = (Dsnd->new, Dsnd->new(mailboxes => ['bounces', 'other']));
	$_->{batch} = sprintf('daemon = { batch_messages = %d; };',
		$_ == $homes[0] ? 100 : 1 + rand(7)) for @homes;
	carry_out($_, stamp($now), ['nothing']) for @homes;
	my @sent;
	for my $step (1 .. 12) {
		my $then = $now;
		$now += int((0.2 + rand(6)) * $day);
		my @mail = map { message($serial++, $then - 5 * $day, $now) }
			1 .. int(rand(30));
		# Some of it comes again, and some of that as if it were older.
		push @mail, map { [$_->[0], $_->[1] - int(rand(2)) * 7200, $serial++] }
			map { one_of(@sent) } 1 .. 3 if @sent;
		push @sent, @mail;
		for my $d (@homes) {
			my $back = $d != $homes[0];
			$d->deliver($_->[0], at => $_->[1], name => sprintf('%06d',
				$back ? 999_999 - $_->[2] : $_->[2]),
				mailbox => $back && $_->[2] % 3 ? 'other' : 'bounces')
				for @mail;
			my ($status, $text) = $d->drain(stamp($now));
			return "dsnd: $status $text\n" if $status;
		}
		my $c = command($now, [sort keys %{held($homes[0], stamp($now))}]);
		push @$c, policy() if $c->[0] eq 'policy';
		push @$c, sprintf('retention = { history = "%dd"; };',
			one_of(5, 20, 60)) if $c->[0] eq 'retain';
		push @done, stamp($now) . " @$c";
		my @said = map { carry_out($_, stamp($now), $c) } @homes;
		$_->drain(stamp($now + 1)) for @homes;
		my @dump = map { dump_of($_, stamp($now + 1)) } @homes;
		return join("\n", @done, @said, grep { /^verify/ } @dump) . "\n"
			if grep { /^verify/ } @dump;
		next if $dump[0] eq $dump[1];
		my (%a, %b);
		$a{$_} = 1 for split /\n/, $dump[0];
		$b{$_} = 1 for split /\n/, $dump[1];
		return join("\n", @done, @said, (map { "- $_" } grep { !$b{$_} }
			sort keys %a), map { "+ $_" } grep { !$a{$_} } sort keys %b) . "\n";
	}
	return '';
}

for my $seed ($first .. $first + $rounds - 1) {
	is(round_of($seed), '', "seed $seed: verified, and one dump");
}
done_testing();
