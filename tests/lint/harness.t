#!/bin/sh
# The gate itself: what fails, dies, hangs, says nothing or is skipped in CI
# is counted as failed.
set -u

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0
program() { # program NAME: a test program from standard input
	{
		echo '#!/bin/sh'
		cat
	} >"$tmp/$1"
	chmod 755 "$tmp/$1"
}
limit=60
counts() { # counts CI PROGRAM COUNTED NAME: what the harness makes of it
	n=$((n + 1))
	rm -f "$tmp/counts"
	CI=$1 DSND_COUNTS=$tmp/counts TEST_SECONDS=$limit \
		tests/harness t "$tmp/$2" >"$tmp/log" 2>&1
	status=$?
	got=$(cat "$tmp/counts")
	case $3 in
	*" 0 "?) wanted=0 ;;
	*) wanted=1 ;;
	esac
	if [ "$got" = "t $3" ] && [ "$status" = "$wanted" ]; then
		echo "ok $n - $4"
	else
		echo "# $got, exit status $status"
		echo "not ok $n - $4"
	fi
}

program good <<-'END'
	echo 1..2; echo ok 1; echo ok 2
END
program bad <<-'END'
	echo 1..3; echo ok 1; echo not ok 2; echo ok 3
END
program dies <<-'END'
	echo 1..2; echo ok 1; echo ok 2; kill -9 $$
END
program short <<-'END'
	echo 1..2; echo ok 1
END
program silent <<-'END'
	exit 0
END
program hangs <<-'END'
	echo 1..1; echo ok 1; exec sleep 600
END
program skips <<-'END'
	echo 1..2; echo ok 1; echo ok 2 '# SKIP not here'
END
program skips_all <<-'END'
	echo 1..0 '# SKIP nothing here'
END
program skips_a_part <<-'END'
	exec perl -Itests/lib -MAtOnce -MTest::More -e '
		at_once { plan(skip_all => "not here") };
		at_once { ok(1, "one"); SKIP: { skip("nor this", 1) } };
		AtOnce::finish();
		done_testing();'
END

echo 1..12
counts false good '2 0 0' "what passes is counted"
counts false bad '2 1 0' "what fails is counted"
counts false dies '2 1 0' "a program that dies has failed"
counts false short '1 1 0' "a program that stops early has failed"
counts false silent '0 1 0' "a program that says nothing has failed"
limit=1
counts false hangs '1 1 0' "a program that hangs has failed"
limit=60
counts false skips '1 0 1' "a skipped test is none"
counts true skips '1 1 1' "a skipped test has failed in CI"
counts false skips_a_part '1 0 2' "what parts of a test skip is skipped"
counts true skips_a_part '1 2 2' "... and has failed in CI"
counts true skips_all '0 1 1' "a skipped program has failed in CI"
counts true good '2 0 0' "what passes in CI is counted"
