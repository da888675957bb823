#!/usr/bin/perl
# What a person at a terminal sees of tables that programs read without it: a
# line with the names of the columns, each above its own.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new(mailbox => 'max_message = "64kB"; skip_large = true;
	stream = "news";');
my $at = Dsnd::epoch('2026-11-20 11:00:00');

sub report {
	my ($to, $text, %o) = @_;
	$d->deliver(Dsnd::dsn(to => $to, status => substr($text, 4, 5),
		mid => $to =~ s/@.*//r, diagnostic => $text, %o), at => $at);
	return;
}

# The numbers by which ioctl(2) unlocks and names a pseudo-terminal on Linux.
my ($unlock, $number) = (0x40045431, 0x80045430);

# What is printed where the standard output is a terminal.
sub shown {
	my (@command) = @_;
	open(my $master, '+<', '/dev/ptmx') or die "ptmx: $!";
	ioctl($master, $unlock, my $zero = pack('i', 0)) or die "unlock: $!";
	ioctl($master, $number, my $n = pack('i', 0)) or die "name: $!";
	my $pid = fork // die $!;
	if (!$pid) {
		open(STDOUT, '>', '/dev/pts/' . unpack('i', $n)) or exit 9;
		exec @command;
	}
	my $text = '';
	# Its end is an error: nobody holds the other side any more.
	while (sysread($master, my $some, 4096)) { $text .= $some }
	waitpid($pid, 0);
	return $text =~ s/\r\n/\n/gr;
}

report('ann@example.net', '550 5.1.1 no such user');
report('ben@example.net', '552 5.2.2 mailbox full');
report('cat@example.net', '550 5.1.1 no such user', extra =>
	"\nFinal-Recipient: rfc822; dan\@example.net\nAction: failed\n" .
	"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user");
$d->deliver("Subject: large\n\n" . ('x' x 70 . "\n") x 1000, at => $at);
$d->once($now);

for (['list', 'address reason source stream since until'],
	['changes', 'mark now address classes reasons streams'],
	['bounces', 'arrival address reason code acted rule said'],
	['due --all', 'address stream reason from tries left give-up'],
	['pending', 'id address reason arrival until why'],
	['quarantine list', 'id arrival mailbox bytes why']) {
	my ($command, $names) = @$_;
	my @command = ("$Dsnd::build/dsnctl", split(/ /, $command), '-c',
		$d->config, '--now', $now);
	my ($head, $row, @more) = split(/\n/, shown(@command));
	is(($head // '') =~ s/ +/ /gr, $names, "$command: the columns are named");
	my @wrong;
	while (($head // '') =~ /(\S+)/g) {
		my $from = $-[1];
		push @wrong, $1 if $from > 0
			&& substr(" $row", $from, 2) !~ /^ \S/;
	}
	is("@wrong", '', '... each above its own') or diag("$head\n$row");
	is(scalar(grep { $_ eq $head } @more), 0, '... once');
	unlike(($d->run(@command))[1], qr/^\Q$head\E/, '... and not on a pipe');
	is((grep {/^\{/} shown(@command, '--json'))[0] // '',
		($d->run(@command, '--json'))[1], '... nor among objects');
}

# Who starts it there has no log afterwards, and is told so.
my $config = $d->config;
sub started {
	my $text = shown('sh', '-c', 'exec "$@" 2>&1', 'sh', "$Dsnd::build/dsnd",
		'-c', $config);
	my $those = "-f -- '-c $config\$'";
	kill 'TERM', split(/\n/, qx(pgrep -o $those));
	ok(Dsnd::await(sub { qx(pgrep $those) eq '' }), 'it ends');
	return $text;
}
like(started(), qr/^dsnd: .*log would be lost: .*--foreground/,
	'a log that is lost is told of');
$d->configure(extra => 'log = "syslog";');
is(started(), '', '... not one that goes elsewhere');
done_testing();
