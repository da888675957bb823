#!/usr/bin/perl
# Every message of tests/corpus, read by the real dsnctl through the jail,
# gives what its .expect says: the kind, then a line a recipient with address,
# action, status, reason, class and effect, "-" for what there is none of.
use strict;
use warnings;
use utf8;
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use Test::More;

my $build  = $ENV{BUILD} || "$FindBin::Bin/../../build";
my $corpus = "$FindBin::Bin/../corpus";
binmode(STDOUT, ':utf8');
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);

my %got;
open(my $run, '-|', "$build/dsnctl", 'classify', '--json', $corpus)
	or die "dsnctl: $!";
while (my $line = <$run>) {
	my $message = decode_json($line);
	next unless $message->{file} =~ m{([^/]+)\.eml$};
	$got{$1} = $message;
}
close($run);
is($?, 0, 'classify succeeds');

for my $path (glob("$corpus/*.eml")) {
	my ($name) = $path =~ m{([^/]+)\.eml$};
	open(my $expect, '<:utf8', "$corpus/$name.expect")
		or die "$corpus/$name.expect: $!";
	my $want = join('', <$expect>);
	my $text = ($got{$name}{kind} // 'nothing') . "\n";
	for my $r (@{$got{$name}{recipients} // []}) {
		my @cells = map { defined $_ && $_ ne '' ? $_ : '-' }
			@$r{qw(address action status reason class effect)};
		$text .= join(' ', @cells) . "\n";
	}
	is($text, $want, $name);
}
# Of a Maildir, the messages and nothing else.
my $maildir = tempdir(CLEANUP => 1);
make_path(map { ("$maildir/$_", "$maildir/.Old/$_") } qw(cur new tmp));
copy("$corpus/vacation.eml", "$maildir/$_") or die "copy: $!"
	for 'new/1', '.Old/cur/2:2,S', 'tmp/3', 'dovecot-uidlist',
		'.Old/maildirfolder';
my $listed = join('', map { m{^\Q$maildir\E/(\S+):} ? "$1 " : () }
	split(/\n/, qx("$build/dsnctl" classify "$maildir")));
is($listed, '.Old/cur/2:2,S new/1 ', 'of a Maildir the messages only');
done_testing();
