#!/bin/sh
# Who may link what: the MIME parser only in the jail, no exit and no log in
# the library.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
undefined() { # what FILE wants from elsewhere, with the member's name
	nm -A -u "$1" 2>/dev/null
}
needed() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}
none() { # shows the lines on standard input; true if there are none
	! sed 's/^/# /' | grep .
}

for program in dsnd dsnctl; do
	nm -D "$BUILD/$program" | grep -E ' mailmime_parse$' | none
	result $? "$program does not parse MIME itself"
done
nm -D "$BUILD/dsnd-parse" | grep -qE ' U mailmime_parse$'
result $? "dsnd-parse is where MIME is parsed"

needed "$BUILD/dsnd-parse" | grep -E 'sqlite|libconfig|libcurl|jansson' | none
result $? "dsnd-parse links neither database nor configuration"
# Domains are compared as A-labels, which GnuTLS makes; that is all it does here.
nm -D "$BUILD/dsnd-parse" | grep -E ' (connect|bind|gnutls_[a-z0-9_]+)(@|$)' |
	grep -vE ' gnutls_(idna_map|free)(@|$)' | none
result $? "dsnd-parse talks to no network"
needed "$BUILD/dsnctl" | grep -E 'seccomp' | none
result $? "dsnctl links no jail"
# Its start-up is what an MTA waits for: libetpan brings four libraries along.
needed "$BUILD/dsnctl" | grep -E 'etpan' | none
result $? "dsnctl links no IMAP"
needed "$BUILD/dsnctl" | grep -E 'gnutls|p11|idn2|nettle|gmp' | none
result $? "dsnctl loads GnuTLS only once it needs it"
# Under the name that the others link, of which there is only one.
grep -q "^#define LIBRARY \"$(needed "$BUILD/dsnd" | grep gnutls)\"" \
	src/ctl/gnutls.c
result $? "and the same that dsnd links"

undefined "$BUILD/libdsnd.a" |
	grep -wE 'U (exit|quick_exit|err|errx|verr|verrx|warn|warnx)' | none
result $? "the library never exits, nor prints its errors"
# A child between fork and exec has nowhere to return to.
undefined "$BUILD/libdsnd.a" | grep -wE 'U _exit|U _Exit' |
	grep -vE ':(worker|program)\.o:' | none
result $? "the library leaves only processes that are about to run another program"
undefined "$BUILD/libdsnd.a" | grep -wE 'U (log_[a-z_]+|syslog|vsyslog)' |
	grep -v ':log\.o:' | none
result $? "the library never logs"
echo "1..$n"
