#!/usr/bin/perl
# Somebody takes the database or the mailbox away while dsnd has it open. The
# files that it holds go on working, and nobody else sees them any more.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Path qw(make_path);
use Test::More;

my $pid;
END { kill('KILL', $pid) if $pid }

sub logged {
	my ($d) = @_;
	open(my $f, '<', $d->home . '/log') or return '';
	local $/ = undef;
	return <$f> // '';
}

sub bounce {
	my ($name) = @_;
	return Dsnd::dsn(to => "$name\@example.net", mid => $name,
		status => '5.1.1', diagnostic => '550 5.1.1 User unknown');
}

sub files { return scalar(() = glob("$_[0]/*")) }

# A copy, and a link to it in the place of the database.
sub link_to {
	my ($database, $copy) = @_;
	system("$Dsnd::build/dsnctl", 'backup', '--db', $database, "$database.$copy");
	unlink($database);
	symlink("$database.$copy", $database) or die $!;
	return;
}

# One that has recorded a message already, maybe through a link.
sub running {
	my $d = Dsnd->new(mailbox => 'poll = "1s";');
	if ($_[0]) {
		$d->once(time);
		link_to($d->database, $_[0]);
	}
	$pid = $d->start;
	$d->deliver(bounce('a'));
	Dsnd::await(sub { files($d->home . '/bounces/.Processed/cur') == 1 })
		or die logged($d);
	return $d;
}

my %taken = (
	'removed' => sub { unlink(glob("$_[0]*")) },
	'moved' => sub { rename($_[0], "$_[0].old") },
	'replaced' => sub {
		system("$Dsnd::build/dsnctl", 'backup', '--db', $_[0], "$_[0].copy");
		rename("$_[0].copy", $_[0]);
	},
	'linked elsewhere' => sub { link_to($_[0], 'b') },
	'robbed of its log' => sub { unlink("$_[0]-wal", "$_[0]-shm") });
for my $how (sort keys %taken) {
	my $d = running($how eq 'linked elsewhere' ? 'a' : undef);
	$d->unsound;
	$taken{$how}->($d->database);
	$d->deliver(bounce('b'));
	ok(Dsnd::await(sub { logged($d) =~ /^dsnd: dsnd ends/m }),
		"a database that was $how ends dsnd");
	waitpid($pid, 0);
	is($? >> 8, 1, '... as a failure');
	like(logged($d), qr/moved, replaced or removed while in use/, '... that is told');
	is(files($d->home . '/bounces/new'), 1, '... and the mail stays');
}

my $d = running();
my $box = $d->home . '/bounces';
rename("$box/.Processed", "$box/.Old") or die $!;
$d->deliver(bounce('b'));
ok(Dsnd::await(sub { files("$box/.Processed/cur") == 1 }),
	'a folder that a client renamed is made anew');
rename($box, "$box.old") or die $!;
make_path(map { "$box/$_" } qw(new cur tmp));
$d->deliver(bounce('c'));
ok(Dsnd::await(sub { files("$box/.Processed/cur") == 1 }),
	'of a Maildir that was replaced, the new one is read');
like(logged($d), qr/bounces: it was moved or removed$/m, '... which is told');
kill('TERM', $pid);
waitpid($pid, 0);
is($?, 0, 'and it ends well');
undef $pid;
is(($d->ctl('check', "$_\@example.net"))[0], 1, "$_ was read") for qw(a b c);

done_testing();
