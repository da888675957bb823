/* The configuration as a command needs it, and the database behind it. */
#include "ctl/settings.h"

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

struct store *ctl_store_open(struct ctl_settings *s, const struct ctl *ctl,
			     enum store_mode mode, struct error *err)
{
	if (ctl_settings_load(s, ctl, err) != 0)
		return NULL;
	return store_open(s->db_path, mode, &s->config->policy, err);
}

void ctl_store_close(struct ctl_settings *s, struct store *store)
{
	store_close(store);
	ctl_settings_release(s);
}
