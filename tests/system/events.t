#!/usr/bin/perl
# Providers' events go the way of bounces: the same judge, the same policy, once
# however often they are sent.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use JSON::PP;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $d   = Dsnd->new(extra => 'trust = { our_domains = [ "example.org" ]; };');
$d->once($now);

# Exit status and output of ingest, given a structure or bytes.
sub ingest {
	my ($format, $data, @args) = @_;
	my $file = $d->home . '/input';
	open(my $f, '>:raw', $file) or die $!;
	print $f ref $data ? JSON::PP->new->canonical->encode($data) : $data;
	close($f) or die $!;
	return $d->run('sh', '-c', 'exec "$@" <"$0" 2>&1', $file,
		"$Dsnd::build/dsnctl", 'ingest', '-c', $d->config, '--now', $now,
		'--format', $format, '--json', @args);
}

sub taken {
	my ($format, $data) = @_;
	my ($status, $text) = ingest($format, $data);
	is($status, 0, "$format: taken") or diag($text);
	my $answer = eval { decode_json($text) } // {};
	return "$answer->{events} $answer->{known}";
}

# The last event of an address in a few words.
sub last_of {
	my ($address) = @_;
	my ($show) = $d->ctl_json('show', '--now', $now, $address);
	my $e = $show->{history}[-1] or return '';
	return join(' ', map { $e->{$_} } qw(kind reason applied evidence));
}

my %mail = (timestamp => '2026-11-19T08:00:00.000Z', messageId => 'ses-1',
	source => 'news@example.org', commonHeaders => {
		from => ['Garden News <news@example.org>'],
		messageId => '<n1@example.org>', subject => 'What to plant'});
my $bounce = {notificationType => 'Bounce', mail => \%mail, bounce => {
	bounceType => 'Permanent', bounceSubType => 'General',
	reportingMTA => 'dns; a1.smtp.example.com', feedbackId => 'f-1',
	timestamp => '2026-11-19T09:00:00.000Z', bouncedRecipients => [{
		emailAddress => 'ann@example.net', action => 'failed',
		status => '5.1.1',
		diagnosticCode => 'smtp; 550 5.1.1 no such user'}]}};
is(taken('ses', $bounce), '1 0', 'one event');
is(last_of('ann@example.net'), 'bounce user_unknown yes relay',
	'a bounce of SES, judged as a report would be');
my ($show) = $d->ctl_json('show', '--now', $now, 'ann@example.net');
my $event = $show->{history}[0];
is($event->{at}, Dsnd::epoch('2026-11-19 09:00:00'), 'at its own time');
is($event->{message_id}, 'n1@example.org', 'about that message');
is($event->{reporter}, 'a1.smtp.example.com', 'by that host');
my $before = $d->dump($now);
is(taken('ses', {Type => 'Notification', Message => encode_json($bounce)}),
	'1 1', 'the same in the envelope of SNS is known');
my %bus = (version => '0', id => 'b-1', source => 'aws.ses',
	time => '2026-11-19T09:00:00Z', 'detail-type' => 'Email Bounced');
my ($type, %inner) = ($bounce->{notificationType}, %$bounce);
delete $inner{notificationType};
is(taken('ses', {%bus, detail => {%inner, eventType => $type}}), '1 1',
	'... and in that of EventBridge');
is($d->dump($now), $before, 'and changes nothing');
is(taken('ses', {%bus, 'detail-type' => 'Sending Status Disabled',
	detail => {version => '1.0.0'}}), '0 0',
	'what the bus says of the account is passed over');

sub complaint {
	my ($id, @who) = @_;
	return {eventType => 'Complaint', mail => \%mail, complaint => {
		feedbackId => $id, timestamp => '2026-11-19T10:00:00.000Z',
		complaintFeedbackType => 'abuse', complainedRecipients =>
			[map { {emailAddress => $_} } @who]}};
}
taken('ses', complaint('f-2', 'ben@example.net'));
is(last_of('ben@example.net'), 'complaint complaint yes relay', 'a complaint');
taken('ses', complaint('f-3', 'c1@example.net', 'c2@example.net'));
ok(!$d->suppressed('c1@example.net', $now), 'of several nobody is blamed');
taken('ses', {notificationType => 'Delivery', mail => \%mail, delivery => {
	timestamp => '2026-11-19T09:00:00Z', recipients => ['dan@example.net'],
	smtpResponse => '250 2.0.0 ok'}});
is(last_of('dan@example.net'), 'success delivered yes relay', 'a delivery');
is(taken('ses', {eventType => 'Open', mail => \%mail, open => {}}), '0 0',
	'what says nothing about delivery is passed over');

my @grid = map { {email => "g$_->[0]\@example.net", timestamp => 1795075200,
	event => $_->[1], sg_event_id => "id-$_->[0]",
	'smtp-id' => "<g$_->[0]\@example.org>", reason => $_->[2],
	category => ['spring', 'x']} } (
	[1, 'bounce', '550 5.1.1 The account does not exist'],
	[2, 'dropped', 'Bounced Address'], [3, 'spamreport', ''],
	[4, 'deferred', '451 4.7.1 try later'], [5, 'delivered', ''],
	[6, 'open', '']);
is(taken('sendgrid', \@grid), '5 0', 'many at once');
is(last_of('g1@example.net'), 'bounce user_unknown yes relay', 'a bounce');
is(last_of('g2@example.net'), 'bounce esp_suppressed yes relay', 'dropped');
is(last_of('g3@example.net'), 'complaint complaint yes relay', 'spam');
is((split / /, last_of('g4@example.net'))[1], 'delayed', 'deferred');
is((split / /, last_of('g5@example.net'))[1], 'delivered', 'delivered');
is(taken('sendgrid', [$grid[2], $grid[0]]), '2 2',
	'in another order they are known');
($show) = $d->ctl_json('show', '--now', $now, 'g1@example.net');
is($show->{history}[0]{campaign}, 'spring', 'the category is the campaign');

sub mailgun {
	my ($id, $who, %more) = @_;
	return {signature => {}, 'event-data' => {event => 'failed', id => $id,
		severity => 'permanent', timestamp => 1795075200.5,
		recipient => $who, message => {headers => {
			'message-id' => "$id\@example.org",
			from => 'News <news@example.org>'}}, %more}};
}
taken('mailgun', mailgun('m1', 'm1@example.net', 'delivery-status' => {
	code => 550, 'enhanced-code' => '5.2.2', message => 'mailbox full'}));
is(last_of('m1@example.net'), 'bounce mailbox_full yes relay', 'a bounce');
taken('mailgun', mailgun('m2', 'm2@example.net', reason => 'suppress-bounce',
	'delivery-status' => {code => 605, message => 'Not delivering'}));
is((split / /, last_of('m2@example.net'))[1], 'esp_suppressed', 'not tried');
taken('mailgun', mailgun('m3', 'm3@example.net', severity => 'temporary',
	'delivery-status' => {code => 450, message => 'later'}));
is((split / /, last_of('m3@example.net'))[1], 'delayed', 'put off');
taken('mailgun', mailgun('m4', 'm4@example.net', event => 'complained'));
is((split / /, last_of('m4@example.net'))[1], 'complaint', 'a complaint');

sub postmark {
	my ($id, $type, %more) = @_;
	return {RecordType => 'Bounce', ID => $id, Type => $type, TypeCode => 1,
		MessageID => "pm-$id", Email => "p$id\@example.net",
		From => 'news@example.org', Details =>
			'smtp;550 5.1.1 user unknown',
		BouncedAt => '2026-11-19T10:00:00.123-05:00', %more};
}
taken('postmark', postmark(1, 'HardBounce'));
is(last_of('p1@example.net'), 'bounce user_unknown yes relay', 'a bounce');
taken('postmark', postmark(2, 'AutoResponder'));
is((split / /, last_of('p2@example.net'))[1], 'auto_reply', 'a machine');
taken('postmark', postmark(3, 'SpamComplaint', RecordType => 'SpamComplaint'));
is((split / /, last_of('p3@example.net'))[1], 'complaint', 'a complaint');
is(taken('postmark', postmark(4, 'Unsubscribe')), '0 0', 'and no failure');

my @spark = map { {msys => {message_event => {type => $_->[1],
	event_id => "s$_->[0]", rcpt_to => "s$_->[0]\@example.net",
	timestamp => '1795075200', message_id => "x$_->[0]",
	friendly_from => 'news@example.org', %{$_->[2]}}}} } (
	[1, 'bounce', {raw_reason => '550 5.1.1 no such user', error_code =>
			'550'}],
	[2, 'out_of_band', {raw_reason => 'mailbox full', error_code => '552'}],
	[3, 'spam_complaint', {fbtype => 'abuse'}], [4, 'injection', {}]);
is(taken('sparkpost', [@spark, {msys => {track_event => {}}}]), '3 0',
	'many at once');
is(last_of('s1@example.net'), 'bounce user_unknown yes relay', 'a bounce');
is((split / /, last_of('s2@example.net'))[1], 'mailbox_full', 'a late one');
is((split / /, last_of('s3@example.net'))[1], 'complaint', 'a complaint');


# What KumoMTA logs of its own sessions, as its hooks post it and its files have
# it. Names are ours, the shape is that of its manual.
sub kumo {
	my ($n, $type, $response, %more) = @_;
	return {type => $type, id => "k$n", sender => 'news@example.org',
		recipient => "k$n\@example.net", queue => 'spring:garden@example.net',
		site => 'mx.example.net', size => 900, response => $response,
		peer_address => {name => 'mx.example.net.', addr => '192.0.2.9'},
		timestamp => 1795075200 + $n, created => 1795075100, num_attempts => 0,
		bounce_classification => 'Uncategorized', feedback_report => undef,
		meta => {}, headers => {}, reception_protocol => 'ESMTP', %more};
}
sub said {
	my ($code, $enhanced, $content, $command) = @_;
	my %status;
	@status{qw(class subject detail)} = map { $_ + 0 } split(/\./, $enhanced);
	return {code => $code, enhanced_code => $enhanced ? \%status : undef,
		content => $content, command => $command};
}
my @kumo = (
	kumo(1, 'Bounce', said(550, '5.1.1', 'no such user', 'RCPT TO:<k1@example.net>')),
	kumo(2, 'TransientFailure', said(450, '4.2.1', 'try later', 'RCPT TO')),
	kumo(3, 'Delivery', said(250, '2.0.0', 'queued', '.')),
	kumo(4, 'Bounce', said(550, '', 'User unknown', '.')),
	kumo(5, 'Reception', said(250, '', 'OK', '.')),
	kumo(6, 'Delivery', said(200, '', 'posted', ''), reception_protocol => 'LogRecord'),
	kumo(7, 'Bounce', said(550, '5.7.1', 'blocked, listed by dnsbl.example.com',
		'MAIL FROM'), recipient => ['k7@example.net', 'k8@example.net']),
	kumo(9, 'Feedback', said(200, '', '', ''), recipient => 'fbl@example.org',
		feedback_report => {feedback_type => 'abuse', version => 1,
		original_rcpto_to => ['<k9@example.net>']}),
	kumo(10, 'Expiration', said(451, '4.4.7', 'expired; last was: mailbox full',
		'RCPT TO')));
is(taken('kumomta', join("\n", map { JSON::PP->new->canonical->encode($_) } @kumo)),
	'7 0', 'records, one a line');
is(last_of('k1@example.net'), 'bounce user_unknown yes relay', 'a bounce');
my ($k1) = $d->ctl_json('bounces', '--address', 'k1@example.net');
is(join(' ', @$k1{qw(stage remote campaign status reply)}),
	'rcpt mx.example.net spring 5.1.1 550', 'where, by whom and about what');
is((split / /, last_of('k2@example.net'))[0], 'delay', 'one that is tried again');
is((split / /, last_of('k3@example.net'))[0], 'success', 'a delivery');
isnt((split / /, last_of('k4@example.net'))[1], 'user_unknown',
	'what is said after the data is of no user');
is(last_of('k6@example.net'), '', 'what a hook delivers is no mail');
is((split / /, last_of($_))[1], 'ip_blocked', "one of two: $_")
	for qw(k7@example.net k8@example.net);
is((split / /, last_of('k9@example.net'))[1], 'complaint', 'a complaint');
is((split / /, last_of('k10@example.net'))[0], 'bounce', 'one that was given up');
is(taken('kumomta', \@kumo), '7 7', 'in an array they are the same');
is((ingest('kumomta', "{\"type\": \"Reception\"}\n{\"type\": \n"))[0], 65,
	'half a line');
my $blank = join("\n", '', ' ', map { JSON::PP->new->encode(kumo($_, 'Delivery',
	said(250, '2.0.0', 'queued', '.'))) } 11, 12);
is(taken('kumomta', $blank), '2 0', 'lines with nothing in them are none');
like((ingest('kumomta', "$blank\n\n{\"hello\": 1}\n"))[1], qr/line 6: not an event/,
	'which line is none of theirs is told');

# What a program of one's own heard in its session.
my %heard = (address => 'y1@example.net', reply => '550 5.1.1 no such user',
	stage => 'rcpt', remote => 'mx.example.net', at => 1795075200,
	message_id => '<y1@example.org>', from => 'news@example.org',
	campaign => 'autumn', id => 'y-1');
is(taken('smtp', \%heard), '1 0', 'a refusal that a program heard');
is(last_of('y1@example.net'), 'bounce user_unknown yes relay',
	'is judged as a report would be');
my ($y1) = $d->ctl_json('bounces', '--address', 'y1@example.net');
is(join(' ', @$y1{qw(stage remote campaign message_id at)}),
	'rcpt mx.example.net autumn y1@example.org 1795075200', 'with all that it told');
is(taken('smtp', {%heard, at => 1795075201}), '1 1', 'told again: once by its id');
is(taken('smtp', {address => 'y2@example.net', reply => '452 4.2.2 full',
	at => 1795075201}), '1 0',
	'address and reply are enough');
is((split / /, last_of('y2@example.net'))[0], 'delay', '... which will be tried again');
taken('smtp', {address => 'y2@example.net', reply => '452 4.2.2 full',
	at => 1795075202, given_up => JSON::PP::true});
is((split / /, last_of('y2@example.net'))[1], 'mailbox_full', '... and then not');
is((ingest('smtp', {address => 'y3@example.net', reply => 'no'}))[0], 65,
	'without a code it is no reply');
is(taken('smtp', {%heard, id => 'y-4', address => 'y4@example.net', stage => 'RCPT',
	at => '2026-11-19T09:20:00Z'}), '1 0', 'a stage in capitals');
($y1) = $d->ctl_json('bounces', '--address', 'y4@example.net');
is("$y1->{stage} $y1->{at}", 'rcpt ' . Dsnd::epoch('2026-11-19 09:20:00'),
	'... is one, and a time may be written out');
# What a program got wrong is told to whom it belongs, and nothing is taken.
for my $wrong ([address => 'nobody'], [reply => 550], [stage => 'rcptt'], [stage => 7],
	[at => 'yesterday'], [at => 1795075200000], [given_up => 'yes'],
	[campaign => 2026]) {
	my ($key, $value) = @$wrong;
	my ($status, $text) = ingest('smtp', {%heard, id => 'y-5',
			address => 'y5@example.net', $key => $value});
	is($status, 65, "$key: $value");
	like($text, qr/not an event of smtp: .*"$key".* is /, '... is told');
}
is(last_of('y5@example.net'), '', '... and nothing was taken');
is(taken('smtp', {address => 'y6@example.net', reply => '550 no', stage => undef,
	at => undef, given_up => undef}), '1 0', 'null says nothing');

is((ingest($_, '{"a": ['))[0], 65, "$_: no JSON cannot be taken")
	for qw(ses sendgrid mailgun postmark sparkpost kumomta smtp);
is((ingest($_, {hello => 'world'}))[0], 65, "$_: nor another's event")
	for qw(ses sendgrid mailgun postmark sparkpost kumomta smtp);
is((ingest('sendgrid', [$grid[0], {}, $grid[1]]))[0], 65,
	'one bad event among others');
is((ingest('sendgrid', '[' x 100_000))[0], 65, 'deep nesting is refused');
is((ingest('nobody', '{}'))[0], 75, 'a provider that there is not');
is(taken('sendgrid', [{email => 'nobody', event => 'bounce', timestamp => 'x',
	sg_event_id => ['y'], reason => {}}]), '1 0', 'odd types harm nobody');
ok(!$d->suppressed('z@example.net', $now), 'nothing else has happened');

# What strangers' servers say is in the events: it may not lose the others.
my $spoilt = 0;
for my $odd ('no\u0000thing', 'cut in a smiley \ud83d', '\udc00',
	"8-bit \xff\xe9") {
	my $id = 'odd' . ++$spoilt;
	my $event = '{"email":"%s@example.net","event":"bounce","timestamp":' .
		'1795075200,"sg_event_id":"%s","reason":"550 5.1.1 ' .
		'no such user %s"}';
	is(taken('sendgrid', '[' . join(',', sprintf($event, $id, $id, $odd),
		sprintf($event, "$id-next", "$id-next", '')) . ']'), '2 0',
		"two events, of which one holds what JSON may not: $spoilt");
	is((split / /, last_of("$_\@example.net"))[1], 'user_unknown', $_)
		for $id, "$id-next";
}
is(taken('sendgrid', '[{"email":"big@example.net","event":"bounce",' .
	'"timestamp":1795075200,"sg_event_id":"big","reason":"550 5.1.1 no ' .
	'such user","customer":123456789012345678901234567890}]'), '1 0',
	'a number of theirs that is too big for us');
is((split / /, last_of('big@example.net'))[1], 'user_unknown', 'is no matter');
is(taken('sendgrid', [{event => 'account_status_change', sg_event_id => 'a',
	timestamp => 1795075200}, {%{$grid[0]}, email => 'h1@example.net',
	sg_event_id => 'h1'}]), '1 0', 'what is about no address is passed over');
taken('mailgun', mailgun('m5', 'm5@example.net', 'delivery-status' => {
	code => 550, 'enhanced-code' => '5.1.1',
	message => '5.1.1 no such user'}));
($show) = $d->ctl_json('show', '--now', $now, 'm5@example.net');
is($show->{history}[0]{reply}, 550, 'the code, where the text lacks it');
taken('ses', {%$bounce, bounce => {%{$bounce->{bounce}}, feedbackId => 'f-9',
	bouncedRecipients => [{emailAddress => 'kay@example.net',
	diagnosticCode => '550 no; user unknown'}]}});
($show) = $d->ctl_json('show', '--now', $now, 'kay@example.net');
is($show->{history}[0]{reply}, 550, 'a semicolon within the words');
taken('ses', {%$bounce, bounce => {%{$bounce->{bounce}}, feedbackId => 'f-10',
	bounceSubType => 'NoEmail', bouncedRecipients =>
		[{emailAddress => 'lea@example.net'}]}});
is((split / /, last_of('lea@example.net'))[1], 'user_unknown',
	'no words, but SES knows');
# What each event says is kept, and nothing of the one before it.
sub first_of {
	my ($address) = @_;
	my ($first) = $d->ctl_json('bounces', '--address', $address);
	return $first // {};
}
my $late = {%{$grid[0]}, email => 'n2@example.net', sg_event_id => 'n2'};
delete $late->{timestamp};
is(taken('sendgrid', [{%{$grid[0]}, email => 'n1@example.net', sg_event_id => 'n1'},
	$late, {%$late, email => 'n3@example.net', sg_event_id => 'n3',
	timestamp => 'soon'}]), '3 0', 'events of which two tell no time');
is(first_of('n1@example.net')->{at}, 1795075200, 'one has its own');
is(first_of($_)->{at}, Dsnd::epoch('2026-11-20 12:00:00'), "the others ours: $_")
	for qw(n2@example.net n3@example.net);
delete $late->{email};
is((ingest('sendgrid', [$late]))[0], 65, 'a bounce of nobody cannot be taken');
is(taken('mailgun', mailgun('m6', 'm6@example.net', event => 'opened')), '0 0',
	'what says nothing about delivery is passed over');
taken('mailgun', mailgun('m7', 'm7@example.net', 'delivery-status' => {
	code => 552, 'enhanced-code' => '5.2.2', message => 'no room'}));
is(join(' ', @{first_of('m7@example.net')}{qw(reply status diagnostic)}),
	'552 5.2.2 552 5.2.2 no room', 'codes that stand beside the words');
is(first_of('s2@example.net')->{reply}, 552, '... of another provider, too');
is(first_of('ann@example.net')->{diagnostic}, '550 5.1.1 no such user',
	'the type of a diagnostic is none of its words');
taken('ses', {%$bounce, bounce => {%{$bounce->{bounce}}, feedbackId => 'f-11',
	reportingMTA => 'dns;a2.smtp.example.com', bouncedRecipients => [{
	emailAddress => 'mia@example.net',
	diagnosticCode => 'smtp; 550 relaying denied'}]}});
is(first_of('mia@example.net')->{reporter}, 'a2.smtp.example.com',
	'a host, not its type');
is(first_of('mia@example.net')->{class}, 'soft',
	"what the recipient's host says is not what our own would say");
my $unsure = complaint('f-12', 'noa@example.net');
$unsure->{complaint}{complaintFeedbackType} = 'not-spam';
taken('ses', $unsure);
taken('sparkpost', [{msys => {message_event => {
	%{$spark[2]{msys}{message_event}}, event_id => 's9',
	rcpt_to => 's9@example.net', fbtype => 'not-spam'}}}]);
ok(!$d->suppressed($_, $now), "who takes it back has not complained: $_")
	for qw(noa@example.net s9@example.net);
my %fbl = (feedback_type => 'abuse', version => 1,
	original_rcpto_to => ['<f1@example.net>', '<f2@example.net>']);
is(taken('kumomta', [kumo(13, 'Feedback', said(200, '', '', ''),
	feedback_report => {%fbl}), kumo(14, 'Feedback', said(200, '', '', ''),
	feedback_report => {%fbl, supplemental_trace => {recipient =>
	'f3@example.net'}})]), '2 0', 'complaints about mail to several');
ok(!$d->suppressed($_, $now), "who may not have complained: $_")
	for qw(f1@example.net f2@example.net);
ok($d->suppressed('f3@example.net', $now), 'who has is named by a trace of ours');
is(taken('kumomta', [kumo(15, 'Bounce', said(550, '5.1.1', 'no such user', 'RCPT TO'),
	queue => 'garden@example.net')]), '1 0', 'a queue that is of no campaign');
is(first_of('k15@example.net')->{campaign}, '', '... but of a tenant');
is(taken('sendgrid', '[{"email":"joy@example.net","event":"bounce","timestamp":' .
	'1795075200,"sg_event_id":"joy","reason":"550 5.1.1 \\ud83d\\ude00 or \\ud83d"}]'),
	'1 0', 'half a character beside a whole one');
is(first_of('joy@example.net')->{diagnostic},
	"550 5.1.1 \x{1f600} or \x{fffd}", 'the whole one is kept');
done_testing();
