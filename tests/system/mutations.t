#!/usr/bin/perl
# Every message of tests/corpus, changed on its way as mail systems change
# mail, gives the verdict of its .expect: other line ends, encodings and charsets,
# words wrapped elsewhere, blank lines lost, parts cut off or in another order,
# the original quoted in full behind it.
use strict;
use warnings;
use utf8;
use FindBin;
use File::Temp qw(tempdir);
use Encode qw(decode encode);
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use MIME::QuotedPrint qw(encode_qp);
use Test::More;

my $build  = $ENV{BUILD} || "$FindBin::Bin/../../build";
my $corpus = "$FindBin::Bin/../corpus";
my $work   = tempdir(TMPDIR => 1, CLEANUP => 1);
binmode(Test::More->builder->$_, ':utf8') for qw(output failure_output);

# What an original may say: no word of it is about one of our recipients.
my $original = <<'END';
From: News <news@lists.example.org>
To: stranger@example.org
Subject: Undelivered Mail Returned to Sender

This is the mail system at host mx.example.org.

<stranger@example.org>: host mx.example.org[192.0.2.9] said: 550 5.1.1
    <stranger@example.org>: User unknown (in reply to RCPT TO command)

Final-Recipient: rfc822; stranger@example.org
Action: failed
Status: 5.1.1
END

sub slurp {
	my ($path) = @_;
	open(my $in, '<:raw', $path) or die "$path: $!";
	local $/ = undef;
	return scalar <$in>;
}

# The header, and the parts with what stands before and behind them, of a
# multipart message; no parts where it is none.
sub parts_of {
	my ($message) = @_;
	my ($header, $body) = split(/\n\n/, $message, 2);
	my ($mark) = $header =~ m{^content-type:\s*multipart/.*?
			boundary="?([^"\s;]+)}imsx or return ($header, $body);
	my ($before, @parts) = split(/^--\Q$mark\E(?:--)?[ \t]*\n/m, $body);
	@parts = grep { /\S/ } @parts;
	return ($header, $before, $mark, @parts);
}

sub joined {
	my ($header, $before, $mark, @parts) = @_;
	return "$header\n\n$before" . join('', map { "--$mark\n$_" } @parts) .
		"--$mark--\n";
}

# A leaf (header, body) in that encoding; undef where it is not ours to touch.
sub encoded_leaf {
	my ($leaf, $name, $encode) = @_;
	my ($header, $body) = split(/\n\n/, $leaf, 2);
	($header, $body) = ('', $leaf =~ s/\A\n//r) if $leaf =~ /\A\n/;
	return undef if !defined $body || $header =~ /^content-transfer-encoding:\s*
			(?:base64|quoted)/imx;
	return undef if $header =~ m{^content-type:}im &&
		$header !~ m{^content-type:\s*(?:text/plain|message/delivery-status)}im;
	$header =~ s/^content-transfer-encoding:.*\n?//im;
	$header =~ s/\n*\z//;
	$header .= "\n" if $header ne '';
	return "${header}Content-Transfer-Encoding: $name\n\n" . $encode->($body);
}

sub encoded {
	my ($message, $name, $encode) = @_;
	my ($header, $before, $mark, @parts) = parts_of($message);
	return encoded_leaf($message, $name, $encode) unless defined $mark;
	my $changed = 0;
	for my $part (@parts) {
		my $new = encoded_leaf($part, $name, $encode) // next;
		($part, $changed) = ($new, 1);
	}
	return $changed ? joined($header, $before, $mark, @parts) : undef;
}

# The machine's part before the one for people.
sub reordered {
	my ($header, $before, $mark, @parts) = parts_of($_[0]);
	return undef if @parts < 2 || $parts[1] !~ m{^content-type:\s*message/}im;
	return joined($header, $before, $mark, @parts[1, 0, 2 .. $#parts]);
}

# The original in full instead of its headers.
sub quoting {
	my ($header, $before, $mark, @parts) = parts_of($_[0]);
	return undef if @parts < 3 ||
		$parts[-1] !~ m{\A(content-type:\s*(?:message/rfc822|text/rfc822-headers)
			.*?\n\n.*)}imsx;
	$parts[-1] =~ s{text/rfc822-headers}{message/rfc822}i;
	$parts[-1] =~ s/\n*\z/\n\n$original\n/;
	return joined($header, $before, $mark, @parts);
}

sub unclosed {
	my ($header, $before, $mark, @parts) = parts_of($_[0]);
	return undef unless defined $mark;
	return joined($header, $before, $mark, @parts) =~ s/--\Q$mark\E--\n\z//r;
}

# The text for people in another charset, 8bit; undef where it cannot be said
# in that one.
sub recoded {
	my ($message, $charset) = @_;
	my ($header, $before, $mark, @parts) = parts_of($message);
	my $changed = 0;
	for my $part (defined $mark ? @parts : $message) {
		my ($head, $body) = split(/\n\n/, $part, 2);
		next unless defined $body &&
			$head =~ m{^content-type:\s*text/plain;\s*charset="?utf-8}im &&
			$head !~ /^content-transfer-encoding/im;
		my $text = eval { decode('UTF-8', $body, Encode::FB_CROAK) } // next;
		# Perl says these in JIS X 0212, which no mail program does.
		next if $charset eq 'iso-2022-jp' && $text =~ /[\x{80}-\x{24f}]/;
		my $bytes = eval { encode($charset, $text, Encode::FB_CROAK) } // next;
		$head =~ s/charset="?utf-8"?/charset=$charset/i;
		$head .= "\nContent-Transfer-Encoding: 8bit";
		if ($charset =~ /^utf-?16/i) {
			$head =~ s/8bit\z/base64/;
			$bytes = encode_base64($bytes);
		}
		($part, $changed) = ("$head\n\n$bytes", 1);
		return $part unless defined $mark;
	}
	return $changed ? joined($header, $before, $mark, @parts) : undef;
}

# Words wrapped elsewhere: fields of the machine's part folded at every second
# space, as gateways with short lines do.
sub refolded {
	my ($header, $before, $mark, @parts) = parts_of($_[0]);
	return undef unless defined $mark;
	my $changed = 0;
	for my $part (@parts) {
		next unless $part =~ m{^content-type:\s*message/delivery-status}im;
		$changed += $part =~ s{^(Diagnostic-Code:[^\n]*(?:\n[ \t][^\n]*)*)}{
			my ($n, $field) = (0, $1 =~ s/\n[ \t]+/ /gr);
			$field =~ s/ (?=\S)/++$n % 3 ? ' ' : "\n\t"/ger;
		}gmex;
	}
	return $changed ? joined($header, $before, $mark, @parts) : undef;
}

# The blank line between the groups of fields lost, or one too many.
sub groups {
	my ($message, $gap) = @_;
	my ($header, $before, $mark, @parts) = parts_of($message);
	return undef unless defined $mark;
	my $changed = 0;
	for my $part (@parts) {
		next unless $part =~ m{^content-type:\s*message/delivery-status}im;
		my ($head, $fields) = split(/\n\n/, $part, 2);
		next if !defined $fields || $head =~ /^content-transfer-encoding/im ||
			$fields !~ /recipient:/i;
		$fields =~ s/\n+\z//;
		$changed += $fields =~ s/\n\n(?=\S)/"\n" . "\n" x $gap/ge;
		$part = "$head\n\n$fields\n\n";
	}
	return $changed ? joined($header, $before, $mark, @parts) : undef;
}

# What came back before the machine's part.
sub returned_first {
	my ($header, $before, $mark, @parts) = parts_of($_[0]);
	return undef if @parts != 3 ||
		$parts[2] !~ m{^content-type:\s*(?:message/rfc822|text/rfc822-headers)}im;
	return joined($header, $before, $mark, @parts[0, 2, 1]);
}

# The title of what we sent, wherever the report repeats it, in the words of a
# bounce.
sub titled {
	my ($header, $body) = split(/\n\n/, $_[0], 2);
	return undef unless $body =~ s{^([ \t]*Subject:[ \t]*)What\ to\ plant\ in\ November$}
		{$1Re: 550 5.1.1 <stranger\@example.org>: user unknown, account disabled}gmx;
	return "$header\n\n$body";
}

# A bounce quoted at the end of an original that stands in the text.
sub quoting_in_text {
	my ($message) = @_;
	my ($header, $body, $mark) = parts_of($message);
	return undef if defined $mark || $header =~ /^content-transfer-encoding/im ||
		$body !~ /^From: [^\n]*\n(?:[^\n]+\n)*Subject: [^\n]*\n(?:[^\n]+\n)*\n/m;
	return $message =~ s/\n*\z/\n\n$original/r;
}

my %change = (
	'titled'       => \&titled,
	'in-text'      => \&quoting_in_text,
	'crlf'         => sub { $_[0] =~ s/\n/\r\n/gr },
	'cr'           => sub { $_[0] =~ tr/\n/\r/r },
	'from-line'    => sub { "From MAILER-DAEMON Mon Nov  2 09:00:05 2026\n$_[0]" },
	'base64'       => sub { encoded($_[0], 'base64', \&encode_base64) },
	'quoted'       => sub { encoded($_[0], 'quoted-printable', \&encode_qp) },
	'reordered'    => \&reordered,
	'unclosed'     => \&unclosed,
	'no-newline'   => sub { $_[0] =~ s/\n+\z//r },
	'blank-lines'  => sub { "$_[0]\n\n\n" },
	'upper-fields' => sub { $_[0] =~ s/^([A-Z][A-Za-z]+(?:-[A-Za-z]+)+:)/uc $1/gemr },
	'original'     => \&quoting,
	'latin-1'      => sub { recoded($_[0], 'iso-8859-1') },
	'windows-1252' => sub { recoded($_[0], 'windows-1252') },
	'utf-16'       => sub { recoded($_[0], 'UTF-16BE') },
	'jis'          => sub { recoded($_[0], 'iso-2022-jp') },
	'koi8-r'       => sub { recoded($_[0], 'koi8-r') },
	'gb2312'       => sub { recoded($_[0], 'gb2312') },
	'refolded'     => \&refolded,
	'no-gaps'      => sub { groups($_[0], 0) },
	'wide-gaps'    => sub { groups($_[0], 3) },
	'last-first'   => \&returned_first,
	'footer'       => sub { $_[0] =~ s/\n*\z/\n\n-- \n/r .
		"This mail was scanned: no virus, no spam, mailbox not full.\n" },
	'more-fields'  => sub { $_[0] =~ s/\n\n/\nX-Spam-Status: No\nX-Virus-Scanned: yes
Received: from mx.example.org by store.example.org for <bounces\@example.org>;
	Mon, 2 Nov 2026 09:01:00 +0000\n\n/r },
	'trailing'     => sub { $_[0] =~ s/(?<=\S)\n/ \n/gr },
);

my %want;
my %made;
for my $path (glob("$corpus/*.eml")) {
	my ($name)  = $path =~ m{([^/]+)\.eml$};
	my $message = slurp($path);
	($want{$name} = slurp("$corpus/$name.expect")) =~ s/\s+\z/\n/;
	utf8::decode($want{$name});
	for my $kind (sort keys %change) {
		my $changed = $change{$kind}->($message) // next;
		$made{$kind}++;
		open(my $out, '>:raw', "$work/$name+$kind.eml") or die $!;
		print {$out} $changed;
		close($out) or die $!;
	}
}
ok($made{$_}, "$_ was tried") for sort keys %change;

open(my $run, '-|', "$build/dsnctl", 'classify', '--json', $work)
	or die "dsnctl: $!";
while (my $line = <$run>) {
	my $message = decode_json($line);
	my ($name, $kind) = $message->{file} =~ m{([^/+]+)\+([^/]+)\.eml$} or next;
	my $text = ($message->{kind} // 'nothing') . "\n";
	for my $r (@{$message->{recipients} // []}) {
		my @cells = map { defined $_ && $_ ne '' ? $_ : '-' }
			@$r{qw(address action status reason class effect)};
		$text .= join(' ', @cells) . "\n";
	}
	is($text, $want{$name}, "$name, $kind");
	$made{$kind}--;
}
close($run);
is($?, 0, 'classify succeeds');
is($made{$_}, 0, "$_: each has output") for sort keys %change;
done_testing();
