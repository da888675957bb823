#!/usr/bin/perl
# What guides to bounce handling ask for, from the mailbox to the answer, in
# the time that --now gives: hard at once, soft across sends, promotion,
# expiry, probation, retry advice, a delivery in between.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $d = Dsnd->new;

sub bounce {
	my ($day, %o) = @_;
	$d->deliver(Dsnd::dsn(%o), at => Dsnd::epoch("$day 10:00:00"));
	$d->once("$day" . 'T11:00:00Z');
	return;
}
my %full = (status => '5.2.2', diagnostic => '552 5.2.2 mailbox is over quota');

bounce('2026-09-01', to => 'dead@example.net', status => '5.1.1', mid => 'h1',
	diagnostic => '550 5.1.1 no such user');
bounce('2026-09-01', to => 'dead@example.net', status => '5.1.1', mid => 'h2',
	diagnostic => '550 5.1.1 no such user', campaign => 'other');
ok($d->suppressed('dead@example.net', '2026-09-01T11:00:00Z'),
	'a hard bounce suppresses at once');
ok($d->suppressed('DEAD@Example.NET', '2031-09-01T11:00:00Z'),
	'and for good, however it is written, once two sends say so');

bounce('2026-09-01', to => 'once@example.net', status => '5.1.1', mid => 'u1',
	diagnostic => '550 5.1.1 no such user');
ok($d->suppressed('once@example.net', '2026-09-30T11:00:00Z'),
	'one unproved report suppresses for 30 days');
ok(!$d->suppressed('once@example.net', '2026-10-02T11:00:00Z'),
	'and no longer');

bounce('2026-09-01', to => 'full@example.net', mid => 'f1', %full);
bounce('2026-09-01', to => 'full@example.net', mid => 'f1', %full,
	extra => 'X-Copy: 1');
my ($show) = $d->ctl_json('show', '--now', '2026-09-01T12:00:00Z',
	'full@example.net');
is($show->{soft}[0]{count}, 1, 'two reports of one send count once');
is($show->{soft}[0]{due_at}, Dsnd::epoch('2026-09-02 10:00:00'),
	'a full mailbox may be tried again after 24 hours');
bounce('2026-09-08', to => 'full@example.net', mid => 'f2', %full);
ok(!$d->suppressed('full@example.net', '2026-09-08T12:00:00Z'),
	'two soft bounces do not suppress');
bounce('2026-09-15', to => 'full@example.net', mid => 'f3', %full);
ok($d->suppressed('full@example.net', '2026-09-15T12:00:00Z'),
	'the third across 72 hours does');
my ($row) = $d->ctl_json('list', '--now', '2026-09-15T12:00:00Z', '--source',
	'promoted');
is($row->{address}, 'full@example.net', 'as promoted');
is($row->{until}, Dsnd::epoch('2026-09-15 10:00:00') + 30 * 86400,
	'for 30 days at first');
ok(!$d->suppressed('full@example.net', '2026-10-16T12:00:00Z'),
	'then it is over');
bounce('2026-10-20', to => 'full@example.net', mid => 'f4', %full);
($row) = $d->ctl_json('list', '--now', '2026-10-20T12:00:00Z', '--source',
	'promoted');
is($row->{until}, Dsnd::epoch('2026-10-20 10:00:00') + 90 * 86400,
	'on probation one more suppresses again, for 90 days');

bounce("2026-09-0$_", to => 'daily@example.net', mid => "d$_", %full)
	for 1 .. 3;
ok(!$d->suppressed('daily@example.net', '2026-09-03T12:00:00Z'),
	'three within 72 hours do not suppress');

bounce('2026-09-01', to => 'block@example.net', mid => "b$_",
	status => '5.7.1', diagnostic =>
	'554 5.7.1 Client host [192.0.2.1] blocked using Spamhaus') for 1 .. 9;
ok(!$d->suppressed('block@example.net', '2026-09-02T11:00:00Z'),
	'blocks never suppress, however many');

bounce('2026-09-20', to => 'back@example.net', mid => "r$_", status => '5.1.1',
	diagnostic => '550 5.1.1 no such user') for 1 .. 2;
$d->ctl('release', '--now', '2026-09-21T10:00:00Z', '--reason', 'wrote to us',
	'back@example.net');
ok(!$d->suppressed('back@example.net', '2026-09-21T10:00:01Z'),
	'a release takes effect at once');
$d->ctl('allow', '--now', '2026-09-21T10:00:00Z', '--reason', 'the boss',
	'dead@example.net');
ok(!$d->suppressed('dead@example.net', '2026-09-22T10:00:00Z'),
	'an allow entry beats a hard bounce');
my ($status, $text) = $d->ctl('show', '--now', '2026-09-22T10:00:00Z',
	'dead@example.net');
like($text, qr/^dead\@example\.net: mailable, always allowed$/m, 'and show says so');
$d->ctl('suppress', '--now', '2026-09-23T10:00:00Z', '--reason', 'the boss left',
	'dead@example.net');
ok($d->suppressed('dead@example.net', '2026-09-24T10:00:00Z'),
	'what a person says later holds all the same');
($status, $text) = $d->ctl('show', '--now', '2026-09-24T10:00:00Z',
	'dead@example.net');
like($text, qr/^dead\@example\.net: not mailable$/m, 'show says what check says');

my @hasty = ('--now', '2026-09-21T10:00:00Z', '--reason', 'a script',
	'hasty@example.net');
$d->ctl($_, @hasty) for qw(suppress release suppress);
ok($d->suppressed('hasty@example.net', '2026-09-21T10:00:00Z'),
	'the last of several decisions in one second holds');
$d->ctl($_, @hasty) for qw(suppress release);
ok(!$d->suppressed('hasty@example.net', '2026-09-21T10:00:00Z'),
	'whatever it is');

# However often and however it is written, an address is named once.
for my $verb (qw(suppress release)) {
	my ($text) = ($d->ctl($verb, '--now', '2026-09-21T10:00:00Z', '--reason',
		'a list', 'twin@example.net', 'other@example.net',
		'<Twin@Example.NET>', '@twins.example', '@Twins.Example',
		'twin@example.net'))[1];
	is($text, "$verb: 3 recorded, 3 changed\n", "$verb of the same address");
}
is(scalar(() = ($d->ctl('show', 'twin@example.net'))[1] =~
	/^    note +a list$/mg), 2, '... stands in its history once each');

# A list of them, among those named on the command line.
sub lines {
	my ($lines, @words) = @_;

	return $d->run('sh', '-c', 'printf "$0" | exec "$@" 2>&1', $lines,
		"$Dsnd::build/dsnctl", @words, '-c', $d->config, '--now',
		'2026-09-21T10:00:00Z', '--reason', 'a file');
}
for my $verb (qw(suppress release)) {
	is((lines('ann@list.example\r\n\n <Ben@list.example> \nann@LIST.example',
				$verb, 'cid@list.example', '-'))[1],
		"$verb: 3 recorded, 3 changed\n", "$verb of a list's addresses");
	is((lines('\n', $verb, '-'))[1], "$verb: 0 recorded, 0 changed\n",
		'... of an empty one');
}
my @refused = lines('dora@list.example\n\nnobody\n', 'suppress', '-');
is($refused[0], 3, 'a list with a line that is no address');
like($refused[1], qr/^dsnctl: standard input, line 3: "nobody" is not/,
	'... is told with its line');
ok(!$d->suppressed('dora@list.example', '2026-09-21T10:00:00Z'),
	'... and nothing of it is decided');

$d->ctl('suppress', '--now', '2026-09-21T10:00:00Z', '--reason', 'asked',
	'--stream', "shop\e[2J", 'asked@example.net');
($status, $text) = $d->ctl('check', '--now', '2026-09-22T10:00:00Z',
	'asked@example.net');
is($text, "asked\@example.net: no, operator (stream shop\\x1b[2J) since "
		. "2026-09-21T10:00:00Z, no end\n",
	'what a person decided is told by its source, and no byte obeyed');
(undef, $text) = $d->ctl('show', '--now', '2026-09-22T10:00:00Z',
	'asked@example.net');
like($text, qr/^  suppressed: operator$/m, 'show tells it likewise');

# Who asks why a mail did not arrive reads what it means.
bounce('2026-09-20', to => 'why@example.net', mid => 'why', status => '5.7.26',
	diagnostic => '550 5.7.26 This mail is unauthenticated');
like(($d->ctl('show', 'why@example.net'))[1], qr/^  \S+ failed auth_failure .*
 +meaning +The mail could not prove.*\n +advice +Make SPF/m,
	'show explains a refusal of the sender, and what to do');

# What was decided is shown with all that was said then.
like($text, qr/^  2026-09-21T10:00:00Z suppress\n +applied +yes\n +stream +shop/m,
	'the stream of a decision is shown');
$d->ctl('suppress', 'term@example.net', '--now', '2026-09-21T10:00:00Z', '--for',
	'30d', '--reason', 'leave');
$d->ctl('release', 'term@example.net', '--now', '2026-09-21T11:00:00Z', '--force',
	'--reason', 'back');
$d->run('sh', '-c', 'echo term@example.net | exec "$@"', 'sh',
	"$Dsnd::build/dsnctl", 'import', '-', '-c', $d->config, '--now',
	'2026-09-21T12:00:00Z');
like(($d->ctl('show', 'term@example.net'))[1],
	qr/suppress\n +applied +yes\n +until +2026-10-21T10:00:00Z\n.*release\n(?: +\w+ +\w+\n)+ +how +with --force\n.*suppress\n(?: +\w+ +\w+\n)+ +how +imported$/ms,
	'... its end, and how it was made');

# A terminal that speaks no UTF-8 puts none into the database.
$d->ctl('suppress', 'latin@example.net', '--now', '2026-09-21T10:00:00Z',
	'--reason', "gel\xf6scht", '--stream', "m\xfcll");
$d->ctl('sent', '--campaign', "gr\xfcn", '--now', '2026-09-21T10:00:00Z', '=1');
is(qx(sqlite3 ${\$d->database} "SELECT stream, note FROM audit WHERE address =
	'latin\@example.net' UNION ALL SELECT campaign, '' FROM campaign_rate WHERE sent = 1"),
	"m\xef\xbf\xbdll|gel\xef\xbf\xbdscht\ngr\xef\xbf\xbdn|\n",
	'what is typed in Latin-1 is UTF-8 in the views');

# Our own domains are allowed from the start, until a person says otherwise.
$d = Dsnd->new(extra =>
		'trust = { our_domains = [ "lists.example.org", "ours.example" ]; };');
bounce('2026-09-01', to => 'dead@ours.example', status => '5.1.1', mid => 'o1',
	diagnostic => '550 5.1.1 no such user');
ok(!$d->suppressed('dead@ours.example', '2026-09-02T11:00:00Z'),
	'nobody of ours is suppressed');
(undef, $text) = $d->ctl('show', '--now', '2026-09-02T11:00:00Z',
	'dead@ours.example');
like($text, qr/: mailable, always allowed with all of its domain$/m,
	'and show says on whose account');
(undef, $text) = $d->ctl('show', '--now', '2026-09-02T11:00:00Z',
	'@ours.example');
like($text, qr/^  from the start allow\n.*note +one of our own domains/ms,
	'and the domain says why');
$d->ctl('allow', '@ours.example', '--end', '--reason', 'they leave, too', '--now',
	'2026-09-02T11:00:00Z');
ok($d->suppressed('dead@ours.example', '2026-09-02T11:00:00Z'),
	'but where that was taken back');
$d->once('2026-09-03T11:00:00Z');
ok($d->suppressed('dead@ours.example', '2026-09-03T11:00:00Z'),
	'... for good');

# What a person has said before a domain was known to be ours is not undone.
$d = Dsnd->new;
bounce('2026-09-01', to => 'dead@ours.example', status => '5.1.1', mid => 'o2',
	diagnostic => '550 5.1.1 no such user');
$d->ctl('suppress', 'asked@ours.example', '--reason', 'asked', '--now',
	'2026-09-01T11:00:00Z');
$d->ctl('allow', 'left@ours.example', '--end', '--reason', 'left', '--now',
	'2026-09-01T11:00:00Z');
bounce('2026-09-01', to => 'left@ours.example', status => '5.1.1', mid => 'o3',
	diagnostic => '550 5.1.1 no such user');
$d->configure(extra => 'trust = { our_domains = [ "ours.example" ]; };');
$d->once('2026-09-02T11:00:00Z');
ok(!$d->suppressed('dead@ours.example', '2026-09-02T11:00:00Z'),
	'a bounce from before our domain was known to be ours does not suppress');
ok($d->suppressed("$_\@ours.example", '2026-09-02T11:00:00Z'),
	"... but a person's word from before holds: $_") for qw(asked left);

# A domain that was given by mistake.
$d->configure(extra => 'trust = { our_domains = [ "Münch.example" ]; };');
$d->once('2026-09-03T11:00:00Z');
ok($d->suppressed('dead@ours.example', '2026-09-03T11:00:00Z'),
	'a domain that is no longer ours loses its entry');
$d->configure(extra =>
		'trust = { our_domains = [ "OURS.example", "münch.example" ]; };');
$d->once("2026-09-0${_}T11:00:00Z") for 4, 5;
ok(!$d->suppressed('dead@ours.example', '2026-09-05T11:00:00Z'),
	'... and has it again with the setting');
(undef, $text) = $d->ctl('show', '@münch.example');
is(scalar(() = $text =~ /allow$/mg), 1, 'one that stays is written down once');

done_testing();
