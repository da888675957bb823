/*
 * The flags of a Maildir's file names, as https://cr.yp.to/proto/maildir.html
 * defines them and as other programs really write them.
 */
#include "mailbox/maildir_name.h"

#include <stdio.h>
#include <string.h>

#define MAX_FLAGS 64

/* The flags of a name ("" where it has none): behind the last ":2,". */
static const char *flags_of(const char *name)
{
	const char *info = strrchr(name, ':');

	if (info && strncmp(info, ":2,", 3) == 0)
		return info + 3;
	return "";
}

size_t maildir_name_unique(const char *name)
{
	const char *info = strrchr(name, ':');

	/* ":1," is an experimental form; what follows is not ours to keep. */
	if (info && (info[1] == '1' || info[1] == '2') && info[2] == ',')
		return (size_t)(info - name);
	return strlen(name);
}

bool maildir_name_has(const char *name, char flag)
{
	return strchr(flags_of(name), flag) != NULL;
}

void maildir_name_seen(const char *name, unsigned copy,
		       char out[MAILDIR_NAME_BYTES])
{
	const char *old = flags_of(name);
	char flags[MAX_FLAGS];
	char suffix[24] = "";
	size_t n = 0, room, unique = maildir_name_unique(name);

	while (*old && *old < 'S' && n < MAX_FLAGS - 2)
		flags[n++] = *old++;
	flags[n++] = 'S';
	for (; *old && n < MAX_FLAGS - 1; old++) {
		if (*old != 'S')
			flags[n++] = *old;
	}
	flags[n] = '\0';
	if (copy > 0)
		snprintf(suffix, sizeof suffix, ".copy%u", copy);
	/* One file of a long name must not stop its whole mailbox. */
	room = MAILDIR_NAME_BYTES - sizeof(":2,") - strlen(suffix) - n;
	if (unique > room)
		unique = room;
	snprintf(out, MAILDIR_NAME_BYTES, "%.*s%s:2,%s", (int)unique, name,
		 suffix, flags);
}
