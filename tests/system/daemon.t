#!/usr/bin/perl
# dsnd --once and --check: every mailbox is emptied, each message is counted
# once, and what cannot be done is said.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Fault;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';

sub deliver_all {
	my ($d, $messages, %o) = @_;
	my $i = 0;
	$d->deliver($_->[0], at => $_->[1], name => sprintf('%05d.mail', $i++), %o)
		for @$messages;
	return;
}

sub count {
	my ($d, $folder) = @_;
	return scalar(() = glob($d->home . "/$folder/*"));
}

# Its exit status and everything it said.
sub said {
	my ($d, @args) = @_;
	return $d->run('sh', '-c', 'exec "$0" "$@" 2>&1', "$Dsnd::build/dsnd", @args);
}

my @messages = Messages::many(120);
my $d = Dsnd->new;
deliver_all($d, \@messages);
$d->once($now);
my $dump = $d->dump($now);
isnt($dump, '', 'something was recorded');
is(count($d, 'bounces/new'), 0, 'the mailbox is empty');
is(count($d, 'bounces/.Processed/cur') + count($d, 'bounces/.Unrecognised/cur'),
	120, 'no message is lost');
is(count($d, 'bounces/.Unrecognised/cur'), 9,
	'what is no report lies with the unrecognised');
$d->once($now);
is($d->dump($now), $dump, 'a second run changes nothing');

# The same files come back, as after a restored backup.
deliver_all($d, \@messages);
$d->once($now);
is($d->dump($now), $dump, 'messages that come again are not counted again');
is(count($d, 'bounces/new'), 0, '... but they are disposed of');

my $reverse = Dsnd->new;
deliver_all($reverse, [reverse @messages]);
$reverse->once($now);
is($reverse->dump($now), $dump, 'another order gives the same');

my $two = Dsnd->new(mailboxes => ['left', 'right']);
my $i = 0;
for my $m (@messages) {
	my $side = $i++ % 2 ? 'left' : 'right';
	$two->deliver($m->[0], at => $m->[1], mailbox => $side);
	# Some lie in both.
	$two->deliver($m->[0], at => $m->[1],
		mailbox => $side eq 'left' ? 'right' : 'left') if $i % 10 == 0;
}
$two->once($now);
is($two->dump($now), $dump, 'two mailboxes at once give the same');
is(count($two, 'left/new') + count($two, 'right/new'), 0, 'both are empty');

my $keep = Dsnd->new(mailbox => 'processed = "keep"; unrecognised = "keep";');
deliver_all($keep, \@messages);
$keep->once($now);
is(count($keep, 'bounces/cur'), 120, 'kept messages are in cur');
is($keep->dump($now), $dump, '... and were counted');
$keep->configure(extra => 'log_level = "info";',
	mailbox => 'processed = "keep"; unrecognised = "keep";');
my ($status, $text) = said($keep, '-c', $keep->config, '--once', '--now', $now);
is($status, 0, 'a second run over kept messages succeeds');
unlike($text, qr/message=/, '... and looks at none of them');

my $delete = Dsnd->new(
	mailbox => 'processed = "delete"; unrecognised = "delete";',
	extra => "log_level = \"error\"; parser = { program = \"$Dsnd::build/tests/tools/parser_fault\"; };"
);
$delete->deliver('innocent');
$delete->deliver('crash', name => 'killer');
$delete->deliver('another');
$delete->once($now);
is(count($delete, 'bounces/new') + count($delete, 'bounces/cur'), 0,
	'processed messages are deleted');
is(join(' ', map { s{.*/}{}r } glob($delete->home . '/bounces/.Unreadable/cur/*')),
	'killer:2,S', 'a message that nobody could read is never deleted');
my @quarantined = $delete->ctl_json('status');
is($quarantined[0]{unreadable}, 1, '... and is shown as unreadable');

my $broken = Dsnd->new(mailboxes => ['gone', 'there']);
$broken->deliver($messages[0][0], mailbox => 'there');
rmdir $broken->home . "/gone/new" or die $!;
($status, $text) = said($broken, '-c', $broken->config, '--once', '--now', $now);
is($status, 1, 'a mailbox that fails makes --once fail');
like($text, qr{mailbox gone: maildir \S+/gone: cannot open new: No such},
	'... and is named, with the reason');
is(count($broken, 'there/new'), 0, '... while the other one is emptied');

# What failed is told as failing until it has gone well again; who gave no sign
# of life for long may not be there at all.
(undef, $text) = $broken->ctl('status', '--now', $now);
like($text, qr/^ +failed +2026\S+Z\n +error +maildir .* cannot open new: No such/m,
	'status tells of a failure');
unlike($text, qr/does dsnd run/, '... and that it was read just now');
mkdir $broken->home . "/gone/new" or die $!;
$broken->once('2026-11-20T13:00:00Z');
(undef, $text) = $broken->ctl('status', '--now', '2026-11-20T13:00:01Z');
like($text, qr/^ +failed +\S+Z, but not since$/m, '... that is overcome');
(undef, $text) = $broken->ctl('status', '--now', '2026-11-20T13:08:00Z');
like($text, qr/^ +alive +\S+T13:00:00Z, not since: does dsnd run\?$/m,
	'... and where there is silence');

# One that was added, and of which dsnd has not been told.
push @{$broken->{mailboxes}}, 'more';
$broken->configure;
(undef, $text) = $broken->ctl('status', '--now', $now);
like($text, qr/^mailbox more: never read: was dsnd started or reloaded/m,
	'status tells of a mailbox that nobody reads yet');
my ($of) = $broken->ctl_json('status', '--now', $now);
is_deeply([map { $_->{polled_at} } grep { $_->{name} eq 'more' }
		@{$of->{mailboxes}}], [undef], '... programs, too');

# A fault that hangs, one that overruns memory, one that forges: each once.
my $faults = Dsnd->new(extra => 'log_level = "error"; parser = { program = ' .
	"\"$Dsnd::build/tests/tools/parser_fault\"; deadline = \"4s\"; };");
$faults->deliver($_) for 'a', 'hang', 'b', 'memory', 'c', 'forged', 'd', 'half', 'e';
my ($once, $words) = said($faults, '-c', $faults->config, '--once');
is($once, 0, 'a mailbox of faults is emptied');
is((map { "$_->{messages} $_->{unreadable}" } $faults->ctl_json('status'))[0],
	'9 4', '... with one record a message, the faults unreadable');
is(count($faults, 'bounces/.Processed/cur'), 5, '... the others processed');
is(count($faults, 'bounces/.Unrecognised/cur'), 4, '... the faults put aside');

my $metrics = Dsnd->new;
$metrics->configure(extra => 'metrics_file = "' . $metrics->home . '/prom";');
$metrics->deliver($messages[0][0]);
$metrics->once($now);
my ($ok, $shown) = $metrics->run('cat', $metrics->home . '/prom');
like($shown, qr/^dsnd_messages_total\{mailbox="bounces",kind="bounce"\} 1$/m,
	'what was counted is in the metrics file');
like($shown, qr/^dsnd_mailbox_failing\{mailbox="bounces"\} 0$/m,
	'... and how the mailbox is');

# Another user: only root can become one, and then is nobody else any more.
my $user = Dsnd->new(extra => 'user = "nobody";');
$user->deliver($messages[0][0]);
if ($> == 0) {
	SKIP: {
		my $why = Dsnd::no_nobody();
		skip($why, 1) if $why;
		my $uid = getpwnam('nobody');
		chown($uid, -1, $user->home, glob($user->home . '/bounces{,/*,/new/*}'));
		$user->once($now);
		is((stat($user->database))[4], $uid, 'it runs as the configured user');
	}
} else {
	# Which of us may be nobody.
	$user->configure(extra => 'user = "root";');
	($status, $text) = said($user, '-c', $user->config, '--once');
	like($text, qr/only root can become another user/,
		'another user is refused where we are not root');
}
# A reader that cannot be started empties no mailbox.
my $forkless = Fault::once($user, kind => 'fork', way => 'fail', n => 1);
isnt($forkless->{status}, 0, '--once without a process for a mailbox fails');

$user->configure(extra => 'user = "no-such-user";');
($status, $text) = said($user, '-c', $user->config, '--once');
is($status, 1, 'a user that does not exist is an error');
like($text, qr/user "no-such-user": there is none/, '... and is named');

($status, $text) = said($d, '-c', $d->config, '--check');
is($status, 0, '--check of a good configuration succeeds');
like($text, qr/mailboxes: 1, rules: \d+, all in order/,
	'... and says what it has read');
$d->configure(extra => 'user = "no-such-user"; ' .
		'parser = { program = "/nonexistent/dsnd-parse"; };',
	mailbox => 'processed = "keep";');
rename($d->home . '/bounces', $d->home . '/elsewhere') or die $!;
($status, $text) = said($d, '-c', $d->config, '--check');
rename($d->home . '/elsewhere', $d->home . '/bounces') or die $!;
is($status, 3, 'a file may be right although this machine lacks things');
unlike($text, qr/all in order/, '... but not all is in order then');
like($text, qr/the file is in order, but/, '... and it says which of both');
like($text, qr/user "no-such-user": there is none/, '... the user is named');
like($text, qr{parser "/nonexistent/dsnd-parse": No such file},
	'... and the parser');
like($text, qr{Maildir "\S+/bounces": No such file}, '... and the Maildir');

# What is not there, and what is there but is something else.
sub lacks {
	my ($words, $what, $make, $unmake) = @_;
	$make->();
	($status, $text) = said($d, '-c', $d->config, '--check');
	is($status, 3, "--check: $what");
	like($text, $words, '... is told of');
	$unmake->();
}
my $box = $d->home . '/bounces';
sub move { rename($_[0], $_[1]) or die "$_[0]: $!" }
$d->configure(mailbox => '');
lacks(qr{Maildir "$box/$_": No such file}, "a Maildir without $_",
	sub { move("$box/$_", "$box/x$_") }, sub { move("$box/x$_", "$box/$_") })
	for 'new', 'cur';
lacks(qr{Maildir "$box/cur": is a file, not a folder}, 'a file in its place',
	sub { move("$box/cur", "$box/xcur"); $d->run('touch', "$box/cur") },
	sub { unlink("$box/cur"); move("$box/xcur", "$box/cur") });
lacks(qr{Maildir "$box": is none: it has no folders new and cur}, 'no Maildir',
	sub { move($box, "$box-x"); mkdir $box or die $! },
	sub { rmdir $box; move("$box-x", $box) });
lacks(qr{Maildir "$box": is none, but the folder Maildir in it is},
	'the home of a Maildir',
	sub { move($box, "$box-x"); mkdir $box or die $!; move("$box-x", "$box/Maildir") },
	sub { move("$box/Maildir", "$box-x"); rmdir $box; move("$box-x", $box) });
lacks(qr{Maildir "$box": is a file}, 'a mailbox that is a file',
	sub { move($box, "$box-x"); $d->run('touch', $box) },
	sub { unlink $box; move("$box-x", $box) });
for my $bad ([$d->config, 'is not executable'], [$d->home, 'is no program']) {
	$d->configure(extra => "parser = { program = \"$bad->[0]\"; };");
	lacks(qr{parser "$bad->[0]": $bad->[1]}, "a parser that $bad->[1]",
		sub {}, sub {});
}
for my $key ('rules_dir', 'metrics_file') {
	$d->configure(extra => "$key = \"/nonexistent/x\";");
	lacks(qr{$key "/nonexistent(/x)?": No such file}, "$key that is not there",
		sub {}, sub {});
}
my $secret = $d->home . '/password';
open(my $conf, '>', $d->config) or die $!;
print $conf 'database = "', $d->database, '"; mailboxes = ( { name = "i"; ',
	'type = "imap"; host = "localhost"; user = "u"; password_file = "',
	$secret, '"; } );';
close($conf) or die $!;
lacks(qr{secret $secret: No such file}, 'a password that is not there', sub {},
	sub { $d->run('touch', $secret) });
chmod(0644, $secret);
lacks(qr{secret $secret: mode is 0644, so that others can use what is in it; allowed is 0640 or less},
	'a password that everybody can read', sub {}, sub { chmod(0600, $secret) });
if ($> == 0) {
	chown(scalar getpwnam('nobody'), -1, $secret);
	lacks(qr{secret $secret: belongs to another user; allowed is root or the user that dsnd runs as},
		'a password of somebody else', sub {}, sub { chown(0, -1, $secret) });
}
is((said($d, '-c', $d->config, '--check'))[0], 0, 'then nothing is missing');
$d->configure;
$d->configure;
$d->configure(extra => 'nonsense = 1;');
($status, $text) = said($d, '-c', $d->config, '--check');
is($status, 1, '--check of a bad one fails');
like($text, qr/dsnd\.conf:\d+: nonsense/, '... with the line and the key');
$d->configure;
($status) = said($d, '-c', '/nonexistent', '--check');
is($status, 1, 'a configuration that is not there is an error');
($status, $text) = said($d, '--what');
is($status, 2, 'an unknown option is wrong use');
like($text, qr/^usage: dsnd/m, '... and shows the right one');
($status, $text) = said($d, '-c', $d->config, '--config', $d->config, '--once');
is("$status $text", "2 dsnd: --config is given twice\n", 'so is a second file');
($status) = said($d, 'word');
is($status, 2, 'an argument is wrong use');
($status) = said($d, '--now', 'yesterday', '--once');
is($status, 2, 'a time that is none is wrong use');
($status, $text) = said($d, '--help');
is($status, 0, '--help succeeds');

my $log = Dsnd->new(extra => 'log_level = "info";');
$log->deliver($messages[0][0], name => '1.first');
($status, $text) = said($log, '-c', $log->config, '--once', '--now', $now);
like($text, qr/^dsnd: message mailbox=bounces message=1\.first kind=bounce recipients=1 reasons=user_unknown rule=\S+ ms=\d+$/m,
	'one line of log a message');

done_testing;
