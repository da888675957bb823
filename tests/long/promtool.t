#!/usr/bin/perl
# Prometheus' own tool accepts the metrics file and the alerts.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Dsnd;
use Messages;
use Test::More;

my $promtool = "$Dsnd::top/build/unpacked/prometheus/usr/bin/promtool";
my $d = Dsnd->new;
my $file = $d->home . '/dsnd.prom';
$d->configure(extra => "metrics_file = \"$file\";");
$d->deliver($_->[0], at => $_->[1]) for Messages::many(50);
$d->once('2026-11-20T12:00:00Z');
$ENV{METRICS} = $file;
my ($status, $text) = $d->run('sh', '-c',
	"'$promtool' check metrics <\"\$METRICS\" 2>&1");
is($status, 0, 'promtool accepts the metrics') or diag($text);
is($text, '', '... and finds nothing to mend');
($status, $text) = $d->run('sh', '-c', "'$promtool' check rules --lint=all"
		. " --lint-fatal '$Dsnd::top/contrib/monitoring/alerts.yml' 2>&1");
is($status, 0, 'promtool accepts the alerts') or diag($text);
done_testing;
