#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include <libconfig.h>

#include "config/config.h"
#include "config/key.h"

/* What the files of this room share; nobody else includes it. */

#define CONFIG_MAX_FILE_BYTES (1024 * 1024)

struct config_reader {
	struct config *config;
	const char *path;   /* of the main file */
	const char *folder; /* which @include is relative to */
	struct error *err;
};

/* Where in the tree we are. */
struct config_place {
	const char *shown; /* "mailboxes[1].poll", for errors */
	const char *key;   /* "mailboxes.poll", for the table */
	void *base;	   /* what the key's offset counts from */
	size_t index;	   /* the reason, below policy.reasons */
};

/*
 * "file:line: key: what is wrong; allowed is ...". allowed may be NULL.
 * Returns -1.
 */
int config_refuse(const struct config_reader *r, const config_setting_t *s,
		  const char *shown, const char *allowed, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/*
 * Refuses what libconfig would take for something else: integers that it
 * wraps silently, and included files that it cannot read without exiting.
 */
int config_scan(const struct config_reader *r, struct span text);

/* Reads one setting by its row of the table into base. */
int config_value_read(const struct config_reader *r,
		      const struct config_key *key, const config_setting_t *s,
		      const struct config_place *place);

/* Whether a text of one of the text types is what its type says. */
bool config_text_is_valid(enum config_type type, struct span text);

/* What no single key can tell: duplicates, drivers, keys of other types. */
int config_check(const struct config_reader *r,
		 const config_setting_t *mailboxes);
int config_check_mailbox(const struct config_reader *r,
			 const config_setting_t *s,
			 const struct config_place *place);

#endif
