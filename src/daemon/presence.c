/*
 * What a configuration names and this machine lacks: dsnd could not work here.
 * The file may be right all the same, for it may be meant for another one.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mailbox/secret.h"
#include "store/access.h"
#include "store/store.h"
#include "util/buf.h"
#include "util/fdio.h"

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

static size_t look_for_program(const char *what, const char *program)
{
	struct stat st;

	if (stat(program, &st) < 0)
		return tell(what, program, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return tell(what, program, "is no program");
	return access(program, X_OK) == 0
		       ? 0
		       : tell(what, program, "is not executable");
}

static size_t look_for_parser(const struct parser_settings *s)
{
	char *program = parser_program(s);
	size_t missing = look_for_program("parser", program);

	free(program);
	return missing;
}

/* What we may not do to what is there. */
static size_t tell_owner(const char *what, const char *path,
			 const struct stat *st)
{
	const struct passwd *us;
	struct buf why;

	buf_init(&why);
	buf_add_str(&why, strerror(errno));
	us = getpwuid(geteuid());
	if (st->st_uid != geteuid() && us)
		buf_addf(&why, ": it is not %s's, who needs to change it",
			 us->pw_name);
	tell(what, path, why.data);
	buf_release(&why);
	return 1;
}

static size_t look_for_folder(const char *what, const char *path, bool ours)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return tell(what, path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return tell(what, path, "is a file, not a folder");
	if (ours && access(path, R_OK | W_OK | X_OK) < 0)
		return tell_owner(what, path, &st);
	return 0;
}

static bool has_folder(const char *path, const char *name)
{
	struct buf below;
	struct stat st;
	bool has;

	buf_init(&below);
	buf_addf(&below, "%s/%s", path, name);
	has = stat(below.data, &st) == 0 && S_ISDIR(st.st_mode);
	buf_release(&below);
	return has;
}

static size_t look_for_maildir(const char *path, bool ours)
{
	static const char *const parts[] = {"new", "cur"};
	size_t missing = look_for_folder("Maildir", path, false);
	struct buf below;

	if (missing)
		return missing;
	/* Nobody can tell what is in a folder that they may not enter. */
	if (access(path, X_OK) < 0)
		return ours ? tell("Maildir", path, strerror(errno)) : 0;
	if (!has_folder(path, "new") && !has_folder(path, "cur"))
		return tell("Maildir", path,
			    has_folder(path, "Maildir/new")
				    ? "is none, but the folder Maildir in it is"
				    : "is none: it has no folders new and cur");
	buf_init(&below);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		buf_reset(&below);
		buf_addf(&below, "%s/%s", path, parts[i]);
		missing += look_for_folder("Maildir", below.data, ours);
	}
	buf_release(&below);
	return missing;
}

/* It is not read; a credential is not there yet. */
static size_t look_for_secret_file(const char *path, bool ours)
{
	struct error err;

	if (path[0] != '/')
		return 0;
	if (secret_look(path, ours, &err) < 0) {
		/* Who is not dsnd need not see what dsnd sees. */
		if (!ours && errno == EACCES)
			return 0;
		fprintf(stderr, "dsnd: secret %s\n", err.text);
		return 1;
	}
	return ours && access(path, R_OK) < 0
		       ? tell("secret", path, strerror(errno))
		       : 0;
}

static size_t look_for_secret(const struct mailbox_settings *m, bool ours)
{
	const char *const files[] = {m->password_file, m->token_file};
	const char *const programs[] = {m->password_command[0],
					m->token_command[0]};
	size_t missing = 0;

	for (size_t i = 0; i < 2; i++) {
		missing += look_for_secret_file(files[i], ours);
		if (programs[i])
			missing += look_for_program("command", programs[i]);
	}
	return missing;
}

static size_t look_for_mailbox(const struct mailbox_settings *m, bool ours)
{
	if (!m->path[0])
		return look_for_secret(m, ours);
	return m->format[0] ? look_for_folder("spool", m->path, ours)
			    : look_for_maildir(m->path, ours);
}

/* Where a file is replaced as a whole, its folder has to be ours. */
static size_t look_for_folder_of(const char *what, const char *path, bool ours)
{
	char *folder = fdio_folder_of(path);
	size_t missing = path[0] ? look_for_folder(what, folder, ours) : 0;

	free(folder);
	return missing;
}

/* A new database needs its folder only. */
static size_t look_for_database(const char *path, bool ours)
{
	struct error err;
	bool right = !ours || (store_access_owner(path, &err) == 0 &&
			       store_access(path, &err) == 0);

	/* Who is not dsnd may not be let see it. */
	if (right && (ours || access(path, R_OK) == 0))
		right = store_probe(path, &err) >= 0;
	if (!right) {
		fprintf(stderr, "dsnd: %s\n", err.text);
		return 1;
	}
	if (ours || access(path, F_OK) == 0)
		return 0;
	return look_for_folder_of("folder of the database", path, false);
}

/* The folder that is the default need not be there. */
static size_t look_for_rules(const char *path)
{
	struct config *unset = config_default();
	bool named = strcmp(path, unset->rules_dir) != 0;

	config_free(unset);
	return named && path[0] && access(path, F_OK) < 0
		       ? tell("rules_dir", path, strerror(errno))
		       : 0;
}

static size_t look_for_keys(struct config *c, bool ours)
{
	size_t missing = look_for_secret_file(c->token_key_file, ours);
	struct error err;

	if (missing || !ours || keys_look(c, &err) == 0)
		return missing;
	fprintf(stderr, "dsnd: %s\n", err.text);
	return 1;
}

size_t presence_check(struct config *c, bool ours)
{
	size_t missing = look_for_user(c->user) + look_for_parser(&c->parser) +
			 look_for_database(c->database, ours) +
			 look_for_rules(c->rules_dir) + look_for_keys(c, ours) +
			 look_for_folder_of("folder of metrics_file",
					    c->metrics_file, ours);

	if (c->changes.command[0])
		missing += look_for_program("command", c->changes.command[0]);
	for (size_t i = 0; i < c->mailbox_count; i++)
		missing += look_for_mailbox(&c->mailboxes[i], ours);
	return missing;
}
