#!/usr/bin/perl
# A spool: files of a provider's events in a folder, read as ingest reads them,
# each event once, each file kept until its events are.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use List::Util qw(sum0);
use POSIX ();
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $at  = Dsnd::epoch('2026-11-20 12:00:00');

# A setup whose only mailbox is a spool.
sub spool {
	my (%o) = @_;
	my $d = Dsnd->new(mailboxes => []);
	mkdir $d->home . '/spool' or die $!;
	open(my $f, '>', $d->config) or die $!;
	printf $f "database = \"%s\"; log_level = \"%s\"; %s\n" .
		'trust = { our_domains = [ "example.org" ]; };' .
		'mailboxes = ( { name = "hooks"; type = "spool"; ' .
		"path = \"%s/spool\"; format = \"%s\"; %s } );\n",
		$d->database, $o{log} // 'error', $o{extra} // '', $d->home,
		$o{format} // 'sendgrid', $o{mailbox} // '';
	close($f) or die $!;
	return $d;
}

sub grid {
	my ($i, $event, $reason) = @_;
	return {email => "g$i\@example.net", timestamp => $at - 7200,
		event => $event // 'bounce', sg_event_id => "id-$i",
		'smtp-id' => "<g$i\@example.org>",
		reason => $reason // '550 5.1.1 The account does not exist'};
}

# Writes as a receiver does.
sub put {
	my ($d, $name, $data) = @_;
	my $file = $d->home . "/spool/.$name";
	open(my $f, '>:raw', $file) or die $!;
	print $f ref $data ? JSON::PP->new->canonical->encode($data) : $data;
	close($f) or die $!;
	utime($at, $at, $file) or die $!;
	rename($file, $d->home . "/spool/$name") or die $!;
	return;
}

sub names {
	my ($d, $below) = @_;
	opendir(my $dir, $d->home . '/spool' . ($below // '')) or return '';
	return join(' ', grep { !/^\./ } sort readdir $dir);
}

my $d = spool();
put($d, 'a.json', [grid(1), grid(2, 'spamreport', ''), grid(3, 'delivered')]);
put($d, 'b.json', [grid(1)]);
put($d, 'c.json', [grid(4, 'open')]);
put($d, 'half.tmp', '[');
$d->once($now);
ok($d->suppressed('g1@example.net', $now), 'a bounce counts, without proof');
ok($d->suppressed('g2@example.net', $now), 'and so does a complaint');
ok(!$d->suppressed('g3@example.net', $now), 'and not a delivery');
is(names($d), 'half.tmp', 'what is no .json stays');
is(names($d, '/.Processed'), 'a.json b.json c.json', 'the others are moved');
my ($show) = $d->ctl_json('show', '--now', $now, 'g1@example.net');
is(scalar @{$show->{history}}, 1, 'one event, though it came twice');
is($show->{history}[0]{at}, $at - 7200, 'at its own time');

my $before = $d->dump($now);
put($d, 'a.json', [grid(2, 'spamreport', ''), grid(1)]);
$d->once($now);
is($d->dump($now), $before, 'events that come again change nothing');
is(names($d, '/.Processed'), 'a.1.json a.json b.json c.json',
	'and no file is overwritten');

# What is no JSON, half of it another provider's, and what is too large.
put($d, 'bad.json', '{"email": "x@exa');
put($d, 'odd.json', {what => 'is this'});
put($d, 'big.json', '[' . ' ' x (5 << 20) . ']');
$d->once($now);
is(names($d), 'half.tmp', 'files that nobody can read do not stay');
is(names($d, '/.Unrecognised'), 'bad.json big.json odd.json', 'nor are lost');
my %why = map { $_->{why} => $_->{id} } $d->ctl_json('quarantine', 'list');
is(scalar keys %why, 3, 'the quarantine has each');
is(join("\n", sort keys %why), "larger than max_message\n" .
	"line 1: premature end of input\nnot an event of sendgrid",
	'with its reason');
my ($status, $text) = $d->ctl('quarantine', 'retry', '--all');
is($status, 1, 'which they have when they are tried again');

# What was read as another provider's is read again as its own's.
my $m = spool(format => 'mailgun');
put($m, 'a.json', [grid(1), grid(2, 'open')]);
$m->once($now);
ok(!$m->suppressed('g1@example.net', $now), 'nothing of such a file counts');
my $conf = $m->config;
$m->run('sed', '-i', 's/"hooks"/"others"/', $conf);
is(($m->ctl('quarantine', 'retry', '--now', $now, '--all'))[0], 1,
	'nor is it taken for mail while its spool is not configured');
$m->run('sed', '-i', 's/"others"/"hooks"/; s/mailgun/sendgrid/', $conf);
($status, $text) = $m->ctl('quarantine', 'retry', '--now', $now, '--all');
is("$status $text", "0 1: events\n", 'retry reads events');
ok($m->suppressed('g1@example.net', $now), 'which count from then on');
is(($m->ctl('quarantine', 'list'))[0], 1, 'and leave the quarantine');

# The same by hand, in the same order.
my @files = map { my $n = $_; [map { grid(100 * $n + $_) } 1 .. 1 + $n % 7] }
	1 .. 60;
sub by_hand {
	my $e = spool();
	$e->once($now);
	for my $i (0 .. $#files) {
		put($e, 'one', $files[$i]);
		my ($rc) = $e->run('sh', '-c', 'exec "$@" <"$0"',
			$e->home . '/spool/one', "$Dsnd::build/dsnctl", 'ingest',
			'-c', $e->config, '--now', $now, '--format', 'sendgrid',
			'--mailbox', 'hooks');
		die "ingest: $rc" if $rc;
	}
	return $e->dump($now);
}
my $expected = by_hand();

sub put_all {
	my ($e) = @_;
	put($e, sprintf('%03d.json', $_), $files[$_]) for 0 .. $#files;
	return;
}

my $e = spool();
put_all($e);
$e->once($now);
is($e->dump($now), $expected, 'a spool says what ingest says');

# kill -9 in the middle of a file, while batches smaller than it go by, and once
# more: where it writes the fourth event of that file it waits for the kill.
my $k = spool(extra => 'daemon = { batch_messages = 2; };');
put_all($k);
sub killed {
	my ($file) = @_;
	my $pid = fork // die $!;
	if (!$pid) {
		setpgrp(0, 0);
		$ENV{ASAN_OPTIONS} = join(':', $ENV{ASAN_OPTIONS} // (),
			'verify_asan_link_order=0');
		$ENV{LD_PRELOAD} = "$Dsnd::build/tests/preload/poison.so";
		$ENV{DSND_POISON} = 'g' . (100 * $file + 4) . '@example.net';
		$ENV{DSND_HANG} = 'waits';
		exec("$Dsnd::build/dsnd", '-c', $k->config, '--once', '--now',
			$now) or POSIX::_exit(127);
	}
	my $moved = Dsnd::await(sub {
		(() = names($k, '/.Processed') =~ /json/g) == $file - 1 });
	my $writing = Dsnd::await(sub {
		my (undef, $text) = $k->run('sqlite3', '-readonly', $k->database,
			'SELECT count(*) FROM message');
		return $text == 2 + events_before($file);
	});
	kill('KILL', -$pid);
	waitpid($pid, 0);
	return $moved && $writing;
}
sub events_before { return sum0(map { scalar @$_ } @files[0 .. $_[0] - 2]) }
ok(killed(6), 'killed in the sixth file');
isnt(names($k), '', 'there are more');
ok(killed(20), 'killed in the twentieth');
$k->once($now);
is($k->dump($now), $expected, 'nothing is lost and nothing counts twice');
is(names($k), '', 'every file was disposed of');
is(scalar(() = names($k, '/.Processed') =~ /json/g), 60, 'none was lost');

# keep and delete.
my $s = spool(mailbox => 'processed = "keep"; unrecognised = "delete";');
put($s, 'a.json', [grid(1)]);
put($s, 'b.json', 'nonsense');
$s->once($now);
is(names($s), 'a.json.seen', 'kept files are marked');
is(names($s, '/.Unreadable'), 'b.json', 'what nobody read is not deleted');
put($s, 'a.json', [grid(2)]);
$s->once($now);
is(names($s), 'a.1.json.seen a.json.seen', 'a name may come again');
$s = spool(mailbox => 'processed = "delete";');
put($s, 'a.json', [grid(1)]);
$s->once($now);
is(names($s), '', 'deleted');
ok($s->suppressed('g1@example.net', $now), 'but not before it counted');

# The daemon is told of a file.
my $pid = $s->start;
ok(Dsnd::await(sub { ($s->ctl('status'))[0] == 0 }), 'the daemon runs');
put($s, 'b.json', [grid(2)]);
ok(Dsnd::await(sub { names($s) eq '' }), 'it takes a file without being asked');
kill('TERM', $pid);
waitpid($pid, 0);
ok($s->suppressed('g2@example.net', $now), 'and what is in it');

# What is wrong is said at once.
sub check {
	my ($e) = @_;
	return $e->run('sh', '-c', 'exec "$0" -c "$1" --check 2>&1',
		"$Dsnd::build/dsnd", $e->config);
}
for my $wrong (['format = "sendgrip"', qr/sendgrid/],
	['trusted = true;', qr/trusted is for/]) {
	my $w = $wrong->[0] =~ /format/ ? spool(format => 'sendgrip')
		: spool(mailbox => $wrong->[0]);
	($status, $text) = check($w);
	isnt($status, 0, "$wrong->[0] is refused");
	like($text, $wrong->[1], 'with a hint');
}
($status, $text) = $d->run('sh', '-c',
	'exec "$0" -c "$1" --check --connect 2>&1', "$Dsnd::build/dsnd",
	$d->config);
like($text, qr/files of sendgrid events: 0/, 'what is there can be asked');

done_testing();
