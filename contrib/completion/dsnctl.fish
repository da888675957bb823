# Completion of dsnctl for fish. What there is, dsnctl says itself.
function __dsnctl_commands
	dsnctl help | sed -n 's/^  \([a-z][a-z-]*\)  */\1\t/p'
end
function __dsnctl_options
	set -l words (commandline -opc)
	string join \n -- --config --db --json
	dsnctl help $words[2] 2>/dev/null | grep '^usage:' | grep -o -e '--[a-z][a-z-]*'
end
complete -c dsnctl -n 'test (count (commandline -opc)) = 1' -f -a '(__dsnctl_commands)'
complete -c dsnctl -n 'string match -q -- "-*" (commandline -ct)' -f -a '(__dsnctl_options)'
