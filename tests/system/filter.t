#!/usr/bin/perl
# A list of addresses goes in, those that may be mailed come out, each line as
# it was; what is suppressed can be taken away as CSV, JSON or plain text.
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

sub decide {
	my ($verb, @args) = @_;
	my ($status) = $d->ctl($verb, '--now', $now, '--reason', 'x', @args);
	die "$verb @args: exit $status" if $status != 0;
	return;
}

# Exit status, output and errors of filter, given lines.
sub filter {
	my ($lines, @args) = @_;
	open(my $f, '>:raw', $d->home . '/list') or die $!;
	print $f $lines;
	close($f) or die $!;
	my ($status, $text) = $d->run('sh', '-c', 'exec "$@" <"$0" 2>"$0.err"',
		$d->home . '/list', "$Dsnd::build/dsnctl", 'filter', '-c',
		$d->config, '--now', $now, @args);
	open($f, '<', $d->home . '/list.err') or die $!;
	local $/ = undef;
	return ($status, $text, <$f> // '');
}

decide('suppress', 'ann@example.net', '@example.org');
decide('suppress', 'ben@example.net', '--stream', 'ads');
decide('suppress', '--for', '30d', 'cat@example.net');
unlike(($d->ctl('show', 'cat@example.net'))[1], qr/failures/,
	'what a person decided counts no failures');
like(($d->ctl('list', '--now', $now, '--source', 'operator'))[1],
	qr/^cat\@example\.net\t-\toperator\t-\t/m, 'nor has it a reason: -');
decide('allow', 'dan@example.org');

my ($status, $text, $said) = filter("ann\@example.net\nAda\@Example.NET\r\n" .
	"\nnobody\nx\@example.org\ndan\@example.org\n");
is($status, 0, 'it succeeds whatever is left');
is($text, "Ada\@Example.NET\ndan\@example.org\n", 'those that may be mailed');
like($said, qr/no addresses: 1 lines, the first is line 4$/, 'what is none');
(undef, $text, $said) = filter("name;email\nAda;ada\@example.net\n");
is("$text$said", 'dsnctl: left out, being no addresses: 2 lines, the first is ' .
	"line 1; for a CSV, name its --column\n", 'a CSV that was taken for a list');
is((filter("ann\@EXAMPLE.net\nada\@example.net\nx\@example.org\n",
	'--suppressed'))[1], "ann\@EXAMPLE.net\nx\@example.org\n",
	'the others');
is((filter("ben\@example.net\nada\@example.net\n", '--stream', 'news'))[1],
	"ben\@example.net\nada\@example.net\n", 'in one stream');
is((filter("ben\@example.net\nada\@example.net\n"))[1],
	"ada\@example.net\n", 'in any');
is((filter(''))[1], '', 'nothing of nothing');

my $table = "id;E-Mail;name\r\n1;ann\@example.net;Ann\r\n" .
	"2;ada\@example.net;\"Ada; the\nfirst\"\r\n3\r\n";
($status, $text, $said) = filter($table, '--column', 'e-mail');
is($text, "id;E-Mail;name\n2;ada\@example.net;\"Ada; the\nfirst\"\n",
	'a column by its name, the header stays');
like($said, qr/1 lines, the first is line 5/, 'a record without it');
is((filter("1,ann\@example.net\n2,ada\@example.net\n", '--column', 2))[1],
	"2,ada\@example.net\n", 'a column by its number, without a header');
is((filter("id,mail\n2,ada\@example.net\n", '--column', 2))[1],
	"id,mail\n2,ada\@example.net\n", 'and with one');
is((filter("id,2nd mail\n2,ada\@example.net\n", '--column', '2nd mail'))[1],
	"id,2nd mail\n2,ada\@example.net\n", 'a name that begins with a digit');
is((filter("id,mail\n2,ada\@example.net\n", '--column', 'mail', '--json'))[1],
	qq({"address":"ada\@example.net","line":"2,ada\@example.net"}\n),
	'an object a line');
($status, undef, $said) = filter($table, '--column', 'mail');
is($status, 3, 'a column that there is not');
like($said, qr/line 1: there is no column "mail"; there are "\w.*"$/,
	'... and those that there are');
is((filter($table, '--column', '99'))[0], 3, '... a number too high, too');
is((filter($table, '--column', '0'))[0], 3, '... or too low');
is((filter('', 'x'))[0], 2, 'an operand');
my $many = join('', map { "user$_\@example.com\n" } 1 .. 20_000);
is((filter($many . "ann\@example.net\n"))[1], $many, 'a long list');

is((($d->ctl('export', '--txt', '--now', $now))[1]),
	"\@example.org\nann\@example.net\nben\@example.net\ncat\@example.net\n",
	'plain: an address a line');
(undef, $text) = $d->ctl('export', '--csv', '--now', $now);
my @lines = split /\n/, $text;
is(shift @lines, 'address,written,scope,stream,class,reason,source,evidence,' .
	'hits,since,until,note', 'CSV begins with its columns');
is($lines[0], "'\@example.org,'\@example.org,domain,,,,operator,,1,$now,,x",
	'what looks like a formula is none');
like($lines[3], qr/,2026-12-20T12:00:00Z,x$/, 'times are times');
my @rows = map { decode_json($_) }
	split /\n/, ($d->ctl('export', '--json', '--now', $now))[1];
is(join(' ', map { $_->{address} } @rows),
	'@example.org ann@example.net ben@example.net cat@example.net', 'JSON');
is((($d->ctl('export', '--txt', '--domain', 'example.org', '--now', $now))[1]),
	"\@example.org\n", 'filtered as list filters');
# Who may not be mailed at all may not be mailed in a stream.
is((($d->ctl('export', '--txt', '--stream', $_->[0], '--now', $now))[1]),
	join('', map { "$_\n" } '@example.org', 'ann@example.net', @{$_->[1]},
		'cat@example.net'), "what holds for the stream $_->[0]")
	for ['ads', ['ben@example.net']], ['news', []];
is(($d->ctl('export', '--format', $_, '--now', $now))[1],
	($d->ctl('export', "--$_", '--now', $now))[1], "--format $_")
	for qw(csv json txt);
is(($d->ctl('export', @$_))[0], 2, "export @$_: wrong use")
	for [], ['--csv', '--txt'], ['--csv', 'x'], ['--format', 'xml'],
	['--format', 'csv', '--txt'], ['--txt', '--class', 'x'];
done_testing();
