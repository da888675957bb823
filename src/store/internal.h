#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <sys/types.h>

#include "store/due.h"
#include "store/query.h"
#include "store/ripple.h"
#include "store/store.h"
#include "store/tally.h"
#include "store/touched.h"
#include "store/work.h"

/* What the files of this room share and nobody else sees. */

/*
 * Nobody has decided anything but about these few domains: allow entries for
 * our own are all that most have. Elsewhere no history need ask.
 */
struct decided {
	bool known;
	const char *domains[64];
	size_t count;
};

struct store {
	sqlite3 *db;
	char *path;
	const struct policy_settings *policy; /* borrowed */
	sqlite3_stmt *queries[QUERY_COUNT];
	bool in_batch;
	bool looks;		/* store_message_known keeps a view open */
	struct decided decided; /* of the batch */
	bool ledger_is_empty;	/* known since the last batch ended */
	int64_t log_left;	/* pages, by the last checkpoint */
	ino_t log_ino;		/* of the -wal that we write; 0: not known */
	int64_t rule_set;	/* of the batch */
	int64_t next_fact;	/* of the batch: the id of the next */
	struct tally tally;	/* of the batch */
	struct due due;		/* of this batch and those before */
	struct arena arena;	/* of the batch: what touched holds */
	struct arena scratch;	/* of one fold */
	struct touched touched; /* of the batch */
	struct ripple ripple;	/* of the batch */
};

/* What is wrong, and the command that mends it. */
#define STORE_NEWER                                                            \
	"a newer dsnd has upgraded it: install that one, or go back with "     \
	"\"dsnctl restore BACKUP\""
#define STORE_DAMAGED                                                          \
	"it is damaged: stop dsnd and put a backup back with "                 \
	"\"dsnctl restore BACKUP\""

/* Is it ours and of this program's version, or, where told, an older one? */
int store_check_version(struct store *s, bool older_too, struct error *err);

/* How long a writer waits for another. */
#define STORE_BUSY_MS 10000

/* A connection that is set up, of any version; flags are SQLite's. */
struct store *store_connect(const char *path, int flags, enum store_mode mode,
			    struct error *err);
/* The same by another name, a URI; errors speak of path. */
struct store *store_connect_as(const char *path, const char *name, int flags,
			       enum store_mode mode, struct error *err);

/* How many recipients failed, by one report's word. */
unsigned report_failed_count(const struct report *r);

/* BEGIN IMMEDIATE, COMMIT; a failed commit is rolled back. */
int store_begin(struct store *s, struct error *err);
int store_commit(struct store *s, struct error *err);
void store_rollback(struct store *s);
/* From here on what this connection deletes is overwritten with zeros. */
int store_overwrite(struct store *s, struct error *err);
/* One consistent view for several queries. */
int store_begin_read(struct store *s, struct error *err);
void store_end_read(struct store *s);
/* Ends the view of store_message_known, where there is one. */
void store_look_end(struct store *s);

/*
 * Whether the numbers of the policy are those that dsnd last ran with, or
 * nobody has noted any yet.
 */
int store_policy_same(struct store *s, bool *same_r, struct error *err);
/* Retention may have taken facts that arrived before this; 0: none so far. */
int store_thinned(struct store *s, int64_t *thinned_r, struct error *err);

/* The columns of the part of that name; strings are borrowed until the step. */
void suppression_row(struct query *q, struct store_suppression *x);

/* The row of a rule set, made where it is missing. */
int rule_set_find(struct store *s, const char *hash, int64_t *id_r,
		  struct error *err);

/*
 * Cleans and folds an address or "@domain" into the arena. MESSAGE error where
 * it is neither.
 */
int address_parse(struct span raw, struct arena *a, const char **folded_r,
		  const char **written_r, struct error *err);
/*
 * A domain as addresses have it: lower case, A-labels; an @ before it does not
 * matter. "" where it is "" or NULL.
 */
int domain_fold(const char *domain, struct arena *a, const char **folded_r,
		struct error *err);
/* The row's id; 0 where there is none. */
int address_id(struct store *s, const char *folded, int64_t *id_r,
	       struct error *err);
/*
 * The same, but makes the row. Of several ways of writing it the least in bytes
 * is kept, whichever came first: capitals sort before small letters.
 */
int address_take(struct store *s, const char *folded, const char *written,
		 int64_t *id_r, bool *new_r, struct error *err);
/* The same for who does not ask whether it is new. */
int address_ensure(struct store *s, const char *folded, const char *written,
		   int64_t *id_r, struct error *err);

#endif
