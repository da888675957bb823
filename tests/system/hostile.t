#!/usr/bin/perl
# Messages that kill a MIME parser lie between honest ones: each yields one
# record, none is lost, no neighbour is harmed. Ours are made here; those of
# the shared corpora are added where they are present.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $now = '2026-11-20T12:00:00Z';
my $at  = Dsnd::epoch('2026-11-20 11:00:00');

sub report_with {
	my ($top, $body) = @_;
	return "From: a\@example.net\nSubject: x\nMIME-Version: 1.0\n$top\n\n$body";
}

sub nested {
	my ($depth) = @_;
	my $text = "From: a\@example.net\n";
	$text .= "Content-Type: multipart/mixed; boundary=\"b$_\"\n\n--b$_\n"
		for 1 .. $depth;
	return $text . "Content-Type: text/plain\n\nend\n";
}

my %hostile = (
	'quoted-boundary' => report_with(
		'Content-Type: multipart/report; boundary="\\""', "--x\n"),
	'comments-date' => "From: a\@example.net\nDate: " . '(' x 150_000 .
		"\n\nx\n",
	'comments-type' => "From: a\@example.net\nContent-Type: " .
		'(' x 150_000 . "\n\nx\n",
	'rfc822-nesting' => "From: a\@example.net\n" .
		"Content-Type: message/rfc822\n\n" x 28_000 . "x\n",
	'multipart-nesting' => nested(9_000),
	'open-quote' => "From: a\@example.net\nTo: \"" . 'x' x 500_000 . "\n\nx\n",
	'qp-end' => report_with("Content-Transfer-Encoding: quoted-printable\n" .
		'Content-Type: text/plain', 'x=4'),
	'no-newline' => 'From: a@example.net',
	'nothing' => '',
	'nul' => "From: a\@example.net\0\nSubject: \0\n\n\0\0\0",
	# Of another domain and relay, lest the guards hold the neighbours too.
	'many-recipients' => Dsnd::dsn(to => 'many@example.com',
		status => '5.1.1', mid => 'many', extra => join("\n", map {
			"\nFinal-Recipient: rfc822; r$_\@example.com\n" .
				"Action: failed\nStatus: 5.1.1" } 1 .. 6000))
		=~ s/relay\.example\.org/relay.example.com/gr,
);
my $shared = "$Dsnd::top/../shared/corpora/hostile";
for my $path (glob("$shared/*.eml")) {
	open(my $f, '<:raw', $path) or die "$path: $!";
	local $/ = undef;
	$hostile{'shared-' . $path =~ s{.*/}{}r} = <$f>;
}
note("no $shared: its messages are not tried") unless -d $shared;

my $d = Dsnd->new;
my $n = 0;
for my $name (sort keys %hostile) {
	$d->deliver(Dsnd::dsn(to => "before$n\@example.net", status => '5.1.1',
		mid => "before$n", diagnostic => '550 5.1.1 no such user'),
		at => $at - 3600 * $n, name => sprintf('%03d-a', $n));
	# Weeks before: thousands of failures in one hour would have the guard
	# hold its neighbours, and rightly so.
	$d->deliver($hostile{$name}, at => $at - 30 * 86400 - 3600 * $n,
		name => sprintf('%03d-b-%s', $n, $name));
	$n++;
}
$d->once($now);

my ($status) = $d->ctl_json('status', '--now', $now);
is($status->{messages}, 2 * $n, 'every message has one record');
ok($d->suppressed("before$_\@example.net", $now), "neighbour $_ is judged")
	for 0 .. $n - 1;
my @left = glob($d->home . '/bounces/new/* ' . $d->home . '/bounces/cur/*');
is(scalar @left, 0, 'the mailbox is empty');
my @kept = map { glob($d->home . "/bounces/.$_/cur/*") }
	qw(Processed Unrecognised);
is(scalar @kept, 2 * $n, 'and every file is in a folder');
for my $name (sort keys %hostile) {
	is(scalar(grep { /-b-\Q$name\E(:|$)/ } @kept), 1, "$name was kept");
}
my $dump = $d->dump($now);
$d->once($now);
is($d->dump($now), $dump, 'a second run changes nothing');

# Honest reports, and so much behind them that whoever looks at all of it again
# for each line takes long. It is the processor's time that counts, as others
# may want the processor too.
$d->configure(extra => 'parser = { deadline = "1m"; };');
sub worked {
	my (undef, undef, $user, $system) = times;
	return $user + $system;
}
my $page = "<p>Delivery has failed to these recipients:</p>\n" .
	'long@example.net<br>550 5.1.1 no such user<p>x';
my $words = "The following address had delivery errors:\n\n" .
	"long\@example.net\n    the 4 or 5 words of a host\n\n";
my %long = (
	'line ends of a page' => ['html', $page . " \n" x 500_000],
	'carriage returns'    => ['html', $page . " \r" x 500_000],
	'names of others' => ['plain', $words .
			"please write to x\@other.example and ask\n\n" x 25_000],
	'headers in one another' => ['plain', $words . "Subject: a\n" x 90_000],
	'headers behind one another' => ['plain', $words .
			"To: a\nSubject: a\nfoo\n" x 50_000],
);
for my $name (sort keys %long) {
	my ($type, $body) = @{ $long{$name} };
	my $file = $d->home . "/$type-" . length $body;
	open(my $f, '>:raw', $file) or die "$file: $!";
	print $f report_with("Content-Type: text/$type", $body)
		=~ s/^From: \Ka\@/postmaster\@/r;
	close $f or die "$file: $!";
	my $before = worked();
	my ($found) = $d->ctl_json('classify', '--now', $now, $file);
	is($found->{recipients}[0]{address}, 'long@example.net', "$name: read");
	cmp_ok(worked() - $before, '<', 5, '... in time');
}

done_testing();
