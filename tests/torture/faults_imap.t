#!/usr/bin/perl
# As faults.t, while it empties an IMAP folder of a real Dovecot. Every point
# has a user, and so a mailbox, of its own.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::MD5;
use Dovecot;
use Dsnd;
use Fault;
use Messages;

my @messages = Messages::many(8);
my $server   = Dovecot->new;
my $users    = "$server->{home}/users";
$server->stop;
$server->{extra} = "mail_location = maildir:$users/%u";
mkdir $users or die $!;
chown($server->{uid}, $server->{gid}, $users) if $> == 0;
$server->start;

package Home;
our @ISA = ('Dsnd');

sub new {
	my ($class) = @_;
	return Dsnd::new($class);
}

sub fill {
	my ($d) = @_;
	my $user = join('-', 'user', $$, ++$d->{points});
	my $i    = 0;
	system('rm', '-rf', $d->{mail}) == 0 or die if $d->{mail};
	$d->{mail} = "$users/$user";
	mkdir "$d->{mail}$_" or die $! for '', qw(/new /cur /tmp);
	for my $m (@messages) {
		my $path = sprintf('%s/new/%d.%02d.mail', $d->{mail}, $m->[1], $i++);
		open(my $f, '>:raw', $path) or die $!;
		print $f $m->[0];
		close($f) or die $!;
		utime($m->[1], $m->[1], $path);
	}
	system('chown', '-R', "$server->{uid}:$server->{gid}", $d->{mail}) == 0
		or die if $> == 0;
	my $keys = $server->mailbox(user => "\"$user\"", tls => '"none"',
		port => $server->{port}, processed => '"move:Processed"',
		unrecognised => '"move:Unrecognised"');
	open(my $f, '>', $d->config) or die $!;
	printf $f "database = \"%s\";\nlog_level = \"warning\";\n"
		. "daemon = { batch_messages = 3; };\n"
		. "mailboxes = ( { name = \"bounces\"; %s } );\n", $d->database, $keys;
	close($f) or die $!;
	return;
}

sub digest {
	my ($path) = @_;
	open(my $f, '<:raw', $path) or die "$path: $!";
	local $/ = undef;
	return Digest::MD5::md5_hex(<$f>);
}

# Folders and what lies in them: the names of the files are the server's.
sub files {
	my ($d) = @_;
	my @found;
	for my $folder ('', '.Processed', '.Unrecognised') {
		push @found, sort map { "$folder:" . digest($_) }
			map { glob("$d->{mail}/$folder/$_/*") } qw(new cur);
	}
	return join(' ', @found);
}

package main;
Fault::torture(sub { return Home->new });
$server->stop;
