# Turns migrations, one after another, into byte arrays: as string literals
# they would be longer than C compilers must accept. Input: od -An -v -tu1 of
# each file after a line "file".
BEGIN { print "#include \"store/migrate.h\"" }
$1 == "file" {
	if (n++) print "\n\t0};"
	printf "static const unsigned char text%d[] = {", n
	next
}
{ printf "\n\t"; for (i = 1; i <= NF; i++) printf "%s,", $i }
END {
	print "\n\t0};\nconst unsigned char *const migration_texts[] = {"
	for (i = 1; i < n; i++) printf "\ttext%d,\n", i
	printf "};\nconst unsigned char *const views_text = text%d;\n", n
	printf "const int migration_count = %d;\n", n - 1
}
