# Turns "-- name: x" blocks into an enum (part=h) or the texts (part=c). What
# several of them share is a "-- part: y" block before them: a line "@y" stands
# for it.
BEGIN {
	if (part == "h")
		print "enum query_id {"
	else
		print "#include \"store/query.h\"\n\n" \
			"const char *const query_texts[] = {"
}
function add(line) {
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	printf "\n\t\"%s\\n\"", line
}
/^-- part: / { shared = $3; next }
/^-- name: / { shared = ""; if (part == "h") printf "\tQ_%s,\n", toupper($3)
	else { printf "%s\n\t/* %s */", n++ ? "," : "", $3 }; next }
/^--/ || !NF { next }
shared != "" { lines[shared, ++count[shared]] = $0; next }
/^@/ && !count[substr($0, 2)] {
	print FILENAME ": no part " $0 >"/dev/stderr"
	exit 1
}
part == "c" && /^@/ { for (i = 1; i <= count[substr($0, 2)]; i++)
	add(lines[substr($0, 2), i]); next }
part == "c" { add($0) }
END { print part == "h" ? "\tQUERY_COUNT\n};" : "\n};" }
