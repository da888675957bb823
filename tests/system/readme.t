#!/usr/bin/perl
# What README.md shows of a mailbox, a log and an answer is what comes of it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Copy qw(copy);
use Test::More;

open(my $f, '<', 'README.md') or die "README.md: $!";
my $readme = do { local $/ = undef; <$f> };
close($f) or die "README.md: $!";

my $d = Dsnd->new(extra => 'log_level = "info";'
		. ' trust = { our_domains = [ "lists.example.org" ]; };');
my @logged = $readme =~ /^    dsnd: (message .*)$/mg;
for (map { /message=(\S+)/ } @logged) {
	my $name = $d->home . "/bounces/new/$_";
	copy("tests/corpus/$_", $name) or die "$_: $!";
	my $at = Dsnd::epoch('2026-11-20 09:05:00');
	utime($at, $at, $name) or die "$_: $!";
}
my @now = ('--now', '2026-11-20T12:00:00Z');
my (undef, $text) = $d->run('/bin/sh', '-c', '"$@" 2>&1', 'sh',
	"$Dsnd::build/dsnd", '-c', $d->config, '--once', @now);
my @said = $text =~ /^dsnd: (message .*)$/mg;
s/ ms=\d+$// for @said, @logged;
ok(@logged > 3, 'README shows messages that were read');
is_deeply([sort @said], [sort @logged], 'and they are read as it says');

# A command that is shown with what it prints.
while ($readme =~ /^    \$ dsnctl (\S+) (.*)\n((?:    .*\n)+)/mg) {
	my ($command, $addresses, $shown) = ($1, $2, $3);
	$shown =~ s/^    //mg;
	(undef, $text) = $d->ctl($command, split(' ', $addresses), @now);
	is($text, $shown, "dsnctl $command says what README shows");
}

# A query is shown as it is typed, and answers with times that people read.
my @queries = $readme =~ /^    sqlite3 -readonly \S+ "(SELECT .*)"$/mg;
ok(@queries > 0, 'README shows queries');
for my $query (@queries) {
	my ($status, $rows) = $d->run('sqlite3', '-readonly', $d->database, $query);
	is($status, 0, "$query: an answer");
	unlike($rows, qr/\b\d{10}\b/, '... without bare seconds');
	isnt($rows, '', '... of some rows');
}

done_testing();
