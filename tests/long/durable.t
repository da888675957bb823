#!/usr/bin/perl
# What is said to be done is on the disk by then: a Maildir's folders are synced
# after the last move and before the database forgets that anything is due,
# wherever in a batch the mailbox ends.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Fault;
use Power;
use Test::More;

my $now = '2026-11-20T12:00:00Z';

# The names of the calls, in order: "move", "sync FOLDER" and "write" for what
# goes into the database's log.
sub calls {
	my ($d) = @_;
	my $log = $d->home . '/record';
	open(my $f, '>', $log) or die $!;
	close($f) or die $!;
	local $ENV{DSND_RECORD}       = $log;
	local $ENV{DSND_RECORD_BELOW} = $d->home;
	local $ENV{LD_PRELOAD}        = "$Dsnd::build/tests/preload/record.so";
	$d->once($now);
	my @records = Power::records($log);
	my %name = map { $_->{ino} => $_->{path} =~ s{.*/}{}r } grep { $_->{op} eq 'C' } @records;
	$name{(stat($d->home . "/bounces/$_"))[1]} = $_ for qw(new cur .Processed/cur);
	return map {
		my $name = $name{$_->{ino}} // '';
		$_->{op} eq 'R' && $_->{path} =~ /bounces/ ? 'move'
			: $_->{op} eq 'S' ? "sync $name"
			: $_->{op} eq 'W' && $name =~ /-wal$/ ? 'write' : ()
	} @records;
}

sub last_of {
	my ($what, @calls) = @_;
	return (grep { $calls[$_] =~ $what } 0 .. $#calls)[-1] // -1;
}

sub batches_of {
	my ($d, $size) = @_;
	open(my $f, '<', $d->config) or die $!;
	my $config = join('', <$f>) =~ s/(batch_messages = )\d+/$1$size/r;
	open($f, '>', $d->config) or die $!;
	print $f $config;
	close($f) or die $!;
	return;
}

for my $size (1, 3, 100) {
	for my $round ('new', 'due') {
		my $d = Dsnd->new(extra => 'daemon = { batch_messages = 100; };');
		$d->deliver(Dsnd::dsn(to => "user$_\@domain.example", status => '5.1.1',
				mid => "m$_", diagnostic => '550 5.1.1 no such user'))
			for 1 .. 3;
		# All of them recorded, and none of them moved.
		Fault::once($d, kind => 'rename', way => 'kill', n => 1)
			if $round eq 'due';
		batches_of($d, $size);
		my @calls = calls($d);
		my $moved = last_of(qr/^move/, @calls);
		my $what  = "$round messages, batches of $size";
		is(scalar(grep {/^move/} @calls), 3, "$what: they are moved");
		my @synced = grep { $calls[$_] =~ /^sync (new|\.P)/ && $_ > $moved } 0 .. $#calls;
		is(join(', ', @calls[@synced]), 'sync .Processed/cur, sync new',
			"$what: both folders are synced after the last of them");
		is(scalar(grep {/^write/} @calls[$moved .. ($synced[-1] // $#calls)]), 0,
			"$what: nothing is said to be done before");
		cmp_ok(last_of(qr/^write/, @calls), '>', $synced[-1] // @calls,
			"$what: what was due is forgotten after that");
	}
}

done_testing;
