#!/bin/sh
# What the flags promise is in the programs: Debian's pkg-config line for
# libetpan, for one, quietly turns them into position-dependent ones.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}

for program in dsnd dsnctl dsnd-parse; do
	file=$BUILD/$program
	head=$(readelf -W -h "$file")
	segments=$(readelf -W -l "$file")
	dynamic=$(readelf -W -d "$file")
	symbols=$(nm -D "$file")

	echo "$head" | grep -qE 'Type: +DYN' && echo "$dynamic" | grep -q 'PIE'
	result $? "$program is position independent"
	echo "$segments" | grep -q GNU_RELRO
	result $? "$program has relocations made read-only"
	echo "$dynamic" | grep -qE 'BIND_NOW|NOW'
	result $? "$program binds its symbols at start"
	echo "$segments" | grep -E 'GNU_STACK' | grep -qE ' RW +0x'
	result $? "$program has no executable stack"
	! echo "$segments" | grep -qE ' RWE '
	result $? "$program has no segment writable and executable"
	echo "$symbols" | grep -q '__stack_chk_fail'
	result $? "$program has stack protectors"
	echo "$symbols" | grep -qE '__[a-z]+_chk(@|$)'
	result $? "$program has fortified calls"
	! echo "$dynamic" | grep -qE 'RPATH|RUNPATH|TEXTREL'
	result $? "$program searches no library path of its own"
done

# The sanitizers' jail is wider; no other build may have it.
nm "$BUILD/dsnd-parse" | grep -q ' sandbox_enter$' &&
	! nm "$BUILD/dsnd-parse" | grep -q sandbox_widened
result $? "dsnd-parse has the narrow jail"
echo "1..$n"
