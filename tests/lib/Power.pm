# What is left of a folder when the power goes: of the recorded changes
# (tests/preload/record.c) only those that were synced are sure to be there; of
# the others any part may be. A rename is there or is not, as on a file system
# with a journal.
package Power;
use strict;
use warnings;
use File::Find;

# Of that many bytes one part of a write may be there and another not.
my $sector = 512;

sub slurp {
	my ($path) = @_;
	open(my $f, '<:raw', $path) or die "$path: $!";
	local $/ = undef;
	return scalar(<$f>) // '';
}

# A folder as it lies on the disk: {names => {path => inode}, bytes => {inode =>
# bytes}, mtime => {inode => seconds}, folder => {path => inode}}.
sub snapshot {
	my ($root) = @_;
	my %s = (names => {}, bytes => {}, mtime => {}, folders => {});
	find({no_chdir => 1, wanted => sub {
			my @st = lstat($_) or die "$_: $!";
			if (-d _) {
				$s{folders}{$_} = $st[1];
				return;
			}
			return if !-f _ || /-shm$/;
			$s{names}{$_}      = $st[1];
			$s{bytes}{$st[1]}  = slurp($_);
			$s{mtime}{$st[1]}  = $st[9];
		}}, $root);
	return \%s;
}

# The records of a run, in order.
sub records {
	my ($path) = @_;
	my $all = slurp($path);
	my ($at, @records) = (0);
	while ($at < length $all) {
		my ($op, $path_bytes, $ino, $offset, $n) =
			unpack('a x3 L Q Q Q', substr($all, $at, 32));
		$at += 32;
		my $path = substr($all, $at, $path_bytes);
		push @records, {op => $op, ino => $ino, offset => $offset,
			path => $path,
			data => substr($all, $at + $path_bytes, $n)}
			if $path !~ /-shm$/;
		$at += $path_bytes + $n;
	}
	return @records;
}

sub folder_of {
	my ($path) = @_;
	return $path =~ s{/[^/]*$}{}r;
}

# One change of a file's bytes.
sub change {
	my ($bytes, $r) = @_;
	if ($r->{op} eq 'T') {
		my $n = $r->{offset};
		$$bytes .= "\0" x ($n - length $$bytes) if $n > length $$bytes;
		$$bytes = substr($$bytes, 0, $n);
		return;
	}
	$$bytes .= "\0" x ($r->{offset} - length $$bytes)
		if $r->{offset} > length $$bytes;
	substr($$bytes, $r->{offset}, length $r->{data}) = $r->{data};
	return;
}

# What of the changes that were not synced is there: nothing, all of it, its
# beginning, or some of it.
sub some {
	my (@pending) = @_;
	my $way = int(rand(4));
	return () if $way == 0;
	return @pending if $way == 1;
	return @pending[0 .. int(rand(@pending + 1)) - 1] if $way == 2;
	return grep { rand() < 0.5 } @pending;
}

# The same for a file's bytes, where the last write may be torn.
sub some_bytes {
	my @some = some(@_) or return ();
	my $last = pop @some;
	my $sectors = int(length($last->{data}) / $sector);
	return (@some, $last) if $last->{op} ne 'W' || $sectors < 2;
	my $part = substr($last->{data}, 0, $sector * (1 + int(rand($sectors))));
	return (@some, {%$last, data => $part});
}

# The folder after the first n records and a loss of power.
sub after {
	my ($before, $n, @records) = @_;
	my %bytes   = %{$before->{bytes}};
	my %folders = %{$before->{folders}};
	my %pending;
	my @names; # changes of names: [record, is it there for sure]
	for my $r (@records[0 .. $n - 1]) {
		if ($r->{op} =~ /[WT]/) {
			push @{$pending{$r->{ino}}}, $r;
			next;
		}
		if ($r->{op} eq 'S') {
			$bytes{$r->{ino}} //= '';
			change(\$bytes{$r->{ino}}, $_)
				for @{delete $pending{$r->{ino}} // []};
			for my $change (@names) {
				$change->[1] ||= grep { ($folders{folder_of($_)} // 0) == $r->{ino} }
					split /\0/, $change->[0]{path};
			}
			next;
		}
		$folders{$r->{path}} = $r->{ino} if $r->{op} eq 'M';
		push @names, [$r, 0];
	}
	for my $ino (keys %pending) {
		$bytes{$ino} //= '';
		change(\$bytes{$ino}, $_) for some_bytes(@{$pending{$ino}});
	}
	return {names => names($before, @names), bytes => \%bytes,
		mtime => $before->{mtime},
		folders => {%folders}};
}

# The folder after all of it was done and synced.
sub finally {
	my ($before, @records) = @_;
	my %inodes = map { $_ => 1 } map { $_->{ino} } @records;
	$inodes{$_} = 1 for values %{$before->{folders}};
	my @all = (@records, map { {op => 'S', ino => $_} } keys %inodes);
	return after($before, scalar(@all), @all);
}

# Names: those that are there for sure, whatever they rest on, and some others.
sub names {
	my ($before, @changes) = @_;
	my %names = %{$before->{names}};
	my %sure;
	for my $i (reverse 0 .. $#changes) {
		my ($r, $sure) = @{$changes[$i]};
		$sure{$r->{ino}} ||= $sure if $r->{ino};
		$changes[$i][1] ||= $sure{$r->{ino}} if $r->{ino};
	}
	my %there = map { $_ => 1 } some(grep { !$_->[1] } @changes);
	for my $change (@changes) {
		my $r = $change->[0];
		next if !$change->[1] && !$there{$change};
		my ($path, $to) = split /\0/, $r->{path};
		$names{$path} = $r->{ino} if $r->{op} eq 'C';
		delete $names{$path} if $r->{op} eq 'U';
		if ($r->{op} eq 'R') {
			delete $names{$path};
			$names{$to} = $r->{ino};
		}
	}
	return \%names;
}

# Writes such a folder to another place.
sub restore {
	my ($s, $from, $to) = @_;
	system('find', $to, '-mindepth', 1, '-delete') == 0 or die;
	for (sort keys %{$s->{folders}}) {
		my $path = $to . substr($_, length $from);
		-d $path || mkdir $path or die "$path: $!";
	}
	for (sort keys %{$s->{names}}) {
		my $path = $to . substr($_, length $from);
		my $ino  = $s->{names}{$_};
		open(my $f, '>:raw', $path) or die "$path: $!";
		print $f $s->{bytes}{$ino} // '';
		close($f) or die $!;
		my $mtime = $s->{mtime}{$ino};
		utime($mtime, $mtime, $path) if defined $mtime;
	}
	return;
}

1;
