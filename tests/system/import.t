#!/usr/bin/perl
# Lists from elsewhere are taken whole or not at all, once however often they
# come, and what export wrote comes back as it was.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new;
$d->once($now);

sub file {
	my ($name, $text) = @_;
	my $path = $d->home . "/$name";
	open(my $f, '>:raw', $path) or die $!;
	print $f $text;
	close($f) or die $!;
	return $path;
}

# Exit status and all that was printed, as people see it.
sub take {
	my ($path, @args) = @_;
	return $d->run('sh', '-c', 'exec "$@" 2>&1', 'sh',
		"$Dsnd::build/dsnctl", 'import', '-c', $d->config, '--now',
		$now, $path, @args);
}

# What a list adds, by --json.
sub added {
	my ($name, $text, @args) = @_;
	my ($status, $out) = take(file($name, $text), '--json', @args);
	die "$name: exit $status: $out" if $status != 0;
	return decode_json((split /\n/, $out)[-1])->{added};
}

sub row {
	my ($address) = @_;
	my ($row) = grep { $_->{address} eq $address }
		$d->ctl_json('export', '--now', $now);
	return $row;
}

my $list = "# our old list\nann\@example.net\n\nBen\@Example.NET\n";
my ($status, $text) = take(file('old.txt', $list), '--dry-run');
is($status, 0, 'tried only');
is($text, "nothing is changed: 2 rows: 2 added, 0 imported before, 0 bad\n",
	'it says what would be');
ok(!$d->suppressed('ann@example.net', $now), 'and does nothing');
is(added('old.txt', $list, '--reason', 'from the old system'), 2, 'taken');
ok($d->suppressed('ben@example.net', $now), 'it acts');
is(row('ann@example.net')->{source}, 'import', 'its source');
is(row('ann@example.net')->{note}, 'from the old system', 'and why');
my $before = $d->dump($now);
is(added('old.txt', $list), 0, 'once more: nothing is added');
is($d->dump($now), $before, 'nothing is changed');
$d->ctl('release', 'ann@example.net', '--reason', 'x', '--now',
	'2026-11-20T12:00:01Z');
is(added('old.txt', $list), 0, 'after a release, too');
ok(!$d->suppressed('ann@example.net', '2026-11-20T12:00:02Z'),
	'and the release stands');

my $bad = "email,created\nx1\@example.net,2026-11-01\nnobody\n" .
	"x2\@example.net,never\n";
($status, $text) = take(file('bad.csv', $bad));
is($status, 3, 'a bad line');
like($text, qr/bad\.csv:3: "nobody" is not an address$/m, 'is told');
like($text, qr{bad\.csv:4: "never" is no time: write 2026-11-22 or \S+Z$}m,
	'with the others');
ok(!$d->suppressed('x1@example.net', $now), 'and nothing is imported');
is(added('bad.csv', $bad, '--skip-bad'), 1, 'unless they are left out');
is(row('x1@example.net')->{since}, Dsnd::epoch('2026-11-01'), 'since then');

is(added('own.csv', "address,written,scope,stream,class,reason,source," .
	"evidence,hits,since,until,note\n" .
	"'\@example.org,'\@example.org,domain,,,,operator,,1," .
	"2026-11-02T00:00:00Z,,\"gone, all\"\n" .
	"c1\@example.net,C1\@example.net,address,ads,hard,user_unknown,hard," .
	"relay,1,2026-11-03T00:00:00Z,2027-11-03T00:00:00Z,\n"), 2,
	'what export wrote as CSV');
ok($d->suppressed('any@example.org', $now), 'a domain');
is(row('c1@example.net')->{until}, Dsnd::epoch('2027-11-03'), 'its end');
is(row('c1@example.net')->{stream}, 'ads', 'its stream');
is(row('c1@example.net')->{reason}, 'user_unknown', 'its reason');
is(row('c1@example.net')->{note}, '', '... which is not told twice');
my ($all) = ($d->ctl('export', '--csv', '--now', $now))[1];
my ($json) = ($d->ctl('export', '--json', '--now', $now))[1];
is(added('all.csv', $all), 0, 'what was imported is known in CSV');
is(added('all.json', $json), 0, 'and in JSON');
my $other = Dsnd->new;
$other->once($now);
$other->run("$Dsnd::build/dsnctl", 'import', '-c', $other->config, '--now',
	$now, $d->home . '/all.csv');
is(($other->ctl('export', '--txt', '--now', $now))[1],
	($d->ctl('export', '--txt', '--now', $now))[1], 'another takes it');

is(added('ses.json', '{"SuppressedDestinationSummaries": [
	{"EmailAddress": "s1@example.net", "Reason": "BOUNCE",
	 "LastUpdateTime": 1793610000.5},
	{"EmailAddress": "s2@example.net", "Reason": "COMPLAINT",
	 "LastUpdateTime": "2026-11-01T10:00:00.000000+01:00"}]}'), 2,
	'the list of SES');
is(row('s2@example.net')->{since}, Dsnd::epoch('2026-11-01 09:00:00'),
	'its times');
is(row('s2@example.net')->{note}, 'COMPLAINT', 'its reasons');
is(join(' ', @{row('s2@example.net')}{qw(class reason source)}),
	'complaint complaint import', 'a complaint is one');
is(row('s1@example.net')->{reason}, '', 'of a bounce nothing is known');
# Ends and begins of a complaint: an hour each, later than all imports.
my $later = '2026-11-20T14:00:00Z';
($status, $text) = $d->run('sh', '-c', 'exec "$0" "$@" 2>&1', "$Dsnd::build/dsnctl",
	'release', '-c', $d->config, 's2@example.net', '--reason', 'x', '--now', $later);
is($status, 1, 'without force it does not end');
like($text, qr/still not mailable, complaint; --force overrules/, '... which is told');
$d->ctl('allow', 's2@example.net', '--reason', 'x', '--now', $later);
ok($d->suppressed('s2@example.net', $later), 'nor is it allowed');
$d->ctl('release', 's2@example.net', '--reason', 'x', '--force', '--now', $later);
ok(!$d->suppressed('s2@example.net', $later), 'with force it ends');
my $abuse = "email,created\nab1\@example.net,2026-11-01\n";
is(added('abuse.csv', $abuse), 1, 'a list that gives no reason');
is(added('abuse.csv', $abuse, '--reason', 'complaint'), 1,
	'... is another one where a person gives it');
is(join(' ', map { $_->{class} } grep { $_->{address} eq 'ab1@example.net' }
	$d->ctl_json('export', '--now', $now)), ' complaint',
	'and each row is a complaint beside what it was');
is(added('abuse.csv', $abuse), 0, 'which stays so');
is(added('sendgrid.json', '[{"created": 1793610000, "email":
	"g1@example.net", "reason": "550 5.1.1 unknown", "status": "5.1.1"}]'),
	1, 'the bounces of SendGrid');
is(added('sendgrid.csv', "status,reason,email,created\n5.1.1," .
	"\"550 no, none\",g2\@example.net,1793610000\n"), 1, 'as CSV');
is(added('mailgun.json', '{"items": [{"address": "m1@example.net", "code":
	"550", "error": "No such mailbox", "created_at":
	"Sun, 01 Nov 2026 10:00:00 UTC"}], "paging": {"next": "x"}}'), 1,
	'the bounces of Mailgun');
is(row('m1@example.net')->{since}, Dsnd::epoch('2026-11-01 10:00:00'),
	'a date of mail');
is(added('postmark.json', '{"Suppressions": [{"EmailAddress":
	"p1@example.net", "SuppressionReason": "HardBounce", "Origin":
	"Recipient", "CreatedAt": "2026-11-01T08:58:33-05:00"}]}'), 1,
	'the suppressions of Postmark');
is(added('rest.json', '{"data": {"results": [{"id": 7, "type": "hard", "email":
	"l1@example.net", "created_at": "2026-11-01T10:00:00.5+01:00"}],
	"total": 1}, "meta": {}}'), 1, 'an envelope in an envelope');
is(row('l1@example.net')->{note}, 'hard', '... and its reason');
is(added('ended.csv', "email,until\ne1\@example.net,2026-11-01\n"), 0,
	'what has ended does not begin');
($status, $text) = take(file('over.csv', "email,until\ne1\@example.net,2026-11-01\n" .
	"e2\@example.net,\nE2\@Example.NET,\n"), '--dry-run');
is($text, "nothing is changed: 3 rows: 1 added, 0 imported before, 0 bad, " .
	"2 twice or over already\n", 'and each row is counted');

is(added('list', ' [{"email": "j1@example.net"}]'), 1,
	'JSON, whatever the name of the file');
is(added('list', "{\"address\": \"j2\@example.net\"}\n" x 2), 1,
	'and what export --json writes');
($status, $text) = take(file('named.csv', "Whom,Why\nm1\@example.net,x\n"));
like($text, qr/"Whom" is not an address\n.*: were that a header, one of its columns would be named address, email or recipient$/m,
	'a header of other names is told of');
is(added('named.csv', "Mail;Why\nm2\@example.net;x\n"), 1, 'some names are known');
my $mark = "\xef\xbb\xbf";
is(added($_->[0], $mark . $_->[1]), 1, "a mark before $_->[1]")
	for ['mark.json', '[{"email": "k1@example.net"}]'],
	['mark', '{"email": "k2@example.net"}'],
	['mark.csv', "\"email\"\nk3\@example.net\n"],
	['mark.txt', "k4\@example.net\n"];
for my $name (qw(wide.json wide.csv)) {
	($status, $text) = take(file($name, "\xff\xfe[\0]\0"));
	is($status, 3, "UTF-16 in $name");
	like($text, qr/\Q$name\E: this is UTF-16; iconv .* makes it UTF-8/,
		'... is told of, and what to do');
}
is(added('list.txt', "{j3}\@example.net\n"), 1, 'an address that begins so');
for my $provider (qw(ses sendgrid mailgun postmark)) {
	($status, $text) = take(file('list', "email,created\n" .
		"$provider\@example.net,1793610000\n"), '--format', $provider);
	like($text, qr/^1 rows: 1 added/, "--format $provider, in CSV");
	($status, $text) = take(file('list', "{\"Suppressions\": " .
		"[{\"EmailAddress\": \"$provider-2\@example.net\"}]}"),
		'--format', $provider);
	like($text, qr/^1 rows: 1 added/, 'and in JSON');
}

for my $broken ('{"a": 1}', '[1]', '[{"email": ""}]') {
	is((take(file('broken.json', $broken)))[0], 3, "broken: $broken");
}
($status, $text) = take(file('broken.json', "{\"email\":\n\"a\"\n,}"));
like($text, qr/broken\.json:3: /, 'the line of what is no JSON');
is((take($d->home . '/none.csv'))[0], 3, 'a file that there is not');
is((take(file('x', ''), '--format', 'xml'))[0], 2, 'a format, neither');
is((take(file('x', ''), 'y'))[0], 2, 'two files');
is(added('many.txt', join('', map { "u$_\@example.com\n" } 1 .. 5000)), 5000,
	'a long list');
# A line each, long, so that what is not done once a byte takes minutes.
is(($d->run('sh', '-c', 'ulimit -t 30; exec "$@" >/dev/null', 'sh',
	"$Dsnd::build/dsnctl", 'import', '--dry-run', '-c', $d->config, '--now',
	$now, file('many.jsonl', join('', map {
		"{\"email\":\"u$_\@example.com\",\"x\":\"" . 'y' x 400 . "\"}\n"
	} 1 .. 50_000))))[0], 0, 'a long list in JSON, in time that fits it');
# What a list says and we do not read may matter: its columns are named.
($status, $text) = take(file('more.csv', "Email,Name,Expires,\e[1m\n"
		. "lia\@example.net,Lia,2027-01-01,\n"));
is($status, 0, 'a list with columns of its own');
like($text, qr/more\.csv: columns that are not read: Name, \\x1b\[1m$/m,
	'those that are not read are named');
is(row('lia@example.net')->{until}, Dsnd::epoch('2027-01-01 00:00:00'),
	'an end has more than one name');
($status, $text) = take(file('all.csv', "address,until\nmia\@example.net,\n"));
unlike($text, qr/not read/, 'none is named where all are read');
($status, $text) = take(file('plain.lst', "nia\@example.net,x\n"));
unlike($text, qr/not read/, '... nor where there is no header');

# Lists of everybody: who may be mailed there is not suppressed here.
sub left {
	my ($name, $text) = @_;
	my ($status, $out) = take(file($name, $text), '--json');
	is($status, 0, "$name: taken");
	my $r = decode_json((split /\n/, $out)[-1]);
	return "$r->{added} $r->{mailable} $r->{left_out}";
}
is(left('listmonk.csv', "uuid,email,name,status\n1,lm1\@example.net,A,enabled\n"
		. "2,lm2\@example.net,B,blocklisted\n"), '1 1 0',
	'the subscribers of listmonk');
ok(!$d->suppressed('lm1@example.net', $now), 'who is enabled is mailed');
is(left('listmonk.json', '{"data": {"results": [
	{"id": 1, "type": "soft", "source": "api", "email": "lm3@example.net"},
	{"id": 2, "type": "complaint", "source": "api", "email": "lm4@example.net"},
	{"id": 3, "type": "hard", "source": "api", "email": "lm5@example.net"}]}}'),
	'2 1 0', 'its bounces, soft ones among them');
is(row('lm4@example.net')->{class}, 'complaint', '... and complaints');
is(left('phplist.csv', "id;email;blacklisted\n1;ph1\@example.net;0\n" .
	"2;ph2\@example.net;1\n"), '1 1 0', 'those of phpList');
is(left('mailjet.json', '{"Count": 2, "Data": [
	{"Email": "mj1@example.net", "IsExcludedFromCampaigns": false},
	{"Email": "mj2@example.net", "IsExcludedFromCampaigns": true}], "Total": 2}'),
	'1 1 0', 'the contacts of Mailjet');
is(left('bounces.json', '{"TotalCount": 3, "Bounces": [
	{"Type": "SoftBounce", "Email": "pm1@example.net", "Inactive": false},
	{"Type": "SoftBounce", "Email": "pm2@example.net", "Inactive": true},
	{"Type": "Transient", "Email": "pm3@example.net"}]}'),
	'1 2 0', 'the bounces of Postmark, as it has acted on them');
is(left('brevo.json', '{"contacts": [{"blockedAt": "2026-11-01T12:30:00.000Z",
	"email": "br1@example.net", "senderEmail": "news@example.org",
	"reason": {"code": "contactFlaggedAsSpam", "message": "no"}}], "count": 1}'),
	'1 0 0', 'the blocked contacts of Brevo');
is(row('br1@example.net')->{class}, 'complaint', '... whose reason is an object');
is(row('br1@example.net')->{since}, Dsnd::epoch('2026-11-01 12:30:00'),
	'... and their time');
is(left('sparkpost.json', '{"results": [{"recipient": "sp1@example.net",
	"type": "non_transactional", "source": "Spam Complaint", "description": "x",
	"created": "2026-11-01T12:00:00+00:00", "non_transactional": true}],
	"links": [{"href": "/next", "rel": "next"}], "total_count": 1}'), '1 0 0',
	'the list of SparkPost, links beside it');
is(row('sp1@example.net')->{class}, 'complaint', '... whose source says it');
is(left('postal.csv', "id,type,address,reason,timestamp,keep_until\n" .
	"1,recipient,po1\@example.net,too many,1793610000.5,1996202000.25\n"),
	'1 0 0', 'the suppressions of Postal');
is(row('po1@example.net')->{note}, 'too many', '... whose reason is no type');
is(row('po1@example.net')->{until}, 1996202000, '... and their end');
is(left('entries.csv', "email,reason,type,status\nen1\@example.net,spam,,active\n" .
	"en2\@example.net,,hard,active\nen3\@example.net,,,active\n"), '2 1 0',
	'what is active may be the entry of a list, not who stands there');
is(left('both.csv', "email,blacklisted,inactive\nbo1\@example.net,0,1\n" .
	"bo2\@example.net,t,f\nbo3\@example.net,f,\n"), '2 1 0',
	'one of two columns that says it is enough');
is(left('false.json', '[{"email": "fa1@example.net", "expires": false,
	"error": false, "stream": false}]'), '1 0 0', 'false is no end and no words');
is(row('fa1@example.net')->{note}, '', '... of none');
($status, $text) = take(file('beside.json', '{"bounces": [{"email": "be1@example.net"}],
	"complaints": ["be2@example.net"], "more": [{"whom": "be3@example.net"}]}'));
isnt($status, 0, 'no address beside the list is lost without a word');
($status, $text) = take(file('all.csv', "email,status\nal1\@example.net,active\n"));
is($text, "1 rows: 0 added, 0 imported before, 0 bad, 1 that may be mailed there\n",
	'they are counted');

done_testing();
