#!/usr/bin/perl
# What the manual pages show can be typed as it stands: commands, rules,
# configuration and SQL; and what they show of an answer is what comes.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use File::Copy qw(copy);
use JSON::PP;
use Test::More;

my $now  = '2026-11-20T12:00:00Z';
my $rule = <<'END';
our-full-mailbox: { text = ["tray has run over"]; reason = "user_unknown";
  example = "550 5.1.1 The tray has run over"; };
END

# The displays of a page, unescaped: [where, text].
sub shown {
	my ($page) = @_;
	open(my $in, '<', "$Dsnd::top/man/$page") or die "$page: $!";
	my ($block, @shown);
	while (my $line = <$in>) {
		$line =~ s/\\(?:e|\(rs)/\\/g;
		$line =~ s/\\&//g;
		if ($line =~ /^\.Bd -literal/) { $block = '' }
		elsif ($line =~ /^\.Ed/ && defined $block) {
			push @shown, ["$page:$.", $block];
			undef $block;
		}
		elsif (defined $block) { $block .= $line }
		elsif ($line =~ /^\.Dl (.*\n)/) { push @shown, ["$page:$.", $1] }
	}
	return @shown;
}

sub file {
	my ($name, $text, $mode) = @_;
	open(my $out, '>', $name) or die "$name: $!";
	print $out $text;
	close($out) or die "$name: $!";
	chmod($mode // 0644, $name) or die $!;
	return $name;
}

my $d    = Dsnd->new;
my $home = $d->home;
$d->configure(extra => "log_level = \"info\"; rules_dir = \"$home/rules.d\"; " .
	'trust = { our_domains = [ "lists.example.org" ]; };');
mkdir "$home/$_" or die $! for qw(rules.d bin cwd backups);
file("$home/rules.d/our.conf", $rule);
file("$home/bin/$_", "#!/bin/sh\nexec cat >'$home/${_}ed'\n", 0755)
	for qw(mail mailman);
for my $program (qw(dsnctl dsnd)) {
	my $verb = $program eq 'dsnctl' ? 'verb=$1; shift' : 'verb=--foreground';
	file("$home/bin/$program", "#!/bin/sh\n$verb\nexec '$Dsnd::build/$program'" .
		" \"\$verb\" -c '" . $d->config . "' --now $now \"\$@\"\n", 0755);
}
file("$home/cwd/list.csv", "email,name\nvera\@example.net,V\nzoe\@example.org,Z\n");

# Mail that gives each command something to speak of.
my $unknown = '550 5.1.1 no such user here';
my %mail = (
	'rosa@example.net'  => [$unknown],
	'ann@example.com'   => [$unknown, campaign => 'spring'],
	'vera@example.net'  => ['550 5.1.1 The tray has run over; see rosa@example.net'],
	'held@example.net'  => [$unknown, extra => "\nFinal-Recipient: rfc822; " .
		"held2\@example.net\nAction: failed\nStatus: 5.1.1\n" .
		"Diagnostic-Code: smtp; $unknown"],
);
my ($shown_log) = map { $_->[1] =~ s/\n\s*/ /gr } grep { $_->[1] =~ /^message / }
	shown('dsnd.8');
my ($name) = $shown_log =~ /message=(\S+)/;
for my $to (sort keys %mail) {
	my ($said, @more) = @{$mail{$to}};
	my $message = Dsnd::dsn(to => $to, status => '5.1.1', mid => $to =~ s/@.*//r,
		diagnostic => $said, date => 'Fri, 20 Nov 2026 09:00:00 +0000', @more);
	$d->deliver($message, at => Dsnd::epoch('2026-11-20 11:00:00'),
		$to =~ /rosa/ ? (name => $name) : ());
	file("$home/cwd/$_.eml", $message) for $to =~ /rosa/ ? qw(bounce message) : ();
}
# A second send fails for her, too: she stays suppressed, as the views, which
# take no --now, will see.
$d->deliver(Dsnd::dsn(to => 'ann@example.com', status => '5.1.1', mid => 'ann2',
		diagnostic => $unknown, campaign => 'summer'),
	at => Dsnd::epoch('2026-11-20 11:30:00'));
$d->deliver(Dsnd::dsn(to => 'yan@example.org', status => '5.7.1',
		mid => "blocked-$_", diagnostic =>
			'554 5.7.1 Client host blocked using dnsbl.example.net'),
	at => Dsnd::epoch('2026-11-20 11:00:00')) for 1 .. 3;
my (undef, $log) = $d->drain($now);
my ($logged) = $log =~ /^dsnd: (message .*message=\Q$name\E .*)$/m;
is(($logged // $log) =~ s/ms=\d+/ms=3/r . ' ', $shown_log, 'dsnd.8: the log line');
my ($held) = $d->ctl_json('pending', '--now', $now);
my ($status) = $d->ctl('sent', '--now', $now, '--campaign', 'spring',
	'example.com=10');
is($status, 0, 'ten were sent');

# What cannot be run here: the service manager, and lines of other files.
my $other = qr{^(?:systemctl|journalctl|openssl) |^(?:bounces|dsnd-ingest) };
my $ran = 0;
chdir("$home/cwd") or die $!;
local $ENV{PATH} = "$home/bin:$ENV{PATH}";
for my $page (qw(dsnctl.1 dsnd-rules.5 dsnd.conf.5 dsnd.8 dsnd-database.7)) {
	for my $example (shown("$page")) {
		my ($where, $text) = @$example;
		next if $text =~ /^[a-z-]+: \{$/m;
		if ($text =~ /^SELECT /) {
			my ($failed, $rows) = $d->run('sqlite3', '-readonly', $d->database,
				$text);
			ok($failed == 0 && $rows ne '', "$where: rows") or diag($rows);
			next;
		}
		if ($text =~ /^\{"address": /) {
			file("$home/event.json", $text);
			my ($failed) = $d->run('sh', '-c', "dsnctl ingest --format smtp <'$home/event.json'");
			is($failed, 0, "$where: an event");
			next;
		}
		for my $line (split(/\n/, $text =~ s/ \|\n\s*/ | /gr)) {
			next unless $line =~ s/^(?:[\$#] |0 6 \* \* 1 )//;
			next if $line =~ $other;
			like($line, qr/^dsn(?:ctl|d) /, "$where: our own command");
			$line =~ s{4711}{$held->{id}};
			$line =~ s{/var/backups}{$home/backups};
			my ($failed, $said) = $d->run('sh', '-c', "{ $line; } 2>&1");
			is($failed, 0, "$where: $line") or diag($said);
			$ran++;
		}
	}
}
ok($ran > 12, "$ran commands were run");
is((-s 'mailable.csv') // 0, length("email,name\nzoe\@example.org,Z\n"),
	'the list has become one that may be mailed');
ok(-s "$home/mailed", 'the report was mailed');
open(my $gone, '<', "$home/mailmaned") or die $!;
my $dead = "ann\@example.com\nvera\@example.net\n";
is(join('', <$gone>), $dead, 'Mailman is given the dead');
open(my $csv, '<', 'blocklist.csv') or die $!;
is(join('', <$csv>), "email\n$dead", 'and listmonk a CSV');
my ($follow) = map { $_->[1] } grep { $_->[1] =~ /^mark=/ } shown('dsnctl.1');
unlink("$home/mailmaned") or die $!;
is(($d->run('sh', '-c', $follow))[0], 0, 'dsnctl.1: changes are followed');
(undef, $dead) = $d->run('dsnctl', 'export', '--txt', '--class', 'hard');
open($gone, '<', "$home/mailmaned") or die $!;
is(join('', sort <$gone>), $dead, '... by Mailman, too');
is(($d->run('sh', '-c', $follow))[0], 1, '... and are not given twice');

my ($fields) = map { $_->[1] } grep { $_->[1] =~ /^\{"file"/ } shown('dsnctl.1');
my ($promised) = decode_json($fields =~ s/\n//gr);
my ($answer) = $d->ctl_json('classify', 'message.eml');
is_deeply([sort keys %$answer], [sort keys %$promised], 'dsnctl.1: the fields');
is_deeply([sort keys %{$answer->{recipients}[0]}, 'final'],
	[sort keys %{$promised->{recipients}[0]}],
	'and those of a recipient; final is there where it is another');

my ($acme) = map { $_->[1] } grep { $_->[1] =~ /acme-moving/ } shown('dsnd-rules.5');
($status) = $d->run("$Dsnd::build/dsnctl", 'rules', 'test',
	file("$home/acme.conf", $acme));
is($status, 0, 'dsnd-rules.5: the rule is one');

my ($least, $wrong) = map { $_->[1] }
	grep { $_->[1] =~ /^mailboxes|^dsnd\.conf:/ } shown('dsnd.conf.5');
$least =~ s{/var/mail/bounces/Maildir}{$home/bounces};
file('least.conf', $least);
($status) = $d->run('sh', '-c', "'$Dsnd::build/dsnd' --check -c least.conf 2>&1");
# 3: the folder of the database, which it does not name, is not there.
ok($status == 0 || $status == 3, 'dsnd.conf.5: what a file needs is enough');
file('dsnd.conf', "\n" x 8 . 'policy = { soft = { window = "90"; }; };' . "\n");
(undef, my $said) = $d->run('sh', '-c', "'$Dsnd::build/dsnd' --check -c dsnd.conf 2>&1");
like($said =~ s/\s+/ /gr, qr/\Q@{[$wrong =~ s{\s+}{ }gr =~ s{ $}{}r]}\E/,
	'dsnd.conf.5: the complaint');
chdir($Dsnd::top) or die $!;

done_testing();
