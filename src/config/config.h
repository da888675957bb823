#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#include "mailbox/mailbox.h"
#include "parser/parser.h"
#include "policy/policy.h"
#include "util/arena.h"
#include "util/error.h"
#include "util/hash.h"
#include "util/log.h"

/*
 * The operator's file, read once and checked whole: dsnd.conf(5). Every room's
 * own settings struct is filled here; what the file leaves out has the default
 * of that room's *_settings_init. The keys are one table, see config/key.h.
 */
#define CONFIG_MAX_MAILBOXES 256

struct config {
	struct arena arena; /* owns every string below */
	const char *path;   /* of the file itself */
	const char *database;
	const char *rules_dir;	    /* "" for none */
	const char *user;	    /* "" to run as whoever started us */
	enum log_level log_level;   /* info */
	enum log_target log_target; /* standard error */
	const char *metrics_file;   /* "" for none */
	struct mailbox_settings *mailboxes;
	size_t mailbox_count;
	struct parser_settings parser; /* with the report settings */
	struct policy_settings policy; /* with the trust settings */
	const char *token_key_file;    /* "" for none */
	struct {
		const char *const *command; /* ends in NULL; none: only that */
		int64_t timeout_s;	    /* what it may take: 60 s */
	} changes;
	struct {
		unsigned batch_messages;   /* commit at these many: 100 */
		size_t batch_bytes;	   /* ... or facts: 4 MiB */
		int64_t batch_ms;	   /* ... or this old: 1 s */
		int64_t reader_deadline_s; /* heartbeat no older: 120 s */
		int64_t restart_first_s;   /* delay of the first: 1 s */
		int64_t restart_most_s;	   /* doubled up to: 300 s */
		int64_t stop_deadline_s;   /* SIGTERM to SIGKILL: 20 s */
		int64_t housekeeping_s;	   /* how often: 60 s */
	} daemon;
	struct {
		int64_t history_s;    /* messages, facts: 400 d; -1 never */
		int64_t quarantine_s; /* bytes of unreadable ones: 90 d */
	} retention;
};

/*
 * Reads and checks a file and what it includes (relative to its own folder).
 * Returns NULL with "file:line: key: what is wrong; what is allowed" and scope
 * FATAL. Reads no secret and opens no mailbox. Caller frees with config_free.
 */
struct config *config_load(const char *path, struct error *err);
/* The defaults, with no mailbox: for tools that have but a database. */
struct config *config_default(void);
void config_free(struct config *c);

/*
 * Reads the keys of signed return paths from token_key_file into
 * policy.trust.keys; nothing to do where it is not set. Only readers (and
 * tools that make tokens) call it. A file that others than its owner and
 * group can read, or that its group can write, is refused. Where there are
 * keys the process leaves no core dump from then on.
 */
int config_read_secrets(struct config *c, struct error *err);

/*
 * A digest over all that one mailbox's reader depends on: its own section,
 * everything global, and the time of the key file's last change. A reload
 * replaces the readers whose digest is another.
 */
void config_mailbox_digest(const struct config *c, size_t mailbox,
			   uint8_t out[HASH_SHA256_BYTES]);
/* The same of the process that runs changes.command. */
void config_changes_digest(const struct config *c,
			   uint8_t out[HASH_SHA256_BYTES]);

#endif
