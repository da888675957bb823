#!/usr/bin/perl
# Whoever asks dsnctl wrongly is told what is wrong and what to type, with exit
# status 2; what cannot be done says why, with 3.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Copy qw(copy);
use POSIX qw(setgid setuid);
use Test::More;

my $d = Dsnd->new;

my $dsnctl = "$Dsnd::build/dsnctl";
my $user;

# Exit status and all that was printed.
sub answer {
	my (@args) = @_;
	my $pid = open(my $out, '-|') // die "fork: $!";
	if (!$pid) {
		open(STDERR, '>&', \*STDOUT) or die "dup: $!";
		if (defined $user) {
			setgid($user) && setuid($user) or die "setuid: $!";
		}
		exec($dsnctl, @args) or die "dsnctl: $!";
	}
	local $/ = undef;
	my $text = <$out> // '';
	close($out);
	return ($? >> 8, $text);
}

sub says {
	my ($want, $words, @args) = @_;
	my ($status, $text) = answer(@args);
	is($status, $want, "dsnctl @args: exit status $want");
	like($text, $words, 'and says so');
	return;
}

my @db = ('--db', $d->home . '/dsnd.db');
copy('tests/corpus/complaint-abuse.eml', $d->home . '/bounces/new/c')
	or die "copy: $!";
# It has come today: whoever asks without --now asks within its retention.
$d->once('@' . time);

says(2, qr/^usage: dsnctl COMMAND/);
says(0, qr/^usage: dsnctl COMMAND/, $_) for qw(help --help -h);
says(0, qr/^dsnctl \d/, $_) for qw(-V --version);
says(0, qr/^usage: dsnctl check ADDRESS/, @$_)
	for [qw(help check)], [qw(check --help)], [qw(check -h)];
says(0, qr/^usage: dsnctl check ADDRESS/, @db, 'help', 'check');
says(0, qr/^usage: dsnctl COMMAND/, @db, $_) for qw(help --help -h);
says(0, qr/^dsnctl \d/, '--json', $_) for qw(-V --version);
says(2, qr/no command "cheque"/, 'cheque');
says(2, qr/no command "cheque"/, 'help', 'cheque');
says(2, qr/the command comes first/, @$_, 'status')
	for ['--reason', 'x'], ['--stream=x'], [@db, '--since', '7d'];
says(2, qr/--bogus: the command comes first/, @db, '--bogus', 'status');
says(75, qr/the command comes first/, '--mailbox', 'x', 'ingest');
says(75, qr/^usage: dsnctl COMMAND/, '--db', 'ingest');
# What every command takes may stand before it too.
says(0, qr/^\{"query":"a\@example\.com",.*\}$/, @$_, 'check', 'a@example.com')
	for [@db, '--json'], ['--json', "--db=$db[1]", '--now', '@1793610000'],
	['--json', '-c', $d->config], ['-c' . $d->config, '--json'];
says(0, qr/^kurt\@\S+\tcomplaint\t/, @db, 'list', '--class', 'complaint');
says(2, qr/say why/, @db, 'release', 'a@example.com');
says(2, qr/^usage: dsnctl COMMAND/, @$_) for [@db], ['--json'], ['-c'];
says(0, qr/^usage: dsnctl check ADDRESS/, @$_)
	for [@db, 'check', '--help'], ['check', '--json', '--help'];
# Times as the views and --json give them.
says(0, qr/kurt/, 'list', '--since', $_, @db)
	for 1763600000, '2025-11-20 01:00:00', '2025-11-20T01:00:00+01:00';
says(2, qr/--since takes a time/, 'list', '--since', $_, @db)
	for 20251120, 'noon';
says(2, qr/--now takes/, 'list', '--now', 20251120, @db);
says(2, qr/either --apply or --dry-run/, 'reclassify', '--apply', '--dry-run',
	@db);
says(1, qr/^would differ: 0/, 'reclassify', '--dry-run', @db);
says(2, qr/name at least one address/, 'check', @db);
# The beginning of a name is no name: --for would be --force here.
says(2, qr/--for is no option of it/, 'allow', 'a@example.com', '--reason', 'x',
	@db, '--for');
says(2, qr/--(?:re=x|da) is no option of it/, 'list', @db, @$_)
	for ['--re=x'], ['--da'], ['--re=x', 'y'];
says(2, qr/--reas is no option of it/, 'list', @db, '--reas', 'null_mx');
# Of two rules one would be heard, and be undone without the other.
says(2, qr/--rule is given twice/, 'undo', @db, '--rule', 'a', '--rule', 'b',
	'--dry-run');
says(2, qr/--$_->[0] is given twice/, 'list', @$_[1 .. 4])
	for ['db', @db, @db], ['config', ('-c', $d->config) x 2],
	['config', '-c', $d->config, '--config', $d->config],
	['now', ('--now', '2026-11-22') x 2];
says(2, qr/before 1970-01-01/, 'sent', @db, '--campaign', 'x', '--day',
	'1969-12-31', '=1');
my @today = ('--now', '2026-11-22T15:00:00Z', @db);
for my $sent (['--campaign', 'x', '=1'], ['--ledger']) {
	says(2, qr/that day is yet to come/, 'sent', @$sent, '--day', $_, @today)
		for '2026-11-24', '9999-01-01';
	says(0, qr/^$/, 'sent', @$sent, '--day', '2026-11-23', @today);
}
# What stands behind an option that takes a word is that word.
says(3, qr/there is none; dsnd makes it/, 'suppress', 'a@example.com',
	'--reason', $_, '--db', $d->home . '/no.db') for qw(--help -h);
says(0, qr/^usage: dsnctl $_->[0] /, @$_)
	for [qw(quarantine list --help)], [qw(ingest --help)],
	[qw(suppress a@example.com --reason x -h)];
says(2, qr/^dsnctl check: -$_\@example\.com is no option of it/, 'check', @db,
	"-$_\@example.com") for qw(dash e);
says(2, qr/^dsnctl check: -x is no option of it/, 'check', '-x', @db);
says(2, qr/^dsnctl check: -c is no option of it, or lacks its arg/, 'check', '-c');
is(system('sh', '-c', "exec $dsnctl $_ >/dev/full"), 3 << 8,
	"$_ that nobody can read fails") for qw(help -V), 'list --help';
# Closed, not empty: no file that is opened later may stand for it.
is(system('sh', '-c', "exec $dsnctl $_->[0] @db 2>/dev/null $_->[1]"), 3 << 8,
	"$_->[0] $_->[1] fails")
	for ['import -', '<&-'], ['filter', '<&-'], ['list', '>&-'];
is(system("$Dsnd::build/dsnd -c " . $d->config . ' --once <&- >&- 2>&-'), 0,
	'dsnd needs none of them');
says(3, qr/"\@?\Q$_\E" is not a domain$/m, 'sent', @db, '--campaign', 'x', "$_=1")
	for 'ann@example.com', '@ann@example.com', 'a b';
says(3, qr/"--help" is not an address/, 'check', @db, '--', '--help');
says(1, qr/^$/, 'list', @db, '--reason=null_mx', '--stream', '--domain');
says(2, qr/--strem is no option/, 'check', 'a@example.com', '--strem', 'x');
says(2, qr/man dsnd-rules/, 'list', '--reason', 'nonsense', @db);
says(2, qr/hard, soft, block/, 'list', '--class', 'nonsense', @db);
says(2, qr/hard, promoted/, 'list', '--source', 'nonsense', @db);
says(2, qr/reject, defer, hold or discard/, 'policy', '--refuse', 'x');
says(2, qr/dunno, defer or hold/, 'policy', '--on-error', 'reject');
for my $verb (qw(suppress release allow)) {
	says(2, qr/say why/, $verb, 'a@example.com', @db);
	says(2, qr/say why/, $verb, 'a@example.com', '--reason', ' ', @db);
}
says(2, qr/--for takes/, 'suppress', 'a@example.com', '--reason', 'x',
	'--for', $_, @db) for '3', '0d', '101y', '99999999999d';
says(3, qr/there is none; dsnd makes it/, 'status', '--db',
	$d->home . '/no.db');
says(3, qr/there is none; dsnd makes it/, 'classify', '--db',
	$d->home . '/no.db', $d->config);
says(3, qr{^dsnctl: \Q${\$d->home}\E/no/b\.db: cannot make a file beside it: No such file}m,
	'backup', $d->home . '/no/b.db', @db);
says(2, qr/show takes one id,/, 'quarantine', 'show', @db, 1, 2);
says(2, qr/retry takes ids, as list prints them, or --all$/m, 'quarantine',
	'retry', @db);
says(3, qr/is a folder/, 'status', '--db', $d->home);
says(3, qr/cannot open: No such file/, 'status', '-c', $d->home . '/no.conf');
says(3, qr/not a database/, 'status', '--db', $d->config);
says(3, qr/not an address$/m, 'check', 'nobody', @db);
# The others are answered all the same.
says(3, qr/"nobody" is not an address$/m, 'check', @$_, @db)
	for ['nobody', 'a@example.com'], ['kurt@example.com', 'nobody'];
says(3, qr/^a\@example.com: yes$/m, 'check', 'nobody', 'a@example.com', @db);
says(3, qr/not an address; a whole domain has an @ in front/, 'suppress',
	'example.com', '--reason', 'x', @db);
says(3, qr/is a folder; name a file in it/, 'import', $d->home, @db);

# What is no copy of a database is neither put back nor written over.
my $copy    = $d->home . '/copy';
my $foreign = $d->home . '/other.db';
system('sqlite3', $foreign, 'CREATE TABLE t (x)') == 0 or die;
for my $verb (qw(backup restore)) {
	says(3, qr/\Q$_\E: is .*no copy of a database of dsnd/, $verb, $_, @db)
		for $d->config, $foreign;
}
ok(-s $d->config, '... and is left as it was');
is(qx(sqlite3 $foreign .tables), "t\n", '... whatever program made it');
says(3, qr/backup \S+: No such file/, 'restore', "$copy.gone", @db);
says(3, qr/backup \S+: Is a directory/, 'restore', $d->home, @db);
says(0, qr/written, and sound/, 'backup', $copy, @db) for 1, 2;

# Nobody who releases an address shall believe that it may be mailed when not.
answer('suppress', '@closed.example', '--reason', 'x', @db);
my ($found, $shown) = answer('show', 'eve@closed.example', @db);
is($found, 0, 'what holds for its domain is known of an address');
unlike($shown, qr/nothing is known/, 'and show does not deny it');
my $at = time;
for my $verb (qw(allow release)) {
	my @why = ($verb, '--reason', 'x', @db, 'kurt@example.com', '--now');
	says(1, qr/kurt\@\S+: still not mailable, complaint; --force .*\n$verb: 1 recorded, \d changed, 1 still suppressed/,
		@why, '@' . ++$at);
	unlike((answer(@why, '@' . ++$at, '--force'))[1], qr/still/,
		"--force does $verb after a complaint");
	answer('allow', '--end', '--reason', 'x', 'kurt@example.com', @db,
		'--now', '@' . ++$at);
}
says(1, qr/ann\@\S+: still not mailable, operator; "dsnctl show"/, 'release',
	'--reason', 'x', 'ann@closed.example', @db);

says(0, qr/^  \S+ complained complaint \(complaint, suppress\)$/m, 'show',
	'kurt@example.com', @db);

# Root may read everything: its place is taken by a user without any right.
if ($> == 0) {
	$user = 65534;
	copy($dsnctl, $d->home . '/dsnctl') or die "copy: $!";
	$dsnctl = $d->home . '/dsnctl';
	chmod(0755, $dsnctl, $d->home) == 2 or die "chmod: $!";
	chown($user, $user, $db[1]) or die "chown: $!";
}
chmod(0400, $db[1]) or die "chmod: $!";
says(3, qr/only its owner may change it/, 'suppress', 'a@example.com',
	'--reason', 'x', @db);
if ($> == 0) {
	chown(1, 1, $db[1]) or die "chown: $!";
	my $owner = getpwuid(1);
	says(3, qr/only its owner may change it: sudo -u $owner dsnctl/,
		'suppress', 'a@example.com', '--reason', 'x', @db);
	chown($user, $user, $db[1]) or die "chown: $!";
}
chmod(0000, $db[1]) or die "chmod: $!";
says(3, qr/only its owner and group/, 'status', @db);
if ($> == 0) {
	my ($owner, $group) = (scalar getpwuid(1), scalar getgrgid(1));
	chown(1, 1, $db[1]) or die "chown: $!";
	says(3, qr/may read it: sudo -u $owner dsnctl \.\.\., or once and for all usermod -aG $group USER$/,
		'status', @db);
	chown(1, 0, $db[1]) or die "chown: $!";
	says(3, qr/may read it: sudo -u $owner dsnctl \.\.\.$/, 'status', @db);
	chown($user, $user, $db[1]) or die "chown: $!";
}

# A file that cannot grow is to SQLite what a full disk is: an I/O error.
chmod(0600, $db[1]) or die "chmod: $!";
unlink("$db[1]-wal", "$db[1]-shm");
my (undef, $full) = $d->run('sh', '-c',
	'trap "" XFSZ; ulimit -f 0; exec "$@" 2>&1', 'sh', $dsnctl, 'status', @db);
like($full, qr/disk I\/O error; File too large$/, 'the system says which one');

done_testing();
