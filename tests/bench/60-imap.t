#!/usr/bin/perl
# An IMAP mailbox drained, judged, committed and moved, against libetpan by
# itself, which fetches and moves the same messages as many at a time. Each has
# a Dovecot of its own, and they run in turns, a quarter of a second each, so
# that what else the machine does falls on both.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;
use Dovecot;
use Dsnd;
use File::Copy qw(copy);
use POSIX qw(:sys_wait_h :signal_h);
use Time::HiRes qw(time);

my $count  = $ENV{BENCH_COUNT}  || 10000;
my $rounds = $ENV{BENCH_ROUNDS} || 3;
my $slice_s = 0.25;
my $home    = folder();
system( $bench, 'maildir', $corpus, $count, "$home/Maildir" ) == 0 or die;

# A server whose INBOX holds all of them.
sub server {
	my $server = Dovecot->new;
	for my $path ( glob "$home/Maildir/new/*" ) {
		copy( $path, "$server->{home}/mail/new/" ) or die "$path: $!\n";
	}
	$server->own;
	$server->command("CREATE $_") for qw(Stock Processed Unrecognised);
	$server->command( 'SELECT INBOX', 'MOVE 1:* Stock',
		'SELECT Stock', 'COPY 1:* INBOX' );
	return $server;
}

# A command that waits to be continued, with the server that it talks to.
sub side {
	my ( $name, $server, @command ) = @_;
	my $pid = fork // die $!;
	if ( !$pid ) {
		setpgrp 0, 0;
		kill 'STOP', $$;
		exec @command or die "$command[0]: $!\n";
	}
	waitpid $pid, WUNTRACED;
	kill 'STOP', -$server->{pid};
	return { name => $name, server => $server, pid => $pid, wall => 0 };
}

# Lets it run for a slice, or to its end: whether that came.
sub run_slice {
	my ($side) = @_;
	my @groups = ( -$side->{server}{pid}, -$side->{pid} );
	my $begun  = time;
	kill 'CONT', @groups;
	select undef, undef, undef, $slice_s;    # or until it ends
	my $ended = waitpid( $side->{pid}, WNOHANG ) == $side->{pid};
	$side->{wall} += time - $begun;
	die "$side->{name}: failed\n" if $ended && $? != 0;
	kill 'STOP', @groups if !$ended;
	return $ended;
}

# Stops are no news.
sigaction( SIGCHLD,
	POSIX::SigAction->new( sub { }, POSIX::SigSet->new, SA_NOCLDSTOP ) );

my @ratios;
for my $round ( 1 .. $rounds ) {
	my ( $bare, $ours ) = ( server(), server() );
	my $d    = Dsnd->on( $ours, tls => '"none"', port => $ours->{port} );
	my @both = (
		side( 'floor: bare libetpan', $bare, $bench, 'imap', $bare->{port},
			$MailServer::password, 'Processed' ),
		side( 'IMAP: the whole road', $ours, "$build/dsnd", '-c', $d->config,
			'--once' ) );
	my @left = $round % 2 ? @both : reverse @both;
	@left = grep { !run_slice($_) } @left while @left;
	printf "%-26s %9.1f us wall a message\n", $_->{name},
	  $_->{wall} / $count * 1e6
	  for @both;
	push @ratios, $both[0]{wall} / $both[1]{wall};
	die "not all were moved\n" if $bare->count('') + $ours->count('');
}
@ratios = sort { $a <=> $b } @ratios;
printf "IMAP: the whole road: %.2f of the rate of bare libetpan "
  . "(%s, the median); aim 0.70\n", $ratios[ @ratios / 2 ],
  join ' ', map { sprintf '%.2f', $_ } @ratios;
