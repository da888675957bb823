/* Giving root up, for good, before anything is opened. */
#include "daemon/daemon.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES 16384

int user_switch(const char *name, struct error *err)
{
	char buffer[BUFFER_BYTES];
	struct passwd entry;
	struct passwd *found;
	int rc;

	if (!*name)
		return 0;
	rc = getpwnam_r(name, &entry, buffer, sizeof buffer, &found);
	if (rc != 0 || !found)
		return error_set(err, ERROR_FATAL, "user \"%s\": %s", name,
				 rc ? strerror(rc) : "there is none");
	if (geteuid() == entry.pw_uid)
		return 0;
	if (geteuid() != 0)
		return error_set(err, ERROR_FATAL,
				 "user \"%s\": only root can become another "
				 "user",
				 name);
	if (initgroups(name, entry.pw_gid) < 0 || setgid(entry.pw_gid) < 0 ||
	    setuid(entry.pw_uid) < 0)
		return error_errno(err, ERROR_FATAL, "user \"%s\"", name);
	/* Whoever can go back has not gone. */
	if (setuid(0) == 0)
		return error_set(err, ERROR_FATAL,
				 "user \"%s\": root was not given up", name);
	return 0;
}
