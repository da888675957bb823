#!/usr/bin/perl
# The whole circle: a real Postfix sends to servers that refuse for different
# reasons, its own bounces arrive in the Maildir, dsnd reads them, and at the
# next mailing Postfix refuses the dead addresses, and only those.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Internet;
use Mta;
use Test::More;

my $home = Mta::enter('postfix');
umask 0027;
my $d = Dsnd->new(extra => 'user = "dsnd"; log_level = "info";'
	. ' trust = { our_domains = [ "lists.example.org" ]; };',
	mailbox => 'poll = "1s";');
my $bin = Mta::programs($home);
Mta::give($d->home, $d->config);

my %known = map { ("$_.example" => '') } qw(good closed full grey filter);
my $last = 1;
$known{$_} = '127.0.0.' . ++$last for sort keys %known;
Internet::names($home, \%known);
Internet::server($known{'good.example'});
Internet::server($known{'closed.example'}, rcpt => sub {
	$_[0] =~ /^nobody/ ? "550 5.1.1 <$_[0]>: Recipient address rejected: User unknown"
		: undef;
});
Internet::server($known{'full.example'}, rcpt => sub {
	"552 5.2.2 <$_[0]>: the mailbox is over its quota";
});
Internet::server($known{'grey.example'}, rcpt => sub {
	'450 4.7.1 Greylisted, please try again in 300 seconds';
});
Internet::server($known{'filter.example'}, data => sub {
	'554 5.7.1 Message rejected as spam';
});

my $config = $d->config;
my $master = Mta::slurp("$Dsnd::top/contrib/postfix/master.cf")
	=~ s{/usr/local/bin/dsnctl policy}{$bin/dsnctl policy -c $config}r;
my $postfix = Mta::postfix($home,
	Mta::slurp("$Dsnd::top/contrib/postfix/main.cf") . <<"END",
smtpd_recipient_restrictions = \$dsnd_policy
virtual_mailbox_domains = lists.example.org
virtual_mailbox_maps = inline:{news\@lists.example.org=bounces/}
virtual_mailbox_base = @{[$d->home]}
virtual_uid_maps = static:@{[Mta::id('dsnd')]}
virtual_gid_maps = static:@{[Mta::id('dsnd')]}
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
maximal_queue_lifetime = 5s
smtp_destination_concurrency_limit = 2
END
	"127.0.0.1:2525 inet n - n - - smtpd\n" . $master);
ok(Mta::answers(2525), 'Postfix runs') or diag(Mta::slurp("$home/maillog"));
my $dsnd = Mta::background($d->home . '/log', "$bin/dsnd", '-c', $config,
	'--foreground');

my %want = (
	'rosa@good.example' => '',
	'lea@closed.example' => '',
	'nobody@closed.example' => 'user_unknown',
	'ivo@full.example' => 'mailbox_full',
	# Greylisting that is over has failed: it counts as any soft failure.
	'gret@grey.example' => 'expired',
	'fil@filter.example' => 'spam_content',
	'dora@gone.example' => 'domain_unknown',
);
my @all = sort keys %want;
is(Mta::send_mail(2525, $_, "one-$_" =~ tr/@/-/r) =~ /^250/, 1,
	"the first mailing to $_ is taken") for @all;

my $log = sub { Mta::slurp($d->home . '/log') };
ok(Mta::until_true(sub { (() = $log->() =~ /kind=bounce/g) >= 5 }),
	'five bounces of Postfix are read')
	or diag($log->(), Mta::slurp("$home/maillog"));
for my $to (grep { $want{$_} ne '' } @all) {
	my ($shown) = $d->ctl_json('show', $to);
	my $e = $shown->{history}[0];
	is($e->{reason}, $want{$to}, "$to: $want{$to}")
		or diag($e->{diagnostic});
	is($e->{evidence}, 'relay', '... by what our own relay says');
}

my %said = map { $_ => Mta::send_mail(2525, $_, "two-$_" =~ tr/@/-/r) } @all;
my @refused = grep { $said{$_} !~ /^250/ } @all;
is_deeply(\@refused, ['dora@gone.example', 'nobody@closed.example'],
	'the second mailing is refused for the dead ones, and for no other');
like($said{'nobody@closed.example'},
	qr/^550 5\.1\.1 .*suppressed by dsnd: user_unknown since/, '... with why');

# And after its bounces nobody else has become dead of it.
ok(Mta::until_true(sub { (() = $log->() =~ /kind=bounce/g) >= 8 }),
	'the bounces of the second mailing are read');
is(($d->ctl('check', $_))[0], 0, "$_ may still be mailed")
	for grep { my $a = $_; !grep { $_ eq $a } @refused } @all;
Mta::end($dsnd);
Mta::end($postfix);
done_testing;
