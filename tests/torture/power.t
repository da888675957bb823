#!/usr/bin/perl
# The power goes while dsnd empties a Maildir: only what was synced is sure to
# be left. Started again it knows what an undisturbed run knows, and every
# message is disposed of once. POWER_LOSSES says how often, POWER_SEED makes the
# same choices again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::MD5;
use Dsnd;
use Messages;
use Power;
use Test::More;

my $now    = '2026-11-20T12:00:00Z';
my $losses = $ENV{POWER_LOSSES} || 500;
my $seed   = $ENV{POWER_SEED} // 20261122;
srand($seed);
my @messages = Messages::many(60);

# A home with a configuration beside the folder that loses power.
sub home {
	my $d = Dsnd->new(extra => 'daemon = { batch_messages = 7; };');
	my $root = $d->home . '/disk';
	mkdir $root or die $!;
	open(my $f, '<', $d->config) or die $!;
	local $/ = undef;
	my $config = <$f> =~ s{\Q$d->{home}\E/(dsnd\.db|bounces)}{$root/$1}gr;
	open($f, '>', $d->config) or die $!;
	print $f $config;
	close($f) or die $!;
	return ($d, $root);
}

sub files {
	my ($root) = @_;
	return join(' ', map { substr($_, length $root) } sort map {
			glob("$root/bounces/$_") } map { ("$_/*", ".*/$_/*") } qw(new cur tmp));
}

sub content {
	my ($s) = @_;
	return {map { $_ => Digest::MD5::md5_hex($s->{bytes}{$s->{names}{$_}} // '') }
			keys %{$s->{names}}};
}

my ($d, $root) = home();
mkdir "$root/bounces$_" or die $! for '', qw(/new /cur /tmp);
# The database is there, as it is once dsnd has run.
$d->once($now);
my $i = 0;
for my $m (@messages) {
	my $path = sprintf('%s/bounces/new/%02d.mail', $root, $i++);
	open(my $f, '>:raw', $path) or die "$path: $!";
	print $f $m->[0];
	close($f) or die $!;
	utime($m->[1], $m->[1], $path);
}
my $before = Power::snapshot($root);
my $log    = $d->home . '/record';
open(my $f, '>', $log) or die $!;
close($f);
{
	local $ENV{DSND_RECORD}       = $log;
	local $ENV{DSND_RECORD_BELOW} = $root;
	local $ENV{LD_PRELOAD}        = "$Dsnd::build/tests/preload/record.so";
	$d->once($now);
}
my $dump    = $d->dump($now);
my $files   = files($root);
my @records = Power::records($log);
my $whole   = Power::snapshot($root);
my $syncs   = grep { $_->{op} eq 'S' } @records;
note(scalar(@records), " changes, $syncs syncs, seed $seed");
cmp_ok($syncs, '>', 20, 'dsnd syncs what it writes');

# What was recorded is what happened.
my $replayed = Power::finally($before, @records);
is_deeply(content($replayed), content($whole), 'the record is whole');

my ($victim, $place) = home();

# What is wrong after a loss of power at that change; empty where nothing is.
sub wrong {
	my ($at, @changes) = @_;
	Power::restore(Power::after($before, $at, @changes), $root, $place);
	my ($status) = $victim->dsnd('--once', '--now', $now);
	return "exit $status" if $status != 0;
	my @wrong;
	push @wrong, 'it knows something else' if $victim->dump($now) ne $dump;
	push @wrong, 'files: ' . files($place) if files($place) ne $files;
	return join(', ', @wrong);
}

my $lost = 0;
for my $try (1 .. $losses) {
	my $at    = 1 + int(rand(@records));
	my $wrong = wrong($at, @records);
	next if $wrong eq '';
	$lost++;
	diag("loss $try, after change $at: $wrong");
}
is($lost, 0, "$losses losses of power, nothing lost or counted twice");

# Without its syncs the program would lose mail, and this test would see it.
my @unsynced = grep { $_->{op} ne 'S' } @records;
open(STDERR, '>', '/dev/null');
my $seen = 0;
for (1 .. 40) {
	$seen = 1, last if wrong(1 + int(rand(@unsynced)), @unsynced) ne '';
}
ok($seen, 'that is owed to its syncs');
done_testing;
