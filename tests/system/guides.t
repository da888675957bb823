#!/usr/bin/perl
# Each row of tests/guides.tsv as a whole DSN, from the mailbox to the answer:
# the reason and effect that it calls for, and what becomes of the address.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my %said = (
	connect => 'refused to talk to me: %s',
	mail => 'said: %s (in reply to MAIL FROM command)',
	rcpt => 'said: %s (in reply to RCPT TO command)',
	auth => 'said: %s (in reply to AUTH command)',
	body => 'said: %s (in reply to end of DATA command)',
	unknown => 'said: %s',
);
my $at  = Dsnd::epoch('2026-11-02 10:00:00');
my $now = '2026-11-02T12:00:00Z';

open(my $table, '<', "$Dsnd::top/tests/guides.tsv") or die $!;
my @rows = map { chomp; [split /\t/] } grep { !/^#/ } <$table>;
is(scalar @rows, 50, 'the guides have 50 rows');

my $d = Dsnd->new;
for my $i (0 .. $#rows) {
	my ($guide, $reply, $code, $text, $stage, $speaker) = @{$rows[$i]};
	my $class = substr($reply ne '' ? $reply : $code, 0, 1);
	my $words = join(' ', grep { $_ ne '' } $reply, $code, $text);
	my $local = $speaker eq 'local';
	# Our own relay speaks either for itself or as our smart host.
	my $host = $local ? 'smtp.example.org' : 'mx.example.net';
	my %o = (to => "row$i\@row$i.example", mid => "row$i",
		status => $code ne '' ? $code : "$class.0.0",
		diagnostic => $words, remote => $reply eq '' ? '' : $host,
		type => $reply eq '' ? 'x-postfix' : 'smtp');
	my $told = "<$o{to}>: " . ($reply eq '' ? $words
		: "host $host\[198.51.100.7] " . sprintf($said{$stage}, $words));
	my $dsn = Dsnd::dsn(%o);
	$dsn =~ s/Your message could not be delivered\./This is the mail system at host relay.example.org.\n\n$told/;
	$d->deliver($dsn, at => $at, name => sprintf('%02d', $i));
}

my %verdict = map { $_->{file} =~ m{(\d+)$}; ($1 + 0) => $_->{recipients} }
	$d->ctl_json('classify', $d->home . '/bounces/new');
$d->once($now);
for my $i (0 .. $#rows) {
	my ($guide, $reply, $code, $text, @rest) = @{$rows[$i]};
	my ($reason, $class, $effect) = @rest[2 .. 4];
	my $r = $verdict{$i}[0];
	is("$r->{reason} $r->{class} $r->{effect}", "$reason $class $effect",
		"guide $guide: $reply $code $text");
	is($d->suppressed("row$i\@row$i.example", $now),
		$effect eq 'suppress' ? 1 : 0, '... and its address');
}

done_testing();
