# Turns "-- name: x" blocks into an enum (part=h) or the texts (part=c).
BEGIN {
	if (part == "h")
		print "enum query_id {"
	else
		print "#include \"store/query.h\"\n\n" \
			"const char *const query_texts[] = {"
}
/^-- name: / { if (part == "h") printf "\tQ_%s,\n", toupper($3)
	else { printf "%s\n\t/* %s */", n++ ? "," : "", $3 }; next }
/^--/ || !NF { next }
part == "c" { gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); printf "\n\t\"%s\\n\"", $0 }
END { print part == "h" ? "\tQUERY_COUNT\n};" : "\n};" }
