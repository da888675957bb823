/*
 * What a configuration names and this machine lacks: dsnd could not work here.
 * The file may be right all the same, for it may be meant for another one.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t tell(const char *what, const char *name, const char *why)
{
	fprintf(stderr, "dsnd: %s \"%s\": %s\n", what, name, why);
	return 1;
}

static size_t look_for_user(const char *name)
{
	char buffer[16384];
	struct passwd entry;
	struct passwd *found = NULL;

	if (!*name)
		return 0;
	(void)getpwnam_r(name, &entry, buffer, sizeof buffer, &found);
	return found ? 0 : tell("user", name, "there is none");
}

static size_t look_for_parser(const struct parser_settings *s)
{
	char *program = parser_program(s);
	size_t missing = 0;

	if (access(program, X_OK) < 0)
		missing = tell("parser", program, strerror(errno));
	free(program);
	return missing;
}

static size_t look_for_folder(const char *what, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return tell(what, path, strerror(errno));
	return S_ISDIR(st.st_mode) ? 0 : tell(what, path, "is no folder");
}

/* A new database needs its folder only. */
static size_t look_for_database(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[4096];

	if (!slash || slash == path || access(path, F_OK) == 0 ||
	    (size_t)(slash - path) >= sizeof folder)
		return 0;
	memcpy(folder, path, (size_t)(slash - path));
	folder[slash - path] = '\0';
	return look_for_folder("folder of the database", folder);
}

size_t presence_check(const struct config *c)
{
	size_t missing = look_for_user(c->user) + look_for_parser(&c->parser) +
			 look_for_database(c->database);

	for (size_t i = 0; i < c->mailbox_count; i++)
		if (c->mailboxes[i].path[0])
			missing += look_for_folder(
				c->mailboxes[i].format[0] ? "spool" : "Maildir",
				c->mailboxes[i].path);
	return missing;
}
