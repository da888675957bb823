#!/usr/bin/perl
# What dsnd knows depends on the mail alone: not on the order of reading, the
# size of the batches, the mailbox it lay in, or how often it was looked at.
# Mail from the field is tried too, where it is present.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now    = '2026-11-20T12:00:00Z';
my $shared = "$Dsnd::top/../shared/corpora";

sub fill {
	my ($d, $mail, $name, $box) = @_;
	for my $i (0 .. $#$mail) {
		$d->deliver($mail->[$i][0], at => $mail->[$i][1],
			name => $name->($i), mailbox => $box->($i));
	}
	return;
}

sub tried {
	my ($what, $mail) = @_;
	my @names = map { sprintf('%05d.mail', $_) } 0 .. $#$mail;
	my $d = Dsnd->new;
	fill($d, $mail, sub { $names[$_[0]] }, sub { 'bounces' });
	$d->once($now);
	my $dump = $d->dump($now);
	cmp_ok(length $dump, '>', 1000, "$what: something is known");
	$d->once($now);
	is($d->dump($now), $dump, "$what: a second run changes nothing");
	fill($d, $mail, sub { "again-$names[$_[0]]" }, sub { 'bounces' });
	$d->once($now);
	is($d->dump($now), $dump, "$what: nor does the same mail again");

	my $back = Dsnd->new(extra => 'daemon = { batch_messages = 7; };');
	fill($back, $mail, sub { $names[$#$mail - $_[0]] }, sub { 'bounces' });
	$back->once($now);
	is($back->dump($now), $dump, "$what: read backwards, the same");

	my $two = Dsnd->new(mailboxes => ['bounces', 'other']);
	fill($two, $mail, sub { sprintf('%06d', $_[0] * 7919 % 100_003) },
		sub { $_[0] % 3 ? 'bounces' : 'other' });
	$two->once($now);
	is($two->dump($now), $dump, "$what: in two mailboxes at once, the same");
	return;
}

tried('our mail', [Messages::many(400)]);
# Mail that is not ours to ship; a gate may run without it.
for my $name (qw(dev made)) {
	if (-d "$shared/$name") {
		tried($name, [Messages::below("$shared/$name")]);
	} else {
		diag("$shared/$name is not here: it was NOT tried");
	}
}

done_testing();
