/* The configuration as a command needs it, and the database behind it. */
#include "ctl/settings.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"
#include "store/access.h"
#include "util/fdio.h"

#define OWNER_BYTES 192
#define INSTALLED_CONFIG DSND_SYSCONFDIR "/dsnd.conf"

int ctl_settings_load(struct ctl_settings *s, const struct ctl *ctl,
		      struct error *err)
{
	const char *path = ctl->config_path;

	if (path == NULL && access(INSTALLED_CONFIG, R_OK) == 0)
		path = INSTALLED_CONFIG;
	s->config = path != NULL ? config_load(path, err) : config_default();
	if (s->config == NULL)
		return -1;
	s->db_path = ctl->db_path != NULL ? ctl->db_path : s->config->database;
	return 0;
}

void ctl_settings_release(struct ctl_settings *s)
{
	config_free(s->config);
	s->config = NULL;
}

const char *ctl_settings_name(const struct ctl_settings *s)
{
	return s->config->path[0] != '\0' ? s->config->path
					  : "the configuration, of which there "
					    "is none,";
}

/*
 * ": sudo -u dsnd dsnctl ...", and how who only reads gets into the group, or
 * what its owner did to it; "" unknown.
 */
static const char *say_owner(const char *path, bool writing,
			     char text[OWNER_BYTES])
{
	const struct passwd *pw = NULL;
	const struct group *group;
	char *folder = fdio_folder_of(path);
	struct stat st;

	text[0] = '\0';
	if (stat(path, &st) == 0 && st.st_uid == geteuid())
		snprintf(text, OWNER_BYTES, ": its mode is %04o",
			 (unsigned)(st.st_mode & 07777));
	else if (stat(path, &st) == 0 || stat(folder, &st) == 0)
		pw = getpwuid(st.st_uid);
	/* Into root's group nobody is to go for this. */
	group = pw != NULL && !writing && st.st_gid != 0 ? getgrgid(st.st_gid)
							 : NULL;
	if (pw != NULL)
		snprintf(text, OWNER_BYTES, ": sudo -u %s dsnctl ...%s%s%s",
			 pw->pw_name,
			 group != NULL ? ", or once and for all usermod -aG "
				       : "",
			 group != NULL ? group->gr_name : "",
			 group != NULL ? " USER" : "");
	free(folder);
	return text;
}

/* SQLite says "unable to open"; the system says why, and we what to do. */
static int reach(const char *path, enum store_mode mode, struct error *err)
{
	bool writing = mode == STORE_WRITE;
	char owner[OWNER_BYTES];

	if (store_access_kind(path, err) < 0)
		return -1;
	if (access(path, writing ? R_OK | W_OK : R_OK) == 0)
		return writing ? store_access(path, err) : 0;
	if (errno == ENOENT)
		return error_set(err, ERROR_FATAL,
				 "database %s: there is none; dsnd makes it "
				 "when it starts, -c and --db name another",
				 path);
	if (errno != EACCES)
		return error_errno(err, ERROR_FATAL, "database %s", path);
	return error_set(err, ERROR_FATAL, "database %s: %s%s", path,
			 writing ? "only its owner may change it"
				 : "only its owner and group may read it",
			 say_owner(path, writing, owner));
}

/*
 * Another program that wrote, and was the last to close, takes -wal and -shm
 * away; SQLite then says "attempt to write a readonly database" to a reader.
 */
static void explain(const char *path, struct error *err)
{
	struct buf shm;
	struct stat st;

	/* The owner reads, but what lies beside it may be somebody else's. */
	if (stat(path, &st) == 0 && st.st_uid == geteuid() &&
	    store_access(path, err) < 0)
		return;
	buf_init(&shm);
	buf_addf(&shm, "%s-shm", path);
	if ((strstr(err->text, "readonly database") != NULL ||
	     strstr(err->text, "unable to open") != NULL) &&
	    access(path, R_OK) == 0 && access(shm.data, F_OK) != 0)
		error_set(err, ERROR_FATAL,
			  "database %s: the files -wal and -shm beside it are "
			  "gone and only its owner may make them: start dsnd",
			  path);
	buf_release(&shm);
}

struct store *ctl_store_reach(const struct ctl_settings *s,
			      enum store_mode mode, struct error *err)
{
	struct store *store;

	if (reach(s->db_path, mode, err) != 0)
		return NULL;
	store = store_open(s->db_path, mode, &s->config->policy, err);
	if (store == NULL && err->scope == ERROR_FATAL)
		explain(s->db_path, err);
	return store;
}

struct store *ctl_store_open(struct ctl_settings *s, const struct ctl *ctl,
			     enum store_mode mode, struct error *err)
{
	if (ctl_settings_load(s, ctl, err) != 0)
		return NULL;
	return ctl_store_reach(s, mode, err);
}

void ctl_store_close(struct ctl_settings *s, struct store *store)
{
	store_close(store);
	ctl_settings_release(s);
}
