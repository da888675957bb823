#!/usr/bin/perl
# A bare reply is judged as a report about it would be, and every reason has a
# line of advice, wherever it is shown.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $d = Dsnd->new;

sub judged {
	my (@args) = @_;
	my ($status, $text) = $d->ctl('explain', '--json', @args);
	return ($status, decode_json($text));
}

my ($status, $answer) =
	judged('--reply', '550 5.1.1 no such user here', '--stage', 'rcpt');
is($status, 0, 'a reply that says why: 0');
is($answer->{reason}, 'user_unknown', 'its reason');
is($answer->{words}, 'no such user', 'and the words');
is($answer->{stage}, 'rcpt', 'the stage is taken');
like($answer->{advice}, qr/^Remove the address/, 'advice');
is($answer->{effect}, 'suppress', 'and the effect');
is($answer->{given_up}, 'user_unknown', 'there is nothing to wait for');

($status, $answer) =
	judged('--reply', '451 4.7.1 Greylisted, come back in 5 minutes');
is($answer->{reason}, 'greylisted', 'a deferral is what it says');
is($answer->{effect}, 'none', 'and has no effect');
is($answer->{given_up}, 'expired', 'unless it was the last word');

# Filters say it after DATA too, of those who are alive.
($status, $answer) = judged('--reply', '550 user unknown');
isnt($answer->{class}, 'hard', 'words of a dead address, the stage unknown');
is($answer->{at_rcpt}, 'user_unknown', '... and what they are behind RCPT');
like(($d->ctl('explain', '--reply', '550 user unknown'))[1],
	qr/^    at rcpt     user_unknown \(hard, suppress\): say --stage rcpt/m,
	'... people are told');
unlike(($d->ctl('explain', '--reply', '550 user unknown', '--stage', 'body'))[1],
	qr/at rcpt/, '... unless the stage is known');
unlike(($d->ctl('explain', '--reply', '550 5.1.1 user unknown'))[1],
	qr/at rcpt/, '... or makes no difference');

($status, $answer) = judged('--reply',
	"550-5.7.1 one line of it\r\n550 5.7.1 is blocked using list.example");
is($answer->{reason}, 'ip_blocked', 'a reply of several lines');
($status, $answer) = judged('--reply', '250 2.0.0 queued');
is($answer->{reason}, 'delivered', 'a reply that is none of refusal');
($status, $answer) = judged('--reply', '550 no');
is($status, 1, 'one that does not say why: 1');
is($answer->{reason}, 'unknown_permanent', 'and it is called so');
($status, $answer) = judged('--reply', '553 5.1.3 bad', '--address',
	'ann@example.net', '--remote', 'mx.example.net');
is($answer->{address}, 'ann@example.net', 'the address is shown');
is($answer->{remote}, 'mx.example.net', 'the host, too');

# Whose it is not said, it is about whom it names, unless it names several.
my $unknown = '550 <ann@example.net>: user unknown';
for ([$unknown, 'user_unknown'], ["$unknown, ask help\@example.net", 'unknown_permanent'],
	["$unknown (Ann\@Example.net)", 'user_unknown']) {
	my ($reply, $reason) = @$_;
	is((judged('--reply', $reply, '--stage', 'rcpt'))[1]->{reason}, $reason, $reply);
	is((judged('--reply', $reply, '--stage', 'rcpt', '--address',
			'ann@example.net'))[1]->{reason}, 'user_unknown', '... about ann');
}

is((judged('--reply', '550 5.1.1 x', '--stage', 'RCPT'))[1]->{stage}, 'rcpt',
	'a stage as SMTP spells it');
like(($d->ctl('explain', '--json', '--reply', 'too busy'))[1],
	qr/"reply":null,/, 'what has no code says so');
($status) = $d->ctl('explain', '--reply', '550 x', '--stage', 'lunch' x 9);
is($status, 2, 'a stage longer than any');
($status) = $d->ctl('explain', '--reply', '550 x', '--stage', 'lunch');
is($status, 2, 'a stage that there is not');
($status) = $d->ctl('explain', '550', 'no');
is($status, 2, 'a reply without its option');
($status) = $d->ctl('explain', '--reply', '550 x', '--address', 'nobody');
is($status, 3, 'an address that is none');

my (undef, $text) = $d->ctl('explain', '--reply', '552 5.2.2 mailbox full');
like($text, qr/^mailbox_full \(soft, count\)$/m, 'for people: the reason');
like($text, qr/^ +advice +Wait a day/m, 'advice');
like($text, qr/^ +and +code-x-2-2: mailbox_full, by "5\.2\.2"$/m,
	'and what else would have decided');
(undef, $text) = $d->ctl('explain', '--reply', "550 \e[31mred");
unlike($text, qr/\e/, 'nothing reaches the terminal raw');

# Said of the sender, a relay or the way: no reason to stop mailing somebody.
for my $reply (
	'550 5.7.1 권한이 없는 사용자입니다',
	'550 5.7.1 보낸이 주소가 존재하지 않습니다',
	'550 5.1.0 회신 주소가 존재하지 않습니다',
	"550 5.7.1 L'adresse 192.0.2.1 n'est pas répertorié dans notre liste blanche",
	"550 5.7.1 L'utilisateur est inconnu : authentification requise",
	'550 5.4.1 Destinataire refusé: route inexistante',
	'550 5.7.1 查无此用户：认证失败',
	'554 5.7.1 our gateway never accepts mail that is not encrypted',
	"550 The recipient's domain does not accept mail through this host",
	'550 This domain does not receive mail over unencrypted connections',
	'521 5.3.2 System not accepting network messages, try later')
{
	(undef, $answer) = judged('--stage', 'rcpt', '--reply', $reply);
	isnt($answer->{class}, 'hard', "not of the recipient: $reply");
}
done_testing();
