#!/usr/bin/perl
# Every message of tests/corpus, changed on its way as mail systems change
# mail, gives the verdict of its .expect: other line ends, other encodings,
# parts cut off or in another order, the original quoted in full behind it.
use strict;
use warnings;
use utf8;
use FindBin;
use File::Temp qw(tempdir);
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

my %change = (
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
