#!/usr/bin/perl
# However large the database is, no question of the daemon's or of an MTA's
# goes through a whole table: SQLite's plan of every query in sql/queries, with
# the exceptions by name. Plans do not depend on what is in the tables: nothing
# ever runs ANALYZE, which a test here holds too.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Test::More;

# Tables that grow with the mail.
my $large = qr/address|address_state|breaker_hour|campaign_count|carry|decision
	|domain_event|fact|guard_hour|judgement|ledger|message|quarantine
	|sent|soft_run|suppression|bounce|suppressed|soft|due/x;

# Asked for by a person, who wants to see much of a table or all of it.
my %whole = map { $_ => 1 } qw(list dump_messages dump_addresses
	dump_decisions dump_carry dump_guards dump_domains dump_campaigns dump_sent
	dump_ledger quarantine_rows due_rows stats_reasons forget_ledger
	forget_authors);
# Stops at the first row; or is asked once a day, once a minute while a crowd
# waits, or after a change of the policy's numbers, and not under the write lock.
my %seldom = map { $_ => 1 } qw(ledger_any decision_first guard_old breaker_old
	domain_event_old guard_keys soft_domains expire_left);
# Partial indexes, which hold little of their table.
my $small = qr/USING (?:COVERING )?INDEX (?:fact_held|quarantine_kept)$/;

sub queries {
	my (%text, %part, $name, $part);
	for my $file (glob "$Dsnd::top/sql/queries/*.sql") {
		open(my $in, '<', $file) or die "$file: $!";
		while (<$in>) {
			if (/^-- name: (\w+)/) { ($name, $part) = ($1) }
			elsif (/^-- part: (\w+)/) { $part = $1 }
			elsif (/^@(\w+)/) { $text{$name} .= $part{$1} // die $_ }
			elsif (!/^--/ && defined $part) { $part{$part} .= $_ }
			elsif (!/^--/ && defined $name) { $text{$name} .= $_ }
		}
		close($in);
	}
	return %text;
}

sub run_sql {
	my ($database, $sql) = @_;
	my $file = "$database.sql";
	open(my $out, '>', $file) or die $!;
	print $out $sql;
	close($out) or die $!;
	return qx(sqlite3 -bail '$database' <'$file' 2>&1);
}

my $d = Dsnd->new;
$d->once('2026-11-20T12:00:00Z');
my %text = queries();
cmp_ok(scalar keys %text, '>', 80, 'there are queries');
# What the program makes for itself.
my $temporary = join '', grep { /CREATE TEMP/ } values %text;
my %seen;
# Who asks for part of what failed reads that part only.
my %by = (bounce_rows => 'fact_at', bounce_rows_of_address => 'fact_charged',
	bounce_rows_of_domain => 'address_domain',
	bounce_rows_of_campaign => 'fact_campaign');

for my $name (sort keys %text) {
	next if $text{$name} =~ /^\s*(BEGIN|ROLLBACK|COMMIT|CREATE|DROP|PRAGMA)/;
	my $plan = run_sql($d->database,
		"$temporary\nEXPLAIN QUERY PLAN $text{$name}");
	if ($plan !~ /QUERY PLAN|^$/ || $plan =~ /error/i) {
		fail("$name has a plan");
		diag($plan);
		next;
	}
	my @scans = grep { /\bSCAN / && $_ !~ $small } split /\n/, $plan;
	# An alias is not a table: look it up in the query.
	my @bad;
	for my $line (@scans) {
		my ($alias) = $line =~ /\bSCAN (\w+)/ or next;
		my $table = $text{$name} =~ /\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)\s+(?:AS\s+)?\Q$alias\E\b/i
			? $1 : $alias;
		push @bad, $line if $table =~ /^(?:$large)$/;
	}
	$seen{$name} = 1 if @bad;
	like($plan, qr/USING INDEX $by{$name} /, "$name goes by $by{$name}")
		if $by{$name};
	# verify is there to look at everything.
	next if @bad && ($whole{$name} || $seldom{$name} || $name =~ /^verify_/);
	ok(!@bad, "$name goes by an index");
	diag(join "\n", @bad) if @bad;
}
ok($seen{$_}, "$_ is an exception indeed")
	for grep { $text{$_} } sort keys %whole, keys %seldom;
ok($text{$_}, "$_ is a query") for sort keys %whole, keys %seldom, keys %by;

my @analyze = grep { /\b(ANALYZE|optimize)\b/i } values %text;
is(scalar @analyze, 0, 'nothing analyses the tables');
is(run_sql($d->database, "SELECT count(*) FROM sqlite_schema
	WHERE name LIKE 'sqlite_stat%'"), "0\n", 'and nothing did');
done_testing();
