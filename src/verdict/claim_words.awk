# "kind: word word ...", lines behind it indented, to "word kinds" lines in no
# order: the rule in Makefile sorts them by bytes and makes a table of them.

function fail(what) {
	print FILENAME ":" FNR ": " what >"/dev/stderr"
	failed = 1
}

/^#/ || NF == 0 {
	next
}

{
	from = 1
	if ($1 ~ /:$/) {
		kind = "CLAIM_" toupper(substr($1, 1, length($1) - 1))
		from = 2
	}
	for (i = from; i <= NF; i++) {
		if (index(kinds[$i] " ", kind " ") > 0)
			fail("twice: " $i)
		kinds[$i] = kinds[$i] (kinds[$i] == "" ? "" : " | ") kind
	}
}

END {
	for (word in kinds)
		for (n = 1; n <= length(word); n++)
			if (substr(word, 1, n) "*" in kinds &&
			    substr(word, 1, n) "*" != word)
				fail("said by its stem: " word)
	if (failed)
		exit 1
	for (word in kinds)
		print word "\t" kinds[word]
}
