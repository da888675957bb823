#!/usr/bin/perl
# An IMAP mailbox drained, judged, committed and moved, against libetpan by
# itself, which fetches and moves the same messages in the same batches. Each of
# the rounds has both, so that what else the machine does falls on both.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Bench;
use Dovecot;
use Dsnd;
use File::Copy qw(copy);

my $count  = $ENV{BENCH_COUNT} || 10000;
my $rounds = 3;
my $home   = folder();
system( $bench, 'maildir', $corpus, $count, "$home/Maildir" ) == 0 or die;

my $server = Dovecot->new;
for my $path ( glob "$home/Maildir/new/*" ) {
	link( $path, "$server->{home}/mail/new/" . ( split m{/}, $path )[-1] )
	  or copy( $path, "$server->{home}/mail/new/" ) or die "$path: $!\n";
}
$server->own;
$server->command("CREATE $_") for qw(Stock Processed Unrecognised Floor);
$server->command( 'SELECT INBOX', 'MOVE 1:* Stock' );

# The INBOX as it was; Dovecot has read none of it.
sub refill {
	$server->command( 'SELECT Stock', 'COPY 1:* INBOX' );
	return;
}

my %best;
for my $round ( 1 .. $rounds ) {
	my $d = Dsnd->on( $server, tls => '"none"', port => $server->{port} );
	my %run = (
		'floor: bare libetpan' => [ $bench, 'imap', $server->{port},
			$MailServer::password, 'Floor' ],
		'IMAP: the whole road' => [ "$build/dsnd", '-c', $d->config, '--once' ],
	);
	for my $name ( sort keys %run ) {
		refill();
		my @cost = measure( @{ $run{$name} } );
		show( $name, $count, @cost );
		$best{$name} = $cost[1]
		  if !defined $best{$name} || $cost[1] < $best{$name};
	}
}
printf "IMAP: the whole road: %.2f of the rate of bare libetpan; aim 0.70\n",
  $best{'floor: bare libetpan'} / $best{'IMAP: the whole road'};
