#ifndef CONFIG_KEY_H
#define CONFIG_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

/*
 * One row a key: what it may be and where it goes. The reader, the defaults
 * that are shown and the test that holds conf/dsnd.conf and dsnd.conf(5) to the
 * code all work on this table, so that a new key is a row, a line and a word.
 */
enum config_type {
	CONFIG_BOOL,
	CONFIG_NUMBER,
	CONFIG_DURATION,
	CONFIG_SIZE,
	CONFIG_CHOICE, /* the index in names, stored as an enum */
	CONFIG_WORD,   /* one of names, stored as text */
	CONFIG_DISPOSITION,
	CONFIG_TEXT,
	CONFIG_NAME,
	CONFIG_PATH,
	CONFIG_DOMAIN, /* stored as lower-case A-labels */
	CONFIG_HEADER, /* the name of a header field */
	CONFIG_NETWORK,
	CONFIG_SECRET_FILE, /* a path, or the name of a credential */
	CONFIG_FINGERPRINT, /* "sha256:" and 64 digits, colons or not */
};

/* In what a duration is stored; in the file it always has its unit. */
enum config_unit {
	CONFIG_SECONDS,
	CONFIG_MILLISECONDS,
	CONFIG_HOURS,
	CONFIG_DAYS,
};

struct config_key {
	const char *path; /* "policy.soft.window", "mailboxes.name" */
	enum config_type type;
	enum config_unit unit;
	bool list;	     /* an array of these */
	bool mandatory;	     /* within its group */
	bool never;	     /* "never" is allowed */
	bool steps;	     /* "steps" is allowed: as policy.soft.expiry */
	size_t offset;	     /* into struct config or its list's element */
	size_t width;	     /* of what is stored there */
	size_t count_offset; /* unsigned: elements of a number list */
	int64_t min, max;    /* value, seconds, or bytes of text */
	const char *const *names;  /* NULL-terminated, of CHOICE and WORD */
	const char *mailbox_types; /* only for these: "imap pop3" */
	bool secret; /* a mailbox that logs in has exactly one of these */
};

/* All keys, in the order in which they are documented. */
const struct config_key *config_keys(size_t *count_r);
/* The row of a path (indices left out, "*" for a reason), or NULL. */
const struct config_key *config_key_find(const char *path);
/* Whether keys lie below the path. */
bool config_key_is_group(const char *path);
/* Whether mailboxes of a type may have it. */
bool config_key_is_for(const struct config_key *key, const char *type);
/* Appends what is allowed, for errors: "a whole number from 1 to 20". */
void config_key_allowed(const struct config_key *key, struct buf *out);
/* Appends the names of the keys and groups right below a group, "" the top. */
void config_key_names(const char *group, struct buf *out);

/*
 * Appends a value as it would stand in the file. base is struct config, or the
 * element for keys of mailboxes and trust.dkim_keys; index is the reason for
 * keys of policy.reasons, else 0.
 */
void config_key_format(const struct config_key *key, const void *base,
		       size_t index, struct buf *out);

#endif
