/* The configuration as a command needs it, and the database behind it. */
#include "ctl/settings.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

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

/* SQLite says "unable to open"; the system says why, and we what to do. */
static int reach(const char *path, enum store_mode mode, struct error *err)
{
	struct stat st;
	bool writing = mode == STORE_WRITE;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return error_set(
			err, ERROR_FATAL,
			"database %s: is a folder; name the file in it", path);
	if (access(path, writing ? R_OK | W_OK : R_OK) == 0)
		return 0;
	if (errno == ENOENT)
		return error_set(err, ERROR_FATAL,
				 "database %s: there is none; dsnd makes it "
				 "when it starts, -c and --db name another",
				 path);
	return error_errno(err, ERROR_FATAL, "database %s: %s", path,
			   writing ? "only its owner may change it"
				   : "only its owner and group may read it");
}

struct store *ctl_store_open(struct ctl_settings *s, const struct ctl *ctl,
			     enum store_mode mode, struct error *err)
{
	if (ctl_settings_load(s, ctl, err) != 0 ||
	    reach(s->db_path, mode, err) != 0)
		return NULL;
	return store_open(s->db_path, mode, &s->config->policy, err);
}

void ctl_store_close(struct ctl_settings *s, struct store *store)
{
	store_close(store);
	ctl_settings_release(s);
}
