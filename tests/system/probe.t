#!/usr/bin/perl
# dsnd --check looks at the database that is there: one that a start would
# refuse is told, and whatever is there stays as it is.
use strict;
use warnings;
use Digest::SHA;
use FindBin;
use IPC::Open2;
use POSIX qw(mkfifo);
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $d = Dsnd->new;
# What names in URIs would have to be written otherwise for.
my $folder = $d->home . '/100%41 a?b#c&d';
my $db     = "$folder/dsnd.db";
mkdir $folder or die "$folder: $!";
$d->{database} = $db;
$d->configure;

# Names and content of what is in the folder of the database.
sub content {
	return join("\n", map { "$_ " . Digest::SHA->new(1)->addfile($_)->hexdigest }
		sort map { "$folder/$_" } grep { !/^\.\.?$/ } do {
			opendir(my $in, $folder) or die "$folder: $!";
			readdir $in;
		});
}

# Exit status and all it says; nothing may be another than before.
sub check {
	my ($what) = @_;
	my $before = content();
	my ($status, $text) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
		"$Dsnd::build/dsnd", '-c', $d->config, '--check');
	is(content(), $before, "$what: is left as it is");
	return ($status, $text);
}

sub sqlite {
	my ($file, $sql) = @_;
	system('sqlite3', $file, $sql) == 0 or die "sqlite3 $file";
	return;
}

sub refused {
	my ($what, $why) = @_;
	my ($status, $text) = check($what);
	is($status, 3, "$what: --check fails");
	like($text, $why, '... and says why');
	return;
}

is((check('no database'))[0], 0, 'none need be there yet');
$d->once('2026-11-20T12:00:00Z');
ok(-e "$db-wal", 'dsnd leaves the files beside it');
is((check('a database'))[0], 0, 'one that is there is in order');
unlink "$db-wal", "$db-shm";
is((check('a database by itself'))[0], 0, 'so is one without these files');
$d->{database} = "/$db";
$d->configure;
is((check('a path of two slashes'))[0], 0, 'a path need not be tidy');
$d->{database} = $db;
$d->configure;

# A newer version, of which the log alone knows.
my $pid = open2(my $from, my $to, 'sqlite3', $db);
print $to "PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99;\n",
	"SELECT 'done';\n";
$to->flush;
my $line;
do { $line = <$from> // die 'sqlite3' } until $line eq "done\n";
my $newer = qr/\Q$db\E: has version 99, this program knows \d+: a newer dsnd/;
refused('a newer version, in use', $newer);
rename("$db-shm", "$db-shm.away") or die $!;
refused('a newer version, the log without its index', $newer);
rename("$db-shm.away", "$db-shm") or die $!;
close $to;
waitpid($pid, 0);
refused('a newer version', $newer);
sqlite($db, 'PRAGMA user_version = 1');
is((check('an older version'))[0], 0, 'an older one will be brought up to date');

unlink glob(quotemeta($folder) . '/*');
sqlite($db, 'CREATE TABLE t (a)');
refused("another program's", qr/\Q$db\E: not a database of dsnd; .*--db name another$/m);
open(my $out, '>', $db) or die "$db: $!";
print $out 'Dear diary, ' x 999;
close $out or die "$db: $!";
refused('no database at all', qr/\Q$db\E: .*file is not a database/);
truncate($db, 0) or die "$db: $!";
is((check('an empty file'))[0], 0, 'an empty file can become one');

# Whoever opens a pipe waits for its other end: not we.
unlink $db;
mkfifo($db, 0600) or die "$db: $!";
for my $how (qw(--check --once)) {
	my ($status, $text) = $d->run(qw(timeout -s KILL 30 sh -c),
		'exec "$0" "$@" 2>&1', "$Dsnd::build/dsnd", '-c', $d->config, $how);
	is($status, $how eq '--check' ? 3 : 1, "a pipe in its place: $how fails");
	like($text, qr/\Q$db\E: is no file$/m, '... and says why');
}

$d->unsound;
done_testing();
