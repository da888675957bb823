#!/usr/bin/perl
# A program that is told of changes is told of all, in their order: whether it
# fails, hangs or is killed, whether dsnd is, and after a backup was put back.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use POSIX qw(WNOHANG);
use Test::More;
use Time::HiRes qw(time);

my $d = Dsnd->new;
my $home = $d->home;
my $at = '2026-11-20T12:00:00Z';
my $pid;
END { kill('KILL', $pid) if $pid }

sub file {
	my ($name, $text, $mode) = @_;
	open(my $f, '>:raw', "$home/$name.new") or die "$name: $!";
	print $f $text;
	close($f) or die "$name: $!";
	chmod($mode // 0644, "$home/$name.new") or die $!;
	rename("$home/$name.new", "$home/$name") or die $!;
	return "$home/$name";
}

sub slurp {
	my ($name) = @_;
	open(my $f, '<:raw', "$home/$name") or return '';
	local $/ = undef;
	return <$f> // '';
}

# It takes what it is told, fails, or hangs with something that it started.
my $take = file('take', <<"END", 0755);
#!/bin/sh
cd '$home' || exit 9
case \$(cat how) in
fail) echo >>tried; echo 'on standard output'; exit 7;;
hang) sleep 1000 & echo "\$\$ \$PPID \$!" >hangs.new; mv hangs.new hangs; wait;;
esac
echo "anew=\${DSND_CHANGES_ANEW-} \$1" >>runs
cat >>told
END

sub how {
	my ($how) = @_;
	unlink "$home/hangs";
	file('how', $how);
	return;
}

sub configure {
	my ($command, $timeout) = @_;
	my $changes = $command eq '' ? ''
		: "changes = { command = [ $command ]; timeout = \"$timeout\"; };";
	$d->configure(extra => "log_level = \"info\"; $changes " .
		"metrics_file = \"$home/metrics\";");
	return;
}

# Whoever waits has it look at once.
sub await {
	my ($until) = @_;
	my $n = 0;
	return Dsnd::await(sub {
		kill('USR1', $pid) if $pid && $n++ % 10 == 0;
		return $until->();
	});
}

sub suppress {
	my ($status) = $d->ctl('suppress', @_, '--reason', 'x', '--now', $at);
	die "@_: $status" if $status != 0;
	return;
}

# What was told so far, which must be lines of JSON in the order of their marks;
# whoever does as he is told has these.
my %follower;
sub told {
	my ($last, @told) = (0);
	%follower = ();
	for my $line (split /\n/, slurp('told')) {
		my $c = eval { decode_json($line) } or die "no JSON: $line";
		my ($n) = $c->{mark} =~ /^[0-9a-f]{8}-(\d+)$/;
		push @told, $c->{address};
		delete $follower{$c->{address}};
		$follower{$c->{address}} = 1 if $c->{suppressed};
		die "$n after $last" if $n <= $last;
		$last = $n;
	}
	return @told;
}
# ... since the last call of is_news, which wants these and nobody else.
my $seen = 0;
sub is_told {
	my ($address) = @_;
	return await(sub {
		my @told = told();
		return grep { $_ eq $address } @told[$seen .. $#told];
	});
}
sub is_news {
	my ($expected, $what) = @_;
	my @told = told();
	is(join(' ', @told[$seen .. $#told]), $expected, $what);
	$seen = @told;
	return;
}

sub logged { return scalar(() = slurp('log') =~ /$_[0]/g) }

sub is_gone {
	my ($process) = @_;
	open(my $f, '<', "/proc/$process/stat") or return 1;
	return <$f> =~ /\) Z /;
}

# The command, who runs it, and what it started; once it hangs.
sub hangs {
	await(sub { -e "$home/hangs" }) or die 'it does not hang';
	return split ' ', slurp('hangs');
}
sub are_gone { my @all = @_; return await(sub { !grep { !is_gone($_) } @all }) }

# A signal that comes before it is ready would end it.
sub start {
	my $before = logged('is ready');
	my $started = $d->start('--now', $at);
	Dsnd::await(sub { logged('is ready') > $before }) or die 'it does not start';
	$pid = $started;
	return;
}

sub stop {
	my ($signal) = @_;
	kill($signal, $pid);
	waitpid($pid, 0);
	undef $pid;
	return $?;
}

# What the configuration may say.
configure('"take"', '1m');
my ($status, $text) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
	"$Dsnd::build/dsnd", '-c', $d->config, '--check');
is($status, 1, 'a path that is not absolute is refused');
like($text, qr/changes\.command: the command is no program/, '... with its key');
configure('"/nonexistent/take"', '1m');
($status, $text) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
	"$Dsnd::build/dsnd", '-c', $d->config, '--check');
is($status, 3, 'a program that is not there is missing');
like($text, qr/command "\/nonexistent\/take": No such file/, '... and is named');

# All that is suppressed, more than it is told of at once; the words of others
# stay within their line.
configure("\"$take\", \"an argument\"", '1m');
how('take');
open(my $list, '>', "$home/list.csv") or die $!;
print $list "email,created\n", map { "n$_\@example.net,2020-01-01\n" } 1 .. 1100;
close($list) or die $!;
$d->once($at);
is(slurp('runs'), '', 'where there is nothing, nothing is run');
$d->ctl('import', "$home/list.csv", '--now', $at);
$d->ctl('suppress', "j\xc3\xb6rg\@example.net", '--reason',
	"a\nb\t\e[31mc\xe2\x80\xa8\xc2\x9b\xff\"\\", '--now', $at);
start();
ok(await(sub { (() = slurp('told') =~ /\n/g) == 1101 }), 'all is told');
ok(slurp('told') eq ($d->ctl('changes', '--json'))[1],
	'... as dsnctl changes tells it');
unlike(slurp('told'), qr/[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]/,
	'... without a byte that may not stand there');
is(slurp('runs'), "anew=1 an argument\n" . "anew= an argument\n" x 2,
	'... in parts, the first of which begins');
unlink "$home/told";
unlike(slurp('log'), qr/WARN|ERR|standard output/i, '... and nothing is complained of');
ok(await(sub { ($d->ctl_json('status'))[0]{changes_untold} == 0 }),
	'dsnctl status knows it');

# It fails.
how('fail');
suppress('ann@example.com');
my $tries = 0;
ok(await(sub { $tries = () = slurp('tried') =~ /\n/g; $tries >= 1 }), 'it fails');
suppress('bea@example.com');
$d->ctl('release', 'n7@example.net', '--reason', 'x', '--now', $at);
ok(await(sub { $tries = () = slurp('tried') =~ /\n/g; $tries >= 3 }),
	'... and is tried again, and again');
my ($now) = $d->ctl_json('status');
is("$now->{changes_untold} $now->{changes_error}", "3 $take: exit status 7",
	'... which dsnctl status tells');
is($now->{changes_error_at}, Dsnd::epoch($at), '... with the time');
like(($d->ctl('status'))[1],
	qr/^changes      3 not told yet; fails since \Q$at\E: \Q$take\E: exit status 7$/m,
	'... to people, too');
how('take');
ok(is_told('n7@example.net'), 'it works again');
is_news('ann@example.com bea@example.com n7@example.net', 'nobody was forgotten');
ok(await(sub { logged('works again') == 1 }), '... the log says so');
is(logged('exit status 7; told again until it works'), 1, '... and that it failed, once');
($now) = $d->ctl_json('status');
is("$now->{changes_untold} $now->{changes_error}", '0 ', '... and the status is well');

# It is killed; who runs it is; dsnd is.
for my $who (0, 1, 'dsnd') {
	how('hang');
	suppress("kill-$who\@example.com");
	my @hanging = hangs();
	file('how', 'take');
	kill('KILL', $who eq 'dsnd' ? $pid : $hanging[$who]);
	ok(are_gone($hanging[0]), "killed ($who): the program does not go on alone");
	if ($who eq 'dsnd') {
		waitpid($pid, 0);
		ok(are_gone(@hanging), '... nor does what it started');
		start();
	}
	ok(is_told("kill-$who\@example.com"), '... it is told again');
	is_news("kill-$who\@example.com", '... and once');
	kill('KILL', $hanging[2]);
}

# It hangs, and another is to be told.
how('hang');
suppress('cyd@example.com');
my @hanging = hangs();
configure("\"$take\", \"another\"", '1s');
kill('HUP', $pid);
ok(are_gone(@hanging), 'after a reload the program that hangs is ended');
ok(await(sub { logged(qr/did not end in time/) == 1 }), '... the new one in its time');
how('take');
ok(is_told('cyd@example.com'), '... and told');
is_news('cyd@example.com', '... once');
like(slurp('runs'), qr/anew= another\n\z/, '... by its arguments');

# It hangs while dsnd is to stop.
configure("\"$take\", \"x\"", '1m');
kill('HUP', $pid);
how('hang');
suppress('dan@example.com');
@hanging = hangs();
my $before = time;
is(stop('TERM'), 0, 'dsnd stops while it hangs');
cmp_ok(time - $before, '<', 15, '... in time');
ok(are_gone(@hanging), '... and all that hung is ended');

# Once.
how('fail');
is(($d->drain($at))[0], 1, 'dsnd --once fails with it');
$d->drain($at);
like(slurp('metrics'), qr/^dsnd_changes_untold 1\n(?:#.*\n)+dsnd_changes_failing 1$/m,
	'... and so do the metrics say');
how('take');
$d->deliver(Dsnd::dsn(to => 'eve@example.com', status => '5.1.1', mid => 'e',
		diagnostic => '550 5.1.1 no such user here'),
	at => Dsnd::epoch('2026-11-20 11:00:00'));
$d->once($at);
is_news('dan@example.com eve@example.com', '... and else tells what is left, and new');

# What was told since the backup never was, for whom it is put back.
$d->ctl('backup', "$home/copy.db");
suppress('fay@example.com');
$d->once($at);
is_news('fay@example.com', 'somebody is suppressed');
$d->ctl('restore', "$home/copy.db");
unlink "$home/told", "$home/runs";
($status, $text) = $d->drain($at);
is($status, 0, 'after a backup was put back');
like($text, qr/changes: a backup was put back: all that is suppressed is told anew/,
	'... the log says that it begins anew');
like(slurp('runs'), qr/\Aanew=1 x\n(?:anew= x\n)+\z/, '... and so is the program told');
told();
is_deeply([sort keys %follower], [sort map { $_->{address} }
	$d->ctl_json('list', '--now', $at)],
	'... of all that hold');

configure('', '');
suppress('gus@example.com');
unlike(($d->ctl('status'))[1], qr/^changes/m, 'who is not told does not wait');
$d->once($at);
unlike(slurp('told'), qr/gus/, '... and is not told');
done_testing();
