#!/usr/bin/perl
# The metrics file is what a collector of text files reads, and each figure
# moves when what it counts happens, and only then.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $d = Dsnd->new;
my $file = $d->home . '/dsnd.prom';
sub configure {
	my ($more) = @_;
	# What the 2nd of November brought is there whatever day it is, and a
	# message that is slow to parse is in the batch of the one before it.
	$d->configure(extra => "metrics_file = \"$file\"; " .
		'daemon = { batch_age = "60s"; }; ' .
		'retention = { history = "never"; quarantine = "never"; }; ' .
		($more // ''));
	return;
}
configure();

# {'name{labels}' => value}; dies of what the text format does not allow.
my (%type, %help);
sub metrics {
	open(my $f, '<', $file) or die "$file: $!";
	my (%value, $family);
	while (my $line = <$f>) {
		chomp $line;
		if ($line =~ /^# HELP (\w+) (\S.*)$/) {
			die "twice: $1" if $family && $family eq $1;
			($family, $help{$1}) = ($1, $2);
		} elsif ($line =~ /^# TYPE (\w+) (counter|gauge|histogram)$/) {
			die "type of another: $line" if $1 ne $family;
			$type{$1} = $2;
		} elsif ($line =~ /^((\w+)(?:\{(?:\w+="[^"\\\n]*",?)+\})?) (-?\d+(?:\.\d+)?)$/) {
			my ($key, $name, $value) = ($1, $2, $3);
			my $base = $name;
			$base =~ s/_(?:bucket|sum|count)$//
				if ($type{$family} // '') eq 'histogram';
			die "outside its family: $line" if $base ne $family;
			die "twice: $key" if exists $value{$key};
			$value{$key} = $value;
		} else {
			die "no metric: $line";
		}
	}
	return %value;
}

my $now = Dsnd::epoch('2026-11-02 12:00:00');
sub once {
	my ($status) = $d->dsnd('--once', '--now', '@' . $now);
	return $status;
}
# What changed since the last call.
my %before;
sub changes {
	my %after = metrics();
	my %diff = map { $_ => $after{$_} - ($before{$_} // 0) }
		grep { ($before{$_} // 0) != $after{$_} } keys %after;
	%before = %after;
	delete $diff{$_} for grep { /^dsnd_batch_seconds|database_bytes/ } keys %diff;
	return \%diff;
}
my $mailbox = 'mailbox="bounces"';
is(once(), 0, 'an empty mailbox');
changes();
cmp_ok($before{'dsnd_database_bytes{file="main"}'}, '>', 4096,
	'the size of the database is shown');
is($before{"dsnd_mailbox_last_poll_timestamp_seconds{$mailbox}"}, $now,
	'and when the mailbox was read');
is($before{'dsnd_written_timestamp_seconds'}, $now, 'and when it was written');
is_deeply({%{changes()}}, {}, 'nothing moves by itself');

# Lags: 100 s and 2 h.
sub dsn {
	my ($to, $status, $text, $ago) = @_;
	$d->deliver(Dsnd::dsn(to => $to, status => $status, diagnostic => $text,
			mid => "$to$now"), at => $now - $ago);
	return;
}
dsn('rosa@example.net', '5.1.1', '550 5.1.1 user unknown', 100);
dsn('ivo@example.net', '5.2.2', '552 5.2.2 mailbox full', 7200);
is(once(), 0, 'two bounces');
my $c = changes();
my %want = (
	"dsnd_messages_total{$mailbox,kind=\"bounce\"}" => 2,
	'dsnd_verdicts_total{class="hard",reason="user_unknown"}' => 1,
	'dsnd_verdicts_total{class="soft",reason="mailbox_full"}' => 1,
	'dsnd_suppressed' => 1,
	'dsnd_message_lag_seconds_bucket{le="600"}' => 1,
	'dsnd_message_lag_seconds_bucket{le="3600"}' => 1,
	'dsnd_message_lag_seconds_bucket{le="21600"}' => 2,
	'dsnd_message_lag_seconds_bucket{le="86400"}' => 2,
	'dsnd_message_lag_seconds_bucket{le="+Inf"}' => 2,
	'dsnd_message_lag_seconds_sum' => 7300,
	'dsnd_message_lag_seconds_count' => 2,
	'dsnd_acted_30d' => 2,
	'dsnd_failures_30d' => 2,
	'dsnd_acted_unproved_30d' => $c->{dsnd_acted_unproved_30d} // 0,
	"dsnd_mailbox_last_message_timestamp_seconds{$mailbox}" => $now,
);
delete $want{dsnd_acted_unproved_30d} if !$want{dsnd_acted_unproved_30d};
is_deeply($c, \%want, '... move what counts them, and nothing else');
is($before{'dsnd_batch_seconds_count'}, 1, '... in one batch');
is($before{'dsnd_batch_seconds_bucket{le="+Inf"}'}, 1, '... which was timed');

$d->ctl('release', 'rosa@example.net', '--reason', 'x', '--now', "\@$now");
once();
is_deeply(changes(), {dsnd_suppressed => -1}, 'a release');

# What nobody can read.
configure("parser = { program = \"$Dsnd::build/tests/tools/parser_fault\"; };");
$d->deliver('crash', at => $now);
is(once(), 0, 'a message that the parser dies of');
$c = changes();
is($c->{"dsnd_messages_total{$mailbox,kind=\"unreadable\"}"}, 1, '... is counted');
is($c->{dsnd_quarantined}, 1, '... is in quarantine');
cmp_ok($c->{"dsnd_parser_deaths_total{$mailbox}"}, '>=', 1,
	'... and so are the deaths');
configure();

rename($d->home . '/bounces/new', $d->home . '/kept') or die $!;
$now += 60;
isnt(once(), 0, 'a mailbox that cannot be read');
rename($d->home . '/kept', $d->home . '/bounces/new') or die $!;
$c = changes();
is($c->{"dsnd_poll_errors_total{$mailbox}"}, 1, '... is counted');
is($c->{"dsnd_mailbox_failing{$mailbox}"}, 1, '... and fails');
$now += 60;
is(once(), 0, 'mended');
is(changes()->{"dsnd_mailbox_failing{$mailbox}"}, -1, '... it fails no more');

ok(!-e "$file.new" && !(() = glob("$file?*")), 'nothing is left beside the file');
is((stat $file)[2] & 0777, 0644, 'collectors may read it');

# What the dashboard and the alerts ask for is there.
my %asked;
for my $path (glob("$Dsnd::top/contrib/monitoring/*.{json,yml}")) {
	open(my $f, '<', $path) or die "$path: $!";
	local $/ = undef;
	my $text = <$f>;
	$asked{$_} = $path for $text =~ /\b(dsnd_\w+)/g;
	next if $path !~ /json$/;
	my $board = eval { decode_json($text) };
	ok($board && @{$board->{panels}} > 5, "$path is a dashboard");
}
for my $name (sort keys %asked) {
	my $base = $name =~ s/_(?:bucket|sum|count)$//r;
	ok($type{$name} || ($type{$base} // '') eq 'histogram',
		"$name, which $asked{$name} asks for, is there");
}
my $manual = do {
	open(my $f, '<', "$Dsnd::top/man/dsnd.8") or die $!;
	local $/ = undef;
	<$f>;
};
for my $name (sort keys %type) {
	ok($asked{$name} || grep({ /^\Q$name\E_/ } keys %asked),
		"$name is watched by something of contrib/monitoring");
	like($manual, qr/\b\Q$name\E\b/,
		'... and in the manual');
}

# The check for monitoring systems.
my $check = "$Dsnd::top/contrib/monitoring/check_dsnd";
sub checked {
	my (@options) = @_;
	my ($status, $text) = $d->run($check, '-d', "$Dsnd::build/dsnctl",
		@options, '--', '-c', $d->config);
	chomp $text;
	return "$status $text";
}
$now = time;
once();
like(checked(), qr/^0 DSND OK: mailboxes: 1, suppressed: \d+ \| suppressed=\d+ held=0 quarantined=1 waiting=0 messages=\d+c$/,
	'check_dsnd: OK');
$now = time - 700;
once();
like(checked(), qr/^1 DSND WARNING: mailbox bounces was last read 7\d\d s ago \|/,
	'check_dsnd: WARNING');
like(checked('-c', 650), qr/^2 DSND CRITICAL: /, 'check_dsnd: CRITICAL');
like(checked('-c', 'x'), qr/^3 DSND UNKNOWN: -c takes a number/,
	'check_dsnd: wrong use');
open(my $script, '>:raw', $d->home . '/dsnctl') or die $!;
printf $script "#!/bin/sh\ncat <<'END'\n" . '{"mailboxes":[{"name":"b",' .
	'"polled_at":%d,"backlog":0,"last_error":"folder %s",' .
	'"last_error_at":%d}],"suppressed":0,"held":0,"quarantined":0,' .
	'"messages":0}' . "\nEND\n", time - 1,
	"\xc3\xbc, \xe2\x82\xac", time;
close($script) or die $!;
chmod(0755, $d->home . '/dsnctl') or die $!;
(undef, my $said) = $d->run('sh', '-c', 'exec "$@" 2>&1', 'sh', $check, '-d',
	$d->home . '/dsnctl');
like($said, qr/\ADSND WARNING: mailbox b: folder \xc3\xbc, \xe2\x82\xac \|/,
	'check_dsnd: letters come out as dsnctl wrote them');

# Nobody reads it any more, so it is not overdue for ever.
my $home = $d->home;
for my $folder ('', qw(/new /cur /tmp)) {
	mkdir "$home/other$folder" or die $!;
}
$d->{mailboxes} = ['other'];
configure();
$now += 60;
once();
my %now_there = metrics();
my @of = grep { /^dsnd_mailbox_failing/ } sort keys %now_there;
is("@of", 'dsnd_mailbox_failing{mailbox="other"}',
	'a mailbox that was taken out of the configuration is not watched');
$now = time;
once();
like(checked(), qr/^0 DSND OK: mailboxes: 1,/, '... nor by check_dsnd');
my (undef, $seen) = $d->ctl('status');
my @marked = $seen =~ /^mailbox (\w+): .*; not configured, nobody reads it$/mg;
is("@marked", 'bounces', '... and dsnctl status says which it is');

# Where all mail is piped none is to be read, so none is overdue.
$d->{mailboxes} = [];
configure();
$d->run('sh', '-c', 'exec "$0" "$@" <Makefile', "$Dsnd::build/dsnctl", 'ingest',
	'-c', $d->config);
like(checked(), qr/^0 DSND OK: mailboxes: 0,/,
	'a site without a mailbox is in order');
(undef, $seen) = $d->ctl('status');
@marked = $seen =~ /^mailbox (\w+): .*; (.*)$/mg;
is("@marked", 'bounces not configured, nobody reads it ingest from dsnctl ' .
	'ingest other not configured, nobody reads it',
	'... and dsnctl status says of each what it was');
unlike(($d->run("$Dsnd::build/dsnctl", 'status', '--db', $d->database))[1],
	qr/configured/, 'without a configuration nothing is said of any');
$d->{mailboxes} = ['bounces'];
configure();

rename($d->database, $d->database . '.away') or die $!;
like(checked(), qr/^3 DSND UNKNOWN: .*there is none/, 'check_dsnd: UNKNOWN');
# Of what a domain that is missing in the configuration leaves without effect.
for (['30', '59', 1], ['30', '60', 0], ['20', '21', 0]) {
	my ($foreign, $failures, $want) = @$_;
	open(my $f, '>', $d->home . '/dsnctl') or die $!;
	printf $f "#!/bin/sh\necho '" . '{"mailboxes":[{"name":"b","polled_at":%d,' .
		'"backlog":0,"last_error":""}],"suppressed":0,"held":0,' .
		'"quarantined":0,"messages":0,"failures":%d,"foreign":%d}' . "'\n",
		time, $failures, $foreign;
	close($f) or die $!;
	my ($warned, $why) = $d->run($check, '-d', $d->home . '/dsnctl');
	is($warned, $want, "check_dsnd: $foreign of $failures are foreign");
	like($why, $want ? qr/30 of 59 failures bring back no domain of ours/
		: qr/OK/, '... and it says so');
}
done_testing;
