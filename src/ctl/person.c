/* Who decides, and why: what every decision is recorded with. */
#include "ctl/person.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/ctl.h"

const char *ctl_person(void)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *pw = getpwuid(getuid());

	if (sudo != NULL && sudo[0] != '\0')
		return sudo;
	return pw != NULL ? pw->pw_name : "unknown";
}

bool ctl_reason_is_missing(const char *command, const char *note)
{
	if (note != NULL && note[strspn(note, " \t")] != '\0')
		return false;
	ctl_misuse(command,
		   "say why with --reason TEXT; it is kept in the audit trail");
	return true;
}
