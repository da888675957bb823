#!/usr/bin/perl
# A server that is killed and started again 50 times (KILLS) while 20,000
# messages (COUNT) are read from it: each is processed, and counts once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dovecot;
use Dsnd;
use Messages;
use Test::More;

my $count = $ENV{COUNT} || 20_000;
diag("$count messages");
my $kills = $ENV{KILLS} || 50;
my $now = '2029-01-01T00:00:00Z';
my @messages = Messages::many($count);

# Years of mail on one day: nothing of it is to be forgotten meanwhile.
my $all = 'retention = { history = "never"; };';
my $maildir = Dsnd->new(extra => $all);
$maildir->deliver($_->[0], at => $_->[1]) for @messages;
$maildir->once($now);
my $expected = $maildir->dump($now);

my $server = Dovecot->new;
$server->deliver(@$_) for @messages;
my $d = Dsnd->on($server, processed => '"delete"', unrecognised => '"delete"',
	log_level => 'error', extra => "$all daemon = { restart_most = \"1s\"; };");
my $pid = $d->start('--now', $now);
my ($last, $done) = ($count, 0);
for my $kill (1 .. $kills) {
	# Always in the middle of it: some, but not all, is done since.
	Dsnd::await(sub {
			select(undef, undef, undef, 0.1);
			($last - $server->count('')) > $count / $kills / 3;
		}, 60) or last;
	$server->crash;
	$last = $server->count('');
	last if $last == 0;
	$done++;
	$server->start;
}
is($done, $kills, 'the server was killed while it was read');
ok(Dsnd::await(sub { $server->count('') == 0 }, 120), 'all of it is read');
# The last ones are disposed of: nothing but their note is left to do.
kill 'TERM', $pid;
waitpid($pid, 0);
is($?, 0, 'the daemon ends well');
my ($status, $text) = $d->drain($now);
is($status, 0, 'nothing is left to do') or diag($text);
ok($d->dump($now) eq $expected, 'each message counts once');

done_testing();
