#!/bin/sh
# Each shell completes what the command table has: dsnctl is asked, so nothing
# can be forgotten.
set -u

n=0
result() { # result STATUS NAME
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; fi
}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin"
ln -s "$(realpath "$BUILD/dsnctl")" "$tmp/bin/dsnctl"
PATH=$tmp/bin:$PATH
export PATH HOME="$tmp"
folder=contrib/completion

# complete_SHELL WORD...: what the last word may become.
complete_bash() {
	# shellcheck disable=SC2016 # for the other shell
	bash --norc -c '. "$0" && COMP_WORDS=(dsnctl "$@") &&
		COMP_CWORD=$# && _dsnctl && printf "%s\n" "${COMPREPLY[@]}"' \
		"$folder/dsnctl.bash" "$@"
}
complete_zsh() {
	# shellcheck disable=SC2016 # for the other shell
	zsh -f -c 'file=$1; shift
		_describe() { print -l ${(P)2%%:*} | grep "^$PREFIX" }
		compadd() { shift; print -l -- $@ | grep -e "^$PREFIX" }
		_files() { : }
		words=(dsnctl "$@"); CURRENT=$#words; PREFIX=$words[-1]
		source $file' zsh "$folder/_dsnctl" "$@"
}
complete_fish() {
	# shellcheck disable=SC2016 # for the other shell
	fish --no-config -c 'source $argv[1]
		complete -C "dsnctl $argv[2..]"' "$folder/dsnctl.fish" "$@" |
		sed 's/	.*//'
}

commands=$(dsnctl help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')
for shell in bash zsh fish; do
	if ! command -v "$shell" >/dev/null; then
		n=$((n + 1))
		echo "ok $n # SKIP no $shell here"
		continue
	fi
	got=$("complete_$shell" '')
	for command in $commands; do
		echo "$got" | grep -qx "$command" || break
	done
	echo "$got" | grep -qx "$command"
	result $? "$shell completes every command"
	[ "$("complete_$shell" supp)" = suppress ]
	result $? "$shell completes the beginning of one"
	got=$("complete_$shell" suppress --)
	echo "$got" | grep -qx -e --reason && echo "$got" | grep -qx -e --db &&
		! echo "$got" | grep -qx -e --apply
	result $? "$shell completes the options of a command, and no other's"
	[ "$("complete_$shell" pending --ap)" = --apply ]
	result $? "$shell completes the beginning of an option"
done
echo "1..$n"
