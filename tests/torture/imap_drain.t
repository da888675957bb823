#!/usr/bin/perl
# Dovecot and Cyrus, each drained of 10,000 messages (COUNT) over every kind of
# connection with every disposition: the result is that of a Maildir.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Cyrus;
use Dovecot;
use Dsnd;
use Messages;
use Test::More;
use Time::HiRes qw(time);

my $count = $ENV{COUNT} || 10_000;
diag("$count messages each");
my $now = '2029-01-01T00:00:00Z';
my @messages = Messages::many($count);

# Years of mail on one day: nothing of it is to be forgotten meanwhile.
my $all = 'retention = { history = "never"; };';
my $maildir = Dsnd->new(extra => $all);
$maildir->deliver($_->[0], at => $_->[1]) for @messages;
$maildir->once($now);
my $expected = $maildir->dump($now);

my %dispositions = (
	move => {},
	delete => {processed => '"delete"', unrecognised => '"delete"'},
	keep => {processed => '"keep"', unrecognised => '"keep"'},
);

# A folder is filled from a copy on the server, where it arrived at its time.
sub drain_all {
	my ($name, $server) = @_;
	my %ways = (
		'plain text' => {tls => '"none"', port => $server->{port}},
		STARTTLS => {tls => '"starttls"', port => $server->{port}},
		TLS => {},
	);
	$server->command("CREATE $server->{below}Stock", 'SELECT INBOX',
		"MOVE 1:* $server->{below}Stock");
	for my $way (sort keys %ways) {
		for my $how (sort keys %dispositions) {
			$server->command("SELECT $server->{below}Stock",
				'COPY 1:* INBOX');
			my $d = Dsnd->on($server, extra => $all,
				%{$ways{$way}}, %{$dispositions{$how}});
			my $begun = time;
			my ($status, $text) = $d->drain($now);
			my $took = time - $begun;
			is($status, 0, "$name, $way, $how: drained")
				or diag($text);
			ok($d->dump($now) eq $expected,
				"$name, $way, $how: the result of a Maildir");
			is($server->count(''), $how eq 'keep' ? $count : 0,
				"$name, $way, $how: what is left");
			diag(sprintf('%s, %s, %s: %.0f messages a second',
				$name, $way, $how, $count / $took));
			$server->command('SELECT INBOX',
				'STORE 1:* +FLAGS.SILENT (\\Deleted)',
				'EXPUNGE') if $how eq 'keep';
		}
	}
	return;
}

{
	my $dovecot = Dovecot->new(below => '');
	$dovecot->deliver(@$_) for @messages;
	drain_all('Dovecot', $dovecot);
}
{
	my $cyrus = Cyrus->new(below => 'INBOX.');
	$cyrus->deliver_all(@messages);
	drain_all('Cyrus', $cyrus);
}

done_testing();
