#!/usr/bin/perl
# The rules can be listed and shown, and those of an operator tried before they
# judge mail.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

my $d   = Dsnd->new;
my $dir = $d->home . '/rules.d';
mkdir $dir or die $!;
$d->configure(extra => "rules_dir = \"$dir\";");

sub rule_file {
	my ($name, $text) = @_;
	open(my $f, '>', "$dir/$name") or die $!;
	print $f $text;
	close($f) or die $!;
	return "$dir/$name";
}

# Exit status and all that was printed.
sub rules {
	my (@args) = @_;
	return $d->run('sh', '-c', 'exec "$@" 2>&1', 'sh',
		"$Dsnd::build/dsnctl", 'rules', @args, '-c', $d->config);
}

my @all = $d->ctl_json('rules', 'list');
cmp_ok(scalar @all, '>', 100, 'there are rules');
is(scalar(grep { $_->{operator} } @all), 0, 'all of them ours');
my ($status, $text) = rules('test');
is($status, 0, 'each decides its own examples');
like($text, qr/^\d+ rules, 0 wrong$/, 'and it says so');
($status, $text) = rules('show', 'code-x-7-1');
is($status, 0, 'one is shown');
like($text, qr/^code-x-7-1: policy, by its weak code$/m, 'what it looks at');
like($text, qr/^ +code +\*\.7\.1$/m, 'its conditions');
like($text, qr/^ +advice +\S/m, 'and the advice of its reason');
my ($one) = $d->ctl_json('rules', 'show', 'code-x-7-1');
is_deeply($one->{says}[0], ['code', '*.7.1'], 'for programs, too');
is((rules('show', 'nonsense'))[0], 1, 'one that there is not');
is((rules(@$_))[0], 2, "rules @$_: wrong use") for [], ['list', 'x'], ['show'],
	['look'];

my $good = rule_file('10-good.conf', <<'END');
house-closed: {
  text = ["the house is closed"];
  reason = "mailbox_disabled";
  example = "550 5.7.1 the house is closed";
};
END
($status, $text) = rules('test');
is($status, 0, 'a rule of the operator is tried');
my ($mine) = grep { $_->{rule} eq 'house-closed' } $d->ctl_json('rules', 'list');
is($mine->{file} . ':' . $mine->{line}, "$good:1", 'and listed with its place');

# Whatever a rule's file holds, each value is one, and no byte is obeyed.
rule_file('15-lines.conf', <<'END');
house-lines: {
  text = ["the house has lines"]; anywhere = true;
  reason = "mailbox_full";
  example = "550-5.2.2 a line\n550 5.2.2 \x1b[31mthe house has lines";
  source = "https://example.com/house";
};
END
(undef, $text) = rules('show', 'house-lines');
my ($example, $source) = $text =~ m{^ +anywhere +true\n(.*)\n(.*)$}m;
like($example, qr/ +example +\S.*\\x0a550 5\.2\.2 \\x1b\[31m/,
	'a line each, and nothing but text');
like($source, qr/ +source +https:/, 'with its source');
my ($lines) = $d->ctl_json('rules', 'show', 'house-lines');
is_deeply([map { $_->[0] } @{$lines->{says}}],
	['text', 'anywhere', 'example', 'source'], 'and a pair each');
my ($said) = $d->ctl_json('explain', '--reply', '550 the house is closed');
is($said->{rule}, 'house-closed', 'explain asks it, too');

my $wrong = rule_file('20-wrong.conf', <<'END');
# Its example says something else.
house-open: {
  text = ["the house is open"];
  reason = "mailbox_disabled";
  example = "550 5.1.1 no such user";
};
house-full: {
  text = ["the house has no room"];
  reason = "mailbox_full";
  example = "550 5.1.1 no such user";
};
END
($status, $text) = rules('test');
is($status, 1, 'one that does not decide its example');
like($text, qr/\Q$wrong\E:2: rule house-open: its example/, 'is told');
like($text, qr/\Q$wrong\E:7: rule house-full: its example/, 'with all others');
($status) = rules('test', $good);
is($status, 0, 'a file can be tried alone');
my $broken = rule_file('30-broken.conf', "x: {\n  text = [\"abc\"];\n" .
	"  reason = \"nonsense\";\n  example = \"abc\";\n};\n");
($status, $text) = rules('test', $broken);
is($status, 3, 'a file that cannot be read');
like($text, qr/\Q$broken\E:3: rule x: reason: no such reason/,
	'is told with its line');

# A compiled-in rule is named where make install puts it for people to read.
my $folder = qx{make -s -C $Dsnd::top print-datadir};
chomp($folder);
unlink($broken, $wrong);
($status, $text) = rules('show', 'user-unknown');
my ($installed, $line) = $text =~
	m{^ +file +\Q$folder\E/dsnd/rules/(\S+):(\d+)$}m;
ok(defined $line, 'a compiled-in rule is named where it is installed')
	or diag($text);
open(my $rules, '<', "$Dsnd::top/conf/rules/$installed") or die $!;
like((<$rules>)[$line - 1], qr/^user-unknown:/, '... by its line');
# One that takes the place of ours does so by its name: that is told.
unlink glob("$dir/*");
sub checked {
	return $d->run('sh', '-c', 'exec "$@" 2>&1', 'sh', "$Dsnd::build/dsnd",
		'--check', '-c', $d->config);
}
my $same = rule_file('10-same.conf', <<'END');
house-shut: { text = "the house is shut"; reason = "mailbox_disabled";
  example = "550 the house is shut"; };
own-refusal: { text = "suppressed by dsnd"; reason = "unknown";
  example = "550 5.1.1 suppressed by dsnd: user_unknown"; };
END
($status, $text) = checked();
is($status, 0, 'a rule may have the name of one of ours');
is(join('', grep {/takes/} split(/^/, $text)), "$same:3: rule own-refusal: "
		. "takes the place of the compiled-in rule of that name\n",
	'... and what it replaces is told, but not of others');

done_testing();
