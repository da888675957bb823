#!/usr/bin/perl
# New rules are applied to what is stored: afterwards the database is one that
# had them from the beginning.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $now  = '2026-11-20T12:00:00Z';
my @mail = Messages::many(150);

# A database fed with these rules of its own in force.
sub home_with {
	my ($rules) = @_;
	my $d = Dsnd->new;
	mkdir $d->home . '/rules.d' or die $!;
	rules($d, $rules);
	$d->deliver($_->[0], at => $_->[1]) for @mail;
	$d->once($now);
	return $d;
}

sub rules {
	my ($d, $rules) = @_;
	open(my $f, '>', $d->home . '/rules.d/10-own.conf') or die $!;
	print $f $rules;
	close($f) or die $!;
	$d->configure(extra => 'rules_dir = "' . $d->home . '/rules.d";');
	return;
}

# Which rules judged a fact that they do not concern may differ: the set's hash.
sub content {
	my ($d) = @_;
	my $text = $d->dump($now);
	$text =~ s/"[0-9a-f]{64}"/"rules"/g;
	return $text;
}

my $own = <<'END';
own-full: {
  text = ["mailbox full"];
  reason = "user_unknown";
  example = "552 5.2.2 mailbox full";
}
END
my $d   = home_with('');
my $new = home_with($own);
my $before = $d->dump($now);
isnt(content($d), content($new), 'the rule makes a difference');

my ($status, $text) = $d->ctl('reclassify', '--now', $now);
is($status, 1, 'under the same rules nothing differs');
like($text, qr/^would differ: 0 verdicts$/m, '... and that is said');
rules($d, $own);
my @rows = $d->ctl_json('reclassify', '--now', $now);
my $sum = pop @rows;
cmp_ok($sum->{verdicts}, '>', 20, 'under the new rule some differ');
is_deeply([sort keys %$sum], ['result', 'verdicts'],
	'of what is not known until it is applied nothing is said');
is(scalar(@rows), $sum->{verdicts}, 'each is listed');
is_deeply([@{$rows[0]}{qw(before after rule_after)}],
	['mailbox_full', 'user_unknown', 'own-full'],
	'with reason and rule before and after');
is($d->dump($now), $before, 'nothing is changed by looking');
# What it would do to addresses is tried on a copy, as the manual says.
my $copy = $d->home . '/try.db';
$d->ctl('backup', $copy);
(undef, my $tried) = $d->ctl('reclassify', '--db', $copy, '--apply', '--now',
	$now);
is($d->dump($now), $before, 'a copy is another database');
($status, $text) = $d->ctl('reclassify', '--apply', '--now', $now);
is($text, $tried, 'it told what would be');
is($status, 0, 'it is applied');
like($text, qr/^judged again: $sum->{verdicts} verdicts/m, 'all of it');
is(content($d), content($new),
	'the database is one that had the rule from the beginning');
($status) = $d->ctl('reclassify', '--now', $now);
is($status, 1, 'nothing differs any more');
my $kept = qx(sqlite3 @{[$d->database]} "SELECT count(*) FROM judgement
	WHERE current = 0 AND reason = 'mailbox_full'");
is($kept + 0, $sum->{verdicts}, 'what was judged before is kept');
rules($d, '');
($status) = $d->ctl('reclassify', '--apply', '--now', $now);
is($d->dump($now), $before, 'and the way back leads where it began');

done_testing();
