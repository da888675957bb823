#!/usr/bin/perl
# Whose the files are: what root began by hand goes on as a service, and where
# it cannot, dsnd says whose file stands in the way and how to mend it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my @messages = map { $_->[0] } Messages::many(4);

# Exit status and everything said, of dsnd with these options.
sub said {
	my ($d, @options) = @_;
	return $d->run('sh', '-c', 'exec "$0" "$@" 2>&1', "$Dsnd::build/dsnd",
		'-c', $d->config, @options);
}

sub owners {
	return join(' ', map { scalar getpwuid((stat)[4]) } @_);
}

# ---- Any user ----

my $d = Dsnd->new;
my ($status, $text) = said($d, '--check');
is($status, 0, 'before the first start nothing is missing') or diag($text);
my $folder = $d->home . '/gone';
my $lost = Dsnd->new;
$lost->{database} = "$folder/dsnd.db";
$lost->configure;
($status, $text) = said($lost, '--check');
is($status, 3, 'a folder of the database that is not there');
like($text, qr{database $folder/dsnd\.db: there is no folder $folder; as root: install -d -m 750 -o \S+ -g \S+ $folder$}m,
	'... and what makes it');
($status, $text) = said($lost, '--once');
is($status, 1, '--once fails, too');
like($text, qr{there is no folder $folder; as root: install}, '... as clearly');

mkdir $folder or die $!;
$lost->{database} = $folder;
$lost->configure;
($status, $text) = said($lost, $_), like($text,
	qr/database $folder: is a folder; name the file in it/, "$_ of a folder")
	for '--check', '--once';
$lost->unsound;

# A link to a disk that is not there.
my $linked = Dsnd->new;
my $target = $linked->home . '/disk/dsnd.db';
symlink($target, $linked->database) or die $!;
for (['--check', 3], ['--once', 1]) {
	($status, $text) = said($linked, $_->[0]);
	is($status, $_->[1], "$_->[0] of a link to nothing");
	like($text, qr{\Q${\$linked->database}\E: is a link to \Q$target\E, which is not there; bring it back, or},
		'... says so');
}
mkdir $linked->home . '/disk' or die $!;
said($linked, '--once');
ok(!-e $target, '... and makes nothing at its end');
$linked->{database} = $target;
$linked->configure;
is((said($linked, '--once'))[0], 0, '... unless that is what is configured');
delete $linked->{database};
$linked->configure;
is((said($linked, $_))[0], 0, "a link to a database: $_") for '--check', '--once';

if (my $why = Dsnd::no_nobody()) {
	SKIP: { skip($why, 1) }
	done_testing();
	exit;
}

# ---- Root by hand, then the service ----

# A home of nobody's; what is to be done as nobody needs the whole way to it.
sub of_nobody {
	my $box = Dsnd->new(@_);
	$box->deliver($_) for @messages;
	system('chown', '-R', 'nobody', $box->home) == 0 or die 'chown';
	return $box;
}

sub as_nobody {
	my ($box) = @_;
	$box->configure(extra => 'user = "nobody";');
	return;
}

$d = of_nobody();
($status, $text) = said($d, '--once', '--now', $now);
is($status, 0, 'root empties a mailbox of somebody else') or diag($text);
my @made = grep { -e } map { $d->database . $_ } '', '-wal', '-shm';
is(owners(@made), join(' ', ('nobody') x @made),
	'the database is its folder\'s owner\'s');
is(owners(map { $d->home . "/bounces/.Processed$_" } '', '/cur', '/maildirfolder'),
	'nobody nobody nobody', '... and so is what was made in the Maildir');
as_nobody($d);
$d->deliver($messages[0]);
system('chown', '-R', 'nobody', $d->home . '/bounces/new');
($status, $text) = said($d, '--once', '--now', $now);
is("$status $text", '0 ', 'the service goes on with them');

unlink(@made) or die $!;
($status) = said($d, '--once', '--now', $now);
$d->ctl('backup', $d->home . '/copy');
unlink(@made);
is(($d->ctl('restore', $d->home . '/copy'))[0], 0, 'root restores a database');
is(owners($d->database), 'nobody', '... for its folder\'s owner');

# ---- What stands in the way ----

for my $file (map { $d->database . $_ } '', '-wal', '-shm') {
	said($d, '--once', '--now', $now);
	chown(0, 0, $file) == 1 or die "$file: $!";
	chmod(0640, $file);
	my $mend = qr{\Q$file\E: it belongs to root, and this is nobody; as root: chown -h nobody: \Q$file\E$}m;
	($status, $text) = said($d, '--once', '--now', $now);
	is($status, 1, "$file of root's stops the service");
	like($text, $mend, '... which says whose it is, and the command');
	as_nobody($d);
	($status, $text) = said($d, '--check');
	is($status, 3, '--check finds it');
	like($text, qr{\Q$file\E belongs to root, but its folder to nobody.*chown -h nobody: \Q$file\E$}m,
		'... and says the same');
	$d->configure;
	is((said($d, '--check'))[0], 3, '... where no user is configured, too');
	as_nobody($d);
	system('chown', '-h', 'nobody:', $file) == 0 or die 'chown';
	is((said($d, '--once', '--now', $now))[0], 0, 'the command mends it');
}
is((said($d, '--check'))[0], 0, 'then all is in order');
system('chown', '0:0', map { $d->database . $_ } '', '-wal', '-shm') == 0 or die;
($status, $text) = said($d, '--once', '--now', $now);
like($text, qr{as root: (chown -h nobody:(?: \Q${\$d->database}\E(?:-wal|-shm|)){3})$}m,
	'of three files one command is told');
my ($command) = $text =~ /as root: (.*)$/m;
is(system('sh', '-c', $command), 0, '... and it does');
is((said($d, '--once', '--now', $now))[0], 0, '... what was to be done');

# Root by hand, in a folder of root's: nobody could say whose it is to be.
my $roots = Dsnd->new(extra => 'log_level = "info";');
my $whose = qr{\Q${\$roots->database}\E: is root's, as is the folder that it was made in};
like((said($roots, '--once', '--now', $now))[1], $whose,
	'a database that is root\'s is told of when it is made');
unlike((said($roots, '--once', '--now', $now))[1], $whose, '... and no more');

# Who owns the folder may put there what root would then give away.
my $precious = Dsnd->new;
my $given = $precious->home . '/precious';
open(my $f, '>', $given) or die $!;
close($f) or die $!;
chmod(0755, $precious->home);
chmod(0600, $given);
for my $file (map { $d->database . $_ } '', '-wal', '-shm') {
	rename($file, "$file.own") if -e $file;
	symlink($given, $file) or die $!;
	for my $option ('--check', '--once') {
		($status, $text) = said($d, $option);
		like($text, qr{\Q$file\E.* belongs to root.*; it is a link: mend what it leads to$}m,
			"$option: a link in place of $file is told of");
		unlike($text, qr/chown/, '... with no command that could follow it');
	}
	unlink($file) or die $!;
	rename("$file.own", $file) if -e "$file.own";
}

chown(0, 0, $d->home . '/bounces/cur');
chmod(0755, $d->home . '/bounces/cur');
($status, $text) = said($d, '--check');
is($status, 3, 'a Maildir that the user may not change');
like($text, qr{Maildir "\S+/bounces/cur": Permission denied: it is not nobody's},
	'... is told of');
chown((stat($d->home))[4, 5], $d->home . '/bounces/cur');

unlink(glob($d->database . '*'));
chown(0, 0, $d->home);
chmod(0755, $d->home);
($status, $text) = said($d, '--check');
is($status, 3, 'a folder that the user may not write to');
like($text, qr{cannot write to \Q${\$d->home}\E: it belongs to root, and this is nobody; as root: chown -h nobody: \Q${\$d->home}\E$}m,
	'... is told of, too');
($status, $text) = said($d, '--once');
like($text, qr{cannot write to \Q${\$d->home}\E: it belongs to root},
	'... and stops the service');

done_testing();
