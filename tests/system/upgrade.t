#!/usr/bin/perl
# What takes long after an upgrade is told: by the log, and to the service
# manager, which would break it off.
use strict;
use warnings;
use FindBin;
use IO::Socket::UNIX;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';

sub sqlite {
	my ($d, $sql) = @_;
	system('sqlite3', '-bail', $d->database, $sql) == 0 or die 'sqlite3';
	return;
}

# What dsnd --once says, line by line.
sub said {
	my ($d) = @_;
	my (undef, $text) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1',
		"$Dsnd::build/dsnd", '-c', $d->config, '--once', '--now', $now);
	return $text;
}

# A database as the first version made it.
my $d = Dsnd->new(extra => 'log_level = "info";');
sqlite($d, ".read $Dsnd::top/sql/001-init.sql");
sqlite($d, 'PRAGMA user_version = 1; PRAGMA application_id = 1685286500');
my $path = $d->home . '/notify';
my $manager = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path)
	or die "$path: $!";
$manager->blocking(0);
$ENV{NOTIFY_SOCKET} = $path;
my $text = said($d);
my ($notes, $note) = ('');
$notes .= "$note\n" while defined $manager->recv($note, 512) && $note ne '';
like($text, qr/^dsnd: database \S+: is brought up to this version, steps: \d+; with millions of rows that takes minutes/m,
	'an upgrade is told before it begins');
like($text, qr/is brought up.*^dsnd: database \S+: is of this version now, after \d+ s$/ms,
	'... and when it is done');
like($notes, qr/^EXTEND_TIMEOUT_USEC=3600000000\nSTATUS=upgrading.*^READY=1$/ms,
	'and the service manager gives it time');
$text = said($d);
unlike($text, qr/brought up|version now/, 'the next start has nothing to upgrade');
$notes = '';
$notes .= "$note\n" while defined $manager->recv($note, 512) && $note ne '';
unlike($notes, qr/EXTEND_TIMEOUT/, '... and asks for no time');
delete $ENV{NOTIFY_SOCKET};

# Many addresses that are to be worked out again, as an upgrade leaves them.
open(my $out, '>', $d->home . '/list.txt') or die $!;
print $out "u$_\@example.net\n" for 1 .. 10_200;
close($out) or die $!;
$d->ctl('import', $d->home . '/list.txt', '--reason', 'an old list', '--now', $now);
sqlite($d, 'UPDATE address_state SET next_change = 1 WHERE address > 50');
$text = said($d);
like($text, qr/^dsnd: housekeeping: about 10100 addresses are to be worked out again/m,
	'a crowd that is worked out again is told of') or diag($text);
like($text, qr/^dsnd: housekeeping: all addresses are worked out again$/m,
	'... and when it is done');
is(($d->run('sqlite3', '-readonly', $d->database,
	'SELECT count(*) FROM address_state WHERE next_change = 1'))[1], "0\n",
	'which it is');
sqlite($d, 'UPDATE address_state SET next_change = 1 WHERE address < 500');
unlike(said($d), qr/worked out again/, 'of a few nothing is said');

done_testing();
