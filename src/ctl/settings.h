#ifndef CTL_SETTINGS_H
#define CTL_SETTINGS_H

#include "config/config.h"
#include "ctl/ctl.h"
#include "store/store.h"
#include "util/error.h"

/* What a command takes from the configuration; pointers are borrowed. */
struct ctl_settings {
	struct config *config;
	const char *db_path; /* --db, else as configured */
};

/*
 * Reads -c FILE; without it the installed file where it can be read, else the
 * defaults. Whatever it returns, ctl_settings_release may be called.
 */
int ctl_settings_load(struct ctl_settings *s, const struct ctl *ctl,
		      struct error *err);
void ctl_settings_release(struct ctl_settings *s);
/* The file that was read, or what to say where none was. */
const char *ctl_settings_name(const struct ctl_settings *s);

/*
 * Opens the database of settings that are loaded; store_close closes it.
 * Returns NULL with err.
 */
struct store *ctl_store_reach(const struct ctl_settings *s,
			      enum store_mode mode, struct error *err);

/*
 * Loads the settings and opens their database. Returns NULL with err;
 * ctl_store_close closes both and accepts what was never opened.
 */
struct store *ctl_store_open(struct ctl_settings *s, const struct ctl *ctl,
			     enum store_mode mode, struct error *err);
void ctl_store_close(struct ctl_settings *s, struct store *store);

#endif
