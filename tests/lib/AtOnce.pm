# Parts of a test that wait more than they work, some at a time: each in a
# process of its own, with the state that was there when it began.
package AtOnce;
use strict;
use warnings;
use Dsnd;
use Exporter qw(import);
use File::Temp;
use POSIX ();
use Test::More;

our @EXPORT = qw(at_once);
my $most = 12;
my @running;

# What a part said, told again as if it had been said here.
sub repeat {
	my ($part) = @_;
	waitpid($part->{pid}, 0);
	my $status = $?;
	seek($part->{out}, 0, 0);
	my $ended = 0;
	my $out = $part->{out};
	while (my $line = <$out>) {
		if ($line =~ /^(not )?ok \d+ - (.*)/) {
			ok(!$1, $2);
		} elsif ($line =~ /^(?:1\.\.0|ok \d+) # skip\S* ?(.*)/i) {
			my $why = $1;
			$ended ||= $line =~ /^1/;
			SKIP: { skip($why, 1) }
		} elsif ($line =~ /^1\.\./) {
			$ended = 1;
		} elsif ($line =~ /^# ?(.*)/) {
			diag($1);
		}
	}
	ok($ended && $status == 0, 'a part came to its end') if !$ended || $status != 0;
	return;
}

sub at_once(&) {
	my ($code) = @_;
	repeat(shift @running) if @running == $most;
	my $out = File::Temp->new;
	my $pid = fork // die $!;
	if (!$pid) {
		my $t = Test::More->builder;
		$t->reset;
		$t->output($out);
		$t->failure_output($out);
		$t->todo_output($out);
		$out->autoflush(1);
		@running = ();
		$code->();
		Dsnd::verify_all();
		done_testing();
		exit 0;
	}
	push @running, {pid => $pid, out => $out};
	return;
}

sub finish {
	repeat($_) for @running;
	@running = ();
	return;
}

1;
