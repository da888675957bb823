#!/usr/bin/perl
# Every call that dsnd makes of the C library goes wrong once while it empties a
# Maildir. FAULT_STRIDE=k tries every k-th point, beginning at FAULT_SEED modulo
# k; FAULT_KINDS='write sync' tries those calls, FAULT_ONLY='write fail 17' one.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Fault;
use Messages;

my @messages = Messages::many(14);

package Home;
our @ISA = ('Dsnd');

sub new {
	my ($class) = @_;
	return Dsnd::new($class, extra => 'daemon = { batch_messages = 5; };');
}

sub fill {
	my ($d) = @_;
	my $i = 0;
	system('rm', '-rf', $d->home . '/bounces') == 0 or die;
	mkdir $d->home . "/bounces$_" or die $! for '', qw(/new /cur /tmp);
	$d->deliver($_->[0], at => $_->[1], name => sprintf('%02d.mail', $i++))
		for @messages;
	return;
}

sub files {
	my ($d) = @_;
	return join(' ', map { s{.*/bounces/}{}r } sort map { glob($d->home .
			"/bounces/$_") } map { ("$_/*", ".*/$_/*") } qw(new cur tmp));
}

package main;
Fault::torture(sub { return Home->new });
