#!/usr/bin/perl
# Postfix's policy protocol on a pipe: one answer a request, however the
# requests arrive, and nothing but answers on the connection.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use IPC::Open3;
use Symbol qw(gensym);
use Test::More;

my $d = Dsnd->new;
$d->deliver(Dsnd::dsn(to => 'rosa@example.net', status => '5.1.1',
		diagnostic => '550 5.1.1 user unknown'),
	at => Dsnd::epoch('2026-11-02 10:00:00'));
$d->once('2026-11-02T11:00:00Z');

sub request {
	my ($to, @more) = @_;
	return join("\n", 'request=smtpd_access_policy', 'protocol_state=RCPT',
		'sender=news@lists.example.org', "recipient=$to", @more, '', '');
}

# (exit status, answers, standard error); a text is written, an array in parts.
# It is asked on the day of the bounce, which nothing proves: it ends.
sub policy {
	my ($input, @options) = @_;
	my $err = gensym;
	my $pid = open3(my $in, my $out, $err, "$Dsnd::build/dsnctl", 'policy',
		'-c', $d->config, '--now', '2026-11-02T12:00:00Z', @options);
	local $SIG{PIPE} = 'IGNORE';
	$in->autoflush(1);
	my $got = '';
	for my $part (ref $input ? @$input : $input) {
		print $in $part;
		# The answer has to come before the next request is sent.
		$got .= <$out> . <$out> if ref $input && $part =~ /\n\n$/;
	}
	close($in);
	local $/ = undef;
	$got .= <$out> // '';
	my $told = <$err> // '';
	waitpid($pid, 0);
	return ($? >> 8, $got, $told);
}

my $no = "action=550 5.1.1 suppressed by dsnd: user_unknown since 2026-11-02\n\n";
my $yes = "action=DUNNO\n\n";
my ($rosa, $lea) = map { request($_) } 'rosa@example.net', 'lea@example.net';

is_deeply([policy($rosa)], [0, $no, ''], 'a suppressed address is refused');
is_deeply([policy($lea)], [0, $yes, ''], 'another is not');
is_deeply([policy($rosa . $lea . $rosa)], [0, "$no$yes$no", ''],
	'three requests at once get three answers');
is_deeply([policy([map { ($_ =~ /^(.{40})(.*)$/s) } $lea, $rosa])],
	[0, "$yes$no", ''], 'a request may arrive in pieces');
is_deeply([policy($rosa =~ s/\n\z//r)], [0, '', ''],
	'half a request gets no answer');
is_deeply([policy('')], [0, '', ''], 'no request, no answer');
for my $odd ('', 'postmaster', 'a@b@c', '"', "caf\xc3\xa9\@example.net",
	"\xff\@example.net", 'x' x 5000 . '@example.net') {
	is_deeply([policy(request($odd))], [0, $yes, ''],
		'no address: ' . substr($odd, 0, 20));
}
is((policy(request('lea@example.net', 'x=' . 'y' x 60000)))[1], $yes,
	'a long request is read');
my ($status, $text, $told) = policy('x' x 100_000);
is($status, 3, 'one without end is not');
is($text, '', '... and gets no answer');
like($told, qr/a request is over 65536 bytes/, '... and the log says so');

is((policy($rosa, '--refuse=defer'))[1],
	"action=450 4.7.1 suppressed by dsnd: user_unknown since 2026-11-02\n\n",
	'--refuse=defer');
like((policy($rosa, "--refuse=$_"))[1], qr/^action=\U$_\E suppressed by dsnd/,
	"--refuse=$_") for qw(hold discard);

rename($d->database, $d->database . '.away') or die $!;
($status, $text, $told) = policy($rosa . $rosa . $lea);
is($text, $yes x 3, 'without a database every mail passes');
is($status, 0, '... and it goes on answering');
is(($told =~ tr/\n//), 1, '... and complains once');
like($told, qr/there is none.*answering dunno$/, '... and says why');
like((policy($lea, '--on-error=defer'))[1], qr/^action=DEFER_IF_PERMIT 4\.3\.5 /,
	'--on-error=defer puts it off');
like((policy($lea, '--on-error=hold'))[1], qr/^action=HOLD /,
	'--on-error=hold holds it');

# What the far end gets when nothing else is there to write to.
my $pid = open3(my $in, my $out, undef, "$Dsnd::build/dsnctl", 'policy', '-c',
	$d->config);
print $in $rosa;
close($in);
{ local $/ = undef; $text = <$out>; }
waitpid($pid, 0);
is($text, $yes, 'where standard error is the connection, it has answers only');
done_testing;
