# Hexadecimal bytes (od -tx1), each file behind a line "@ NAME", to C.
# The names are of where make install puts them, for people to read.
# Byte by byte, because ISO C promises string literals of 4095 bytes only.

function finish() {
	if (count > 0)
		print "\t'\\0'};\n"
}

BEGIN {
	print "#include \"verdict/rule.h\"\n"
}

/^@ / {
	finish()
	name[++count] = $2
	sub(/.*\//, "", name[count])
	printf "static const char file_%d[] = {\n", count
	next
}

{
	line = "\t"
	for (i = 1; i <= NF; i++)
		line = line "'\\x" $i "', "
	print line
}

END {
	finish()
	print "const struct rules_default rules_default[] = {"
	for (i = 1; i <= count; i++)
		printf "\t{DSND_DATADIR \"/rules/%s\", file_%d},\n", name[i], i
	print "\t{0, 0},\n};"
}
