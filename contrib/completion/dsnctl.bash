# Completion of dsnctl for bash. What there is, dsnctl says itself.
_dsnctl() {
	local cur=${COMP_WORDS[COMP_CWORD]} words
	if [ "$COMP_CWORD" = 1 ] || [ "${COMP_WORDS[1]}" = help ]; then
		words="help $(dsnctl help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p')"
	elif [ "${cur#-}" != "$cur" ]; then
		words="--config --db --json $(dsnctl help "${COMP_WORDS[1]}" 2>/dev/null |
			grep '^usage:' | grep -o -e '--[a-z][a-z-]*')"
	else
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o default -F _dsnctl dsnctl
