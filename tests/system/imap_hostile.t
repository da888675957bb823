#!/usr/bin/perl
# IMAP servers that lie, stall and hang up: each is given up on in time, with a
# sentence that says why, and none gets the password before it has proved who
# it is. Nothing they say makes a message count.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AtOnce;
use Dsnd;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);

my $now    = '2026-11-20T12:00:00Z';
my $report = Dsnd::dsn(to => 'dead@example.net', status => '5.1.1',
	diagnostic => '550 5.1.1 no such user') =~ s/\n/\r\n/gr;
my $size = length $report;

# Serves one client: what it says is answered by the first that matches; a
# code reference gets the socket and the tag and returns false to hang up.
sub serve {
	my ($client, $greeting, $answers) = @_;
	$client->autoflush(1);
	return if !talk($client, $greeting, '');
	while (my $line = <$client>) {
		my ($tag, $command) = $line =~ /^(\S+) (.*?)\r?\n$/ or return;
		print {*SEEN} "$command\n";
		my ($answer) = map {$_->[1]} grep {$command =~ $_->[0]} @$answers;
		return if !talk($client, $answer // "T BAD what?\r\n", $tag, $command);
	}
	return;
}

sub talk {
	my ($client, $words, $tag, $command) = @_;
	return $words->($client, $tag, $command) if ref $words;
	$words =~ s/^T OK\r/$tag OK done\r/mg; # RFC 3501 wants some text
	$words =~ s/^T /$tag /mg;
	return print $client $words;
}

# What a healthy server answers; the tests put theirs before it.
my $fetch_size = "* 1 FETCH (UID 7 RFC822.SIZE $size INTERNALDATE " .
	"\"01-Oct-2026 00:00:00 +0200\")\r\nT OK\r\n";
my $fetch_bytes = "* 1 FETCH (UID 7 BODY[]<0> {$size}\r\n$report)\r\nT OK\r\n";
my @healthy = (
	[qr/^CAPABILITY/, "* CAPABILITY IMAP4rev1 UIDPLUS MOVE\r\nT OK\r\n"],
	[qr/^LOGIN/, "T OK\r\n"],
	[qr/^LIST/, "* LIST () \"/\" \"there\"\r\nT OK\r\n"],
	[qr/^SELECT/, "* 1 EXISTS\r\n* OK [UIDVALIDITY 3] ok\r\n" .
		"* OK [PERMANENTFLAGS (\\*)] ok\r\nT OK [READ-WRITE] ok\r\n"],
	[qr/^UID SEARCH/, "* SEARCH 7\r\nT OK\r\n"],
	[qr/^UID FETCH.*SIZE/, $fetch_size],
	[qr/^UID FETCH.*BODY/, $fetch_bytes],
	[qr/^UID MOVE/, "* 1 EXPUNGE\r\nT OK\r\n"],
	[qr/^LOGOUT/, "* BYE bye\r\nT OK\r\n"],
);
my $hello = "* OK hello\r\n";

sub configure {
	my ($d, $port, %keys) = @_;
	my $secret = $d->home . '/password';
	open(my $f, '>', $secret) or die $!;
	chmod 0600, $secret;
	print $f "swordfish\n";
	close($f) or die $!;
	%keys = (tls => '"none"', timeout => '"2s"', %keys);
	open($f, '>', $d->config) or die $!;
	my $host = delete $keys{host} // '"localhost"';
	my $level = delete $keys{log_level} // '"warning"';
	printf $f "database = \"%s\"; log_level = $level; mailboxes = (\n" .
		"{ name = \"b\"; type = \"imap\"; host = $host; port = %d;\n" .
		"user = \"u\"; password_file = \"%s\"; %s } );\n", $d->database, $port,
		$secret, join(' ', map {"$_ = $keys{$_};"} sort keys %keys);
	close($f) or die $!;
	return;
}

# Runs dsnd against it once: exit status, what it said, what the server was
# told, seconds, and the setup for more questions, which `again` takes.
sub meet {
	my ($greeting, $answers, %keys) = @_;
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		Listen => 5) or die $!;
	my $d = delete $keys{again} // Dsnd->new;
	my $seen = $d->home . '/seen';
	unlink $seen;
	my $server = fork // die $!;
	if (!$server) {
		local $SIG{PIPE} = 'IGNORE';
		open(SEEN, '>>', $seen) or die $!;
		SEEN->autoflush(1);
		while (my $client = $listener->accept) {
			serve($client, $greeting, [@$answers, @healthy]);
			close($client);
		}
		exit 0;
	}
	configure($d, $listener->sockport, %keys);
	my $begun = time;
	# What it may take from a server is bounded: so is its memory. The address
	# sanitizer reserves more than that.
	my $limit = $Dsnd::build =~ /asan/ ? '' : 'ulimit -v 400000;';
	my ($status, $text) = $d->run('sh', '-c', "exec 2>&1; $limit" .
		'exec "$0" "$@"', "$Dsnd::build/dsnd", '-c', $d->config, '--once',
		'--now', $now);
	my $took = time - $begun;
	kill 'KILL', $server;
	waitpid($server, 0);
	open(my $f, '<', $seen) or die $!;
	local $/ = undef;
	my $told = <$f> // '';
	return ($status, $text, $told, $took, $d);
}

# That it took less than so many seconds, but for what a run takes here and now
# that meets no server: on a busy machine that alone may be more.
sub in_time {
	my ($name, $took, $most, $d) = @_;
	if ($took >= $most) {
		open(my $f, '>', $d->home . '/none.conf') or die $!;
		print $f 'database = "', $d->home, '/none.db"; mailboxes = ();';
		close($f) or die $!;
		my $begun = time;
		$d->run("$Dsnd::build/dsnd", '-c', $d->home . '/none.conf', '--once');
		$took -= time - $begun;
	}
	cmp_ok($took, '<', $most, $name);
	return;
}

# It fails, says why, in time, and did not count the message.
sub fails {
	my ($name, $why, $greeting, $answers, %keys) = @_;
	my ($status, $text, $told, $took, $d) = meet($greeting, $answers, %keys);
	isnt($status, 0, "$name: fails");
	like($text, $why, "$name: it says why");
	in_time("$name: in time", $took, 8, $d);
	unlike($d->dump($now), qr/dead\@example/, "$name: nothing is counted");
	return $told;
}

sub fails_but_counts {
	my ($name, $why, $answers, %keys) = @_;
	my ($status, $text, $told, $took, $d) = meet($hello, $answers, %keys);
	isnt($status, 0, "$name: fails");
	like($text, $why, "$name: it says why");
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 1,
		"$name: the message counts");
	return $told;
}

sub hang_up_after {
	my ($words) = @_;
	return sub { my ($c, $tag) = @_; talk($c, $words, $tag); return 0 };
}

# A word now and then, for ever.
sub drip {
	my ($words) = @_;
	return sub {
		my ($c) = @_;
		print $c $words or return 0;
		while (print $c 'x') {
			sleep 0.2;
		}
		return 0;
	};
}

sub endless {
	my ($words) = @_;
	return sub {
		my ($c) = @_;
		my $more = 'x' x 65536;
		print $c $words or return 0;
		1 while print $c $more;
		return 0;
	};
}

my ($status, $text, $told, $took, $d, $came);
at_once {
	($status, $text, $told, $took, $d) = meet($hello, []);
	isnt($status, 0, 'a server that never runs empty is no endless loop');
	like($text, qr/the same messages come again/, '... and is told of');
	cmp_ok(scalar(() = $told =~ /UID SEARCH/g), '<', 5, '... at once');
	like($d->dump($now), qr/dead\@example\.net/, '... and its message counts');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 1, '... once');
};
at_once {
	unlike(fails('no STARTTLS', qr/offers no STARTTLS/, $hello, [],
		tls => '"starttls"'), qr/swordfish/, '... and no password');
};
my @stls = ([qr/^CAPABILITY/, "* CAPABILITY IMAP4rev1 STARTTLS\r\nT OK\r\n"]);
at_once {
	unlike(fails('text before TLS', qr/text before the beginning of TLS/, $hello,
		[@stls, [qr/^STARTTLS/, "T OK go\r\n* CAPABILITY IMAP4rev1\r\n"]],
		tls => '"starttls"'), qr/swordfish/, '... and no password');
};
at_once {
	unlike(fails('STARTTLS refused', qr/STARTTLS: not today/, $hello,
		[@stls, [qr/^STARTTLS/, "T BAD not today\r\n"]], tls => '"starttls"'),
		qr/swordfish/, '... and no password');
};
at_once {
	unlike(fails('PREAUTH', qr/PREAUTH/, "* PREAUTH come in\r\n", [],
		tls => '"starttls"'), qr/swordfish/, '... and no password');
};
at_once {
	fails('BYE in the greeting', qr/too busy/,
		hang_up_after("* BYE too busy\r\n"), []);
};
at_once {
	fails('a greeting that breaks off', qr/hung up/, hang_up_after('* OK hel'), []);
};
at_once {
	fails('silence', qr/did not answer in time/,
		sub { sleep 30; return 0 }, []);
};
at_once {
	fails('a greeting that drips', qr/(?:in time|too long)/, drip('* OK '), []);
};
at_once {
	fails('an endless greeting', qr/(?:more than an answer takes|too long|in time)/, endless('* OK '),
		[]);
};
at_once {
	fails('LOGINDISABLED', qr/LOGINDISABLED/, $hello,
		[[qr/^CAPABILITY/, "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nT OK\r\n"]]);
};
at_once {
	fails('hanging up with a word', qr/hung up: down for repairs/, $hello,
		[[qr/^SELECT/, hang_up_after("* 1 EXISTS\r\n* BYE down for repairs\r\n")]]);
};
at_once {
	fails('no folder and no permission', qr/cannot be created: not yours/, $hello,
		[[qr/^LIST/, "T OK\r\n"], [qr/^CREATE/, "T NO not yours\r\n"]]);
};
at_once {
	fails('a folder to read only', qr/may only be read/, $hello,
		[[qr/^SELECT/, "* 1 EXISTS\r\nT OK [READ-ONLY] ok\r\n"]]);
};
at_once {
	fails('an endless search', qr/(?:more than an answer takes|too long|in time)/, $hello,
		[[qr/^UID SEARCH/, endless('* SEARCH ')]]);
};
at_once {
	fails('hanging up in a line', qr/hung up/, $hello,
		[[qr/^UID FETCH/, hang_up_after('* 1 FETCH (UID 7 RFC8')]]);
};
at_once {
	fails('hanging up in a literal', qr/hung up/, $hello, [[qr/^UID FETCH.*BODY/,
		hang_up_after("* 1 FETCH (UID 7 BODY[]<0> {$size}\r\nFrom: a")]]);
};
at_once {
	fails('a literal that drips', qr/(?:in time|too long)/, $hello,
		[[qr/^UID FETCH.*BODY/, drip("* 1 FETCH (UID 7 BODY[]<0> {$size}\r\n")]]);
};
at_once {
	fails('a gigantic literal', qr/(?:more than|memory|hung up|too long|in time)/, $hello,
		[[qr/^UID FETCH.*BODY/, endless("* 1 FETCH (UID 7 BODY[]<0> {4294967290}\r\n")]]);
};
at_once {
	fails('a message that cannot be read', qr/cannot read message 7: disk/, $hello,
		[[qr/^UID FETCH.*BODY/, "T NO disk error\r\n"]]);
};

# Unasked-for data and numbers that nobody asked for are no messages.
my $searches = 0;
my @empty = ([qr/^UID SEARCH/, sub {
		my ($c, $tag) = @_;
		return talk($c, $searches++ ? "* SEARCH\r\nT OK\r\n"
			: "* SEARCH 7 7\r\nT OK\r\n", $tag);
	}]);
at_once {
	($status, $text, $told, $took, $d) = meet($hello, [@empty,
		[qr/^UID FETCH.*BODY/, "* 1 FETCH (FLAGS (\\Seen))\r\n* 9 EXISTS\r\n" .
			"* 2 FETCH (UID 99 BODY[]<0> {3}\r\nabc)\r\n" .
			"* OK [ALERT] the disk is nearly full\r\n$fetch_bytes"]]);
	is($status, 0, 'unasked-for data is left lying') or diag($text);
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 1, '... and one message counts');
	like($told, qr/^UID MOVE 7 "?Processed/m, '... which alone is moved');
	like($text, qr/the disk is nearly full/, 'an alert reaches the log');
};

# Answers of which the IMAP library has died: they do no harm, or are refused.
for my $odd (["nothing told of what it can", [qr/^CAPABILITY/, "T OK\r\n"]],
	['an empty list of what it can', [qr/^CAPABILITY/,
		"* CAPABILITY \r\nT OK\r\n"]],
	['STATUS of nothing', [qr/^UID SEARCH/,
		"* STATUS x (\r\n* STATUS x ()\r\n* SEARCH 7\r\nT OK\r\n"]],
	['an alert without a text', [qr/^UID SEARCH/,
		"* OK [ALERT]\r\n* NO [PARSE]\r\n* SEARCH 7\r\nT OK\r\n"]],
	['flags that do not end', [qr/^SELECT/, "* 1 EXISTS\r\n" .
		"* OK [UIDVALIDITY 3] ok\r\n* OK [PERMANENTFLAGS (]x\r\n" .
		"T OK [READ-WRITE] ok\r\n"]]) {
	my ($name, $answer) = @$odd;
	($status, $text, $told, $took, $d) = meet($hello, [$answer]);
	unlike($text, qr/signal|killed/, "$name: nobody dies");
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 1,
		"$name: the message counts");
}
fails('a literal of 4 GiB', qr/announces more/, $hello,
	[[qr/^LIST/, "* LIST () \"/\" {4294967295}\r\nx\r\nT OK\r\n"]]);

# A server with neither MOVE nor UIDPLUS: marked, never expunged.
at_once {
	($status, $text, $told, $took, $d) = meet($hello, [@empty,
		[qr/^CAPABILITY/, "* CAPABILITY IMAP4rev1\r\nT OK\r\n"],
		[qr/^UID (?:COPY|STORE)/, "T OK\r\n"]]);
	is($status, 0, 'without MOVE and UIDPLUS it goes on') or diag($text);
	like($told, qr/^UID COPY 7 "?Processed"?\nUID STORE 7 \+FLAGS\.SILENT \(\\Deleted\)$/m,
		'... by copying and marking');
	unlike($told, qr/EXPUNGE/, '... without a bare EXPUNGE');
	like($told, qr/UID SEARCH.*UNDELETED/, '... and does not look at it again');
	like($text, qr/neither MOVE nor UIDPLUS/, '... and says so');
};

# ---- While it waits ----

# A server that lets it wait: renewed in time; and hung up on, it comes back.
sub waits {
	my ($idle, $enough, %keys) = @_;
	my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		Listen => 5) or die $!;
	my $box = Dsnd->new;
	my $seen = $box->home . '/seen';
	my $server = fork // die $!;
	if (!$server) {
		local $SIG{PIPE} = 'IGNORE';
		open(SEEN, '>>', $seen) or die $!;
		SEEN->autoflush(1);
		while (my $client = $listener->accept) {
			serve($client, $hello, [[qr/^CAPABILITY/,
				"* CAPABILITY IMAP4rev1 UIDPLUS MOVE IDLE\r\nT OK\r\n"],
				[qr/^UID SEARCH/, "* SEARCH\r\nT OK\r\n"],
				[qr/^IDLE/, $idle], @healthy]);
			close($client);
		}
		exit 0;
	}
	configure($box, $listener->sockport, poll => '"1h"', %keys);
	my $pid = $box->start;
	my $so_far = '';
	my $came = Dsnd::await(sub {
		open(my $f, '<', $seen) or return 0;
		local $/ = undef;
		$so_far = <$f> // '';
		return (() = $so_far =~ /$enough/g) >= 3;
	});
	kill 'TERM', $pid;
	my $begun = time;
	waitpid($pid, 0);
	my ($st, $took) = ($?, time - $begun);
	kill 'KILL', $server;
	waitpid($server, 0);
	return ($came, $so_far, $st, $took);
}
my $idle = sub {
	my ($c, $tag) = @_;
	print $c "+ idling\r\n" or return 0;
	my $line = <$c> // return 0;
	print {*SEEN} $line =~ s/\r//r;
	return talk($c, "T OK\r\n", $tag);
};
at_once {
	($came, $told, $status, $took) = waits($idle, qr/^IDLE$/m, idle_renew => '"1s"');
	ok($came, 'an IDLE is renewed') or diag($told);
	like($told, qr/^IDLE\nDONE\nIDLE\nDONE\nIDLE$/m, '... on the same connection');
	is(scalar(() = $told =~ /^LOGIN/mg), 1, '... with one login');
	is($status, 0, '... and told to stop, it ends well');
	cmp_ok($took, '<', 10, '... at once');
};
at_once {
	($came, $told) = waits(sub { my ($c) = @_; print $c "+ idling\r\n"; return 0 },
		qr/^IDLE$/m);
	ok($came, 'hung up on in an IDLE it comes back');
	like($told, qr/^IDLE\nCAPABILITY\nLOGIN/m, '... with a login each time');
	cmp_ok(scalar(() = $told =~ /^LOGIN/mg), '<', 8, '... but not as fast as it can');
};

# ---- At every point where it could be left ----

# A server that breaks off there once and is well again then: nothing is lost,
# nothing counted twice.
my $bye = hang_up_after('');
my %breaks = (
	'the greeting' => undef,
	map {my $what = $_; ($what => [qr/^$what/, $bye])}
		'CAPABILITY', 'LOGIN', 'LIST', 'SELECT', 'UID SEARCH',
		'UID FETCH.*SIZE', 'UID FETCH.*BODY', 'UID MOVE', 'LOGOUT',
);
for my $where (sort keys %breaks) {
	at_once {
		my @once = $breaks{$where} // ();
		my ($st, undef, undef, $secs, $box) =
			meet(@once ? $hello : hang_up_after('* O'), [@once, @empty]);
		in_time("hanging up in $where: given up in time", $secs, 8, $box);
		($st) = meet($hello, [@empty], again => $box);
		is($st, 0, "hanging up in $where: the next time it works");
		is(scalar(() = $box->dump($now) =~ /\["message"/g), 1,
			"hanging up in $where: the message counts once");
	};
}

# Moved, and the answer never came: then it is gone, and was counted.
my @moved = ([qr/^UID MOVE/, hang_up_after("* 1 EXPUNGE\r\n")]);
at_once {
	(undef, $text, undef, undef, $d) = meet($hello, [@moved, @empty]);
	like($text, qr/hung up/, 'hanging up after a move');
	$searches = 1;
	($status) = meet($hello, [[qr/^UID SEARCH/, "* SEARCH\r\nT OK\r\n"]], again => $d);
	is($status, 0, '... the next time there is nothing to do');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 1, '... and it counted once');
};

# ---- keep, where no mark can be made: the cursor ----

my %keep = (processed => '"keep"', unrecognised => '"keep"');
my @unmarked = ([qr/^SELECT/, "* 1 EXISTS\r\n* OK [UIDVALIDITY 3] ok\r\n" .
	"* OK [PERMANENTFLAGS ()] ok\r\nT OK [READ-ONLY] ok\r\n"]);
my @anew = ([qr/^SELECT/, "* 1 EXISTS\r\n* OK [UIDVALIDITY 4] ok\r\n" .
	"* OK [PERMANENTFLAGS ()] ok\r\nT OK [READ-ONLY] ok\r\n"]);
at_once {
	# Some servers answer "8:*" with 7, which RFC 3501 allows.
	($status, $text, $told, $took, $d) = meet($hello, [@unmarked], %keep);
	is($status, 0, 'keep without marks') or diag($text);
	like($d->dump($now), qr/dead\@example\.net/, '... the message counts');
	unlike($told, qr/^UID (?:STORE|MOVE|COPY)/m, '... and nothing is changed');
	($status, $text, $told) = meet($hello, [@unmarked], %keep, again => $d);
	like($told, qr/^UID SEARCH UID 8:\*$/m, '... only what comes after it is asked for');
	unlike($told, qr/^UID FETCH/m, '... and it is not read again');
	($status, $text, $told) = meet($hello, [@anew], %keep, again => $d);
	is($status, 0, 'numbered anew') or diag($text);
	like($told, qr/^UID SEARCH ALL$/m, '... all of it is read again');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 1, '... and counts once');
};

# More than anybody has: asked for in parts, and no answer gets the room.
at_once {
	(undef, undef, $told) = meet($hello, [@empty, [qr/^SELECT/,
		"* 4294967290 EXISTS\r\n* OK [UIDVALIDITY 3] ok\r\nT OK [READ-WRITE] ok\r\n"]]);
	like($told, qr/^UID SEARCH 1:1000000$/m, 'a huge folder is read in parts');
};

# One that cannot be read holds the cursor, whatever comes after it, until it
# can be; the others are not read again meanwhile.
my %unreadable = (7 => 1);
my $there = '7 8 9';
sub three {
	my ($c, $tag, $line) = @_;
	my ($set, $what) = $line =~ /^UID FETCH (\S+) \((.*)\)$/ or die $line;
	my @set = map {/(\d+):(\d+)/ ? $1 .. $2 : $_} split(/,/, $set);
	for my $uid (@set) {
		return talk($c, "T NO disk error\r\n", $tag) if $unreadable{$uid};
		my $mail = $report =~ s/dead\@/dead$uid\@/gr;
		my $n = length $mail;
		print $c "* 1 FETCH (UID $uid RFC822.SIZE $n INTERNALDATE " .
			"\"01-Oct-2026 00:00:00 +0200\"" .
			($what =~ /BODY/ ? " BODY[]<0> {$n}\r\n$mail)\r\n" : ")\r\n");
	}
	return talk($c, "T OK\r\n", $tag);
}
my @three = (@unmarked, [qr/^UID FETCH/, \&three], [qr/^UID SEARCH/, sub {
		my ($c, $tag, $line) = @_;
		my $above = $line =~ / UID (\d+):/ ? $1 : 0;
		my @found = grep {$_ >= $above} split(/ /, $there);
		return talk($c, "* SEARCH @found\r\nT OK\r\n", $tag);
	}]);
at_once {
	($status, $text, $told, $took, $d) = meet($hello, [@three], %keep);
	isnt($status, 0, 'keep, and one cannot be read: that is a failure');
	like($text, qr/cannot read message 7: disk error/, '... with the reason');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 2, '... the others count');
	is(scalar(() = $told =~ /^UID FETCH 8 .*BODY/mg), 1, '... and are read once');
	$there = '7 8 9 10';
	($status, $text, $told) = meet($hello, [@three], %keep, again => $d);
	isnt($status, 0, 'later, with more behind it: it is tried again');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 3, '... the new one counts');
	%unreadable = ();
	($status, $text, $told) = meet($hello, [@three], %keep, again => $d);
	is($status, 0, 'once it can be read') or diag($text);
	like($d->dump($now), qr/dead7\@example\.net/, '... it counts, too');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 4, '... and no other twice');
	($status, $text, $told) = meet($hello, [@three], %keep, again => $d);
	like($told, qr/^UID SEARCH UID 11:\*$/m, '... and the cursor goes on');
	unlike($told, qr/^UID FETCH/m, '... with nothing read again');
};

# A server that can read nothing for a while: no message is passed over.
at_once {
	%unreadable = map {$_ => 1} 7 .. 9;
	$there = '7 8 9';
	($status, $text, $told, $took, $d) = meet($hello, [@three], %keep);
	isnt($status, 0, 'nothing can be read: that is a failure');
	like($text, qr/cannot read message $_: disk/, "... told of $_") for 7 .. 9;
	%unreadable = ();
	($status) = meet($hello, [@three], %keep, again => $d);
	is($status, 0, '... later it can');
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 3, '... and all count');
};

# Numbered anew between reading and moving: nobody else's message is moved.
my $selects = 0;
my @folders = ([qr/^SELECT/, sub {
		my ($c, $tag) = @_;
		my $validity = $selects++ < 2 ? 3 : 5;
		return talk($c, "* 1 EXISTS\r\n* OK [UIDVALIDITY $validity] ok\r\n" .
			"T OK [READ-WRITE] ok\r\n", $tag);
	}]);
at_once {
	$told = fails_but_counts('numbered anew on the way', qr/numbered folder A anew/,
		[@folders], folders => '[ "A", "B" ]');
	unlike($told, qr/^UID MOVE/m, '... nothing is moved');
};

# ---- Two commands on the way ----

# 420 messages, so that they are moved while the next ones are fetched.
my @due = (1 .. 420);
sub uids {
	return map {/(\d+):(\d+)/ ? $1 .. $2 : $_} split(/,/, $_[0]);
}
sub bytes_of {
	my ($set) = @_;
	return join('', map {
		my $mail = $report =~ s/dead\@/dead$_\@/gr;
		my $n = length $mail;
		"* 1 FETCH (UID $_ RFC822.SIZE $n INTERNALDATE " .
			"\"01-Oct-2026 00:00:00 +0200\" BODY[]<0> {$n}\r\n$mail)\r\n";
	} uids($set));
}
my @many = (
	[qr/^UID SEARCH/, sub {
		my ($c, $tag) = @_;
		return talk($c, "* SEARCH @due\r\nT OK\r\n", $tag);
	}],
	[qr/^UID FETCH/, sub {
		my ($c, $tag, $line) = @_;
		return talk($c, bytes_of((split / /, $line)[2]) . "T OK\r\n", $tag);
	}],
);
sub leave {
	my %gone = map {$_ => 1} uids($_[0]);
	@due = grep {!$gone{$_}} @due;
	return;
}
sub all_count {
	my ($name) = @_;
	is($status, 0, "$name: it goes on") or diag($text);
	is(scalar(() = $d->dump($now) =~ /\["message"/g), 420,
		"$name: all count, each once");
	cmp_ok(scalar(() = $told =~ /^UID FETCH/mg), '<', 8,
		"$name: none is read twice for nothing");
	return;
}

# Until the folder is there again.
my $made = 0;
at_once {
	($status, $text, $told, $took, $d) = meet($hello, [@many,
		[qr/^LIST/, sub {
			my ($c, $tag) = @_;
			return talk($c, ($made == 1 ? '' :
				"* LIST () \"/\" \"there\"\r\n") . "T OK\r\n", $tag);
		}],
		[qr/^CREATE/, sub {
			my ($c, $tag) = @_;
			$made = 2;
			return talk($c, "T OK\r\n", $tag);
		}],
		[qr/^UID MOVE/, sub {
			my ($c, $tag, $line) = @_;
			$made ||= 1;
			return talk($c, "T NO [TRYCREATE] no such folder\r\n", $tag)
				if $made == 1;
			leave((split / /, $line)[2]);
			return talk($c, "T OK\r\n", $tag);
		}]]);
	all_count('a folder that is gone meanwhile');
	like($told, qr/^CREATE/m, '... and is made again');
};

# It takes its time for a MOVE, and answers what comes after it meanwhile.
my $waiting;
for my $whole (0, 1) {
	at_once {
		($status, $text, $told, $took, $d) = meet($hello, [$many[0],
			[qr/^UID FETCH/, sub {
				my ($c, $tag, $line) = @_;
				my $bytes = bytes_of((split / /, $line)[2]);
				my $late = $waiting;
				undef $waiting;
				return talk($c, $bytes . "T OK\r\n", $tag) if !defined $late;
				return talk($c, $bytes . ($whole ? "$tag OK x\r\n$late OK y\r\n"
					: "$late OK y\r\n$tag OK x\r\n"), $tag);
			}],
			[qr/^UID MOVE/, sub {
				my ($c, $tag, $line) = @_;
				leave((split / /, $line)[2]);
				# The first one only, after which another window is asked for.
				if (!$took++) {
					$waiting = $tag;
					return 1;
				}
				return talk($c, "T OK\r\n", $tag);
			}]]);
		all_count($whole ? 'answers in another order'
			: 'messages before the end of a MOVE');
	};
}

# What is recorded and did not leave stays due: else retention, which knows old
# mail no more once it is gone, might have it counted again.
at_once {
	($status, $text, $told, $took, $d) = meet($hello, [@many,
		[qr/^UID MOVE/, hang_up_after('')]]);
	isnt($status, 0, 'it hangs up at the first MOVE');
	my ($said) = $d->ctl_json('status', '--now', $now);
	cmp_ok($said->{messages}, '>=', 100, '... when a hundred are recorded');
	is($said->{mailboxes}[0]{disposal_due}, $said->{messages},
		'... which all are still due');
};

# ---- Networks of our own ----

# Where none can be made, what is tried in one cannot be.
sub needs_network {
	plan(skip_all => 'namespaces are for root') if $> != 0;
	my ($rc, $said) = Dsnd->new->run('sh', '-c', 'exec 2>&1; ' .
		'unshare --net ip link add here type veth peer name there');
	$said =~ s/\n.*//s;
	plan(skip_all => "no network of our own can be made: $said") if $rc != 0;
	return;
}

# ---- A resolver that says nothing ----

# In a network of its own, whose resolver listens and is silent.
at_once {
	needs_network();
	$d = Dsnd->new;
	configure($d, 143, host => '"imap.example.com"', tls => '"implicit"');
	my $resolvers = $d->home . '/resolv.conf';
	open(my $f, '>', $resolvers) or die $!;
	print $f "nameserver 127.0.0.1\noptions timeout:30 attempts:3\n";
	close($f) or die $!;
	my $begun = time;
	my $beside_a_silent_resolver = <<'END';
my $resolvers = shift;
open(STDERR, '>&', \*STDOUT) or die $!;
system('ip', 'link', 'set', 'lo', 'up') == 0 or die;
system('mount', '--bind', $resolvers, '/etc/resolv.conf') == 0 or die;
my $silent = IO::Socket::INET->new(Proto => 'udp', LocalAddr => '127.0.0.1',
	LocalPort => 53) or die $!;
unlink($ENV{ASKED} = "$resolvers.asked");
if (!fork) {
	alarm(60);
	$silent->recv(my $question, 512);
	open(my $told, '>', $ENV{ASKED}) or die $!;
	exit;
}
system(@ARGV);
exit($? >> 8);
END
	($status, $text) = $d->run('unshare', '--mount', '--net', 'perl',
		'-MIO::Socket::INET', '-e', $beside_a_silent_resolver, $resolvers,
		"$Dsnd::build/dsnd", '-c', $d->config, '--check', '--connect');
	isnt($status, 0, 'a silent resolver: fails');
	like($text, qr/cannot find imap\.example\.com/, '... and says why');
	in_time('... in time', time - $begun, 15, $d);
	configure($d, 143, host => '"imap.example.com"', tls => '"implicit"',
		timeout => '"1m"', log_level => '"info"');
	$begun = time;
	(undef, $text) = $d->run('unshare', '--mount', '--net', 'perl', '-MIO::Socket::INET',
		'-e', $beside_a_silent_resolver, $resolvers, 'sh', '-c',
		'"$0" "$@" & n=0; until test -e "$ASKED" || test $n = 300; ' .
		'do sleep 0.1; n=$((n + 1)); done; kill -TERM $!; wait $!',
		"$Dsnd::build/dsnd", '-c', $d->config, '--once');
	in_time('... and nobody who is told to stop waits', time - $begun, 10, $d);
	like($text, qr/cannot find imap\.example\.com: told to stop$/m,
		'... nor blames the resolver');
};

# ---- A password in the clear ----

# In a network of its own, at whose other end is a server.
sub meet_elsewhere {
	my ($tls) = @_;
	my $box = Dsnd->new;
	configure($box, 143, host => '"192.0.2.2"', tls => $tls);
	my (undef, $said) = $box->run('unshare', '--net', 'perl', '-e', <<'END',
open(STDERR, '>&', \*STDOUT) or die $!;
# Whatever goes wrong here: neither waits for ever, nor is the server left.
alarm(60);
my $there = fork // die $!;
alarm(60) if !$there;
exec('unshare', '--net', 'perl', '-MIO::Socket::INET', '-e', <<'SERVER') if !$there;
select(undef, undef, undef, 0.02) until
	system('ip addr add 192.0.2.2/24 dev there 2>/dev/null') == 0;
system('ip', 'link', 'set', 'there', 'up') == 0 or die;
my $listen = IO::Socket::INET->new(LocalAddr => '192.0.2.2',
	LocalPort => 143, Listen => 5) or die $!;
$| = 1;
while (my $client = $listen->accept) {
	print $client "* OK hello\r\n";
	while (<$client>) {
		print "told: $_";
		my ($tag) = split;
		print $client "* CAPABILITY IMAP4rev1\r\n" if /CAPABILITY/;
		print $client /LOGIN/ ? "$tag NO no\r\n" : "$tag OK done\r\n";
	}
}
SERVER
END { local $?; kill 'KILL', $there if $there; }
my $ours = readlink('/proc/self/ns/net');
select(undef, undef, undef, 0.02)
	until readlink("/proc/$there/ns/net") ne $ours;
for ("link add here type veth peer name there netns $there",
	'addr add 192.0.2.1/24 dev here', 'link set here up') {
	system("ip $_") == 0 or die $_;
}
require IO::Socket::INET;
select(undef, undef, undef, 0.02) until IO::Socket::INET->new(
	PeerAddr => '192.0.2.2', PeerPort => 143, Timeout => 1);
system(@ARGV);
END
		"$Dsnd::build/dsnd", '-c', $box->config, '--check', '--connect');
	return $said;
}
at_once {
	needs_network();
	my $said = meet_elsewhere('"none"');
	like($said, qr/tls = "none" is for a server on this host, and this one is not: set tls = "implicit" or "starttls"; "insecure"/,
		'no TLS to a server elsewhere: refused');
	unlike($said, qr/told:/, '... before anything is said');
	like(meet_elsewhere('"insecure"'), qr/told: .*swordfish/,
		'... but who says so logs in');
};

AtOnce::finish();
done_testing();
