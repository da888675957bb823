#ifndef STORE_QUARANTINE_H
#define STORE_QUARANTINE_H

#include "store/store.h"
#include "util/buf.h"

/* What nobody could read, for people. Part of the contract of store.h. */

/* A message that nobody could read; bytes is 0 once they were forgotten. */
struct store_quarantined {
	int64_t id, at_s, bytes;
	const char *mailbox, *why;
};
typedef int (*store_quarantined_fn)(void *ctx,
				    const struct store_quarantined *row);
/* All of them, by arrival. */
int store_quarantine_list(struct store *s, store_quarantined_fn each, void *ctx,
			  struct error *err);

/*
 * One of them: its name in the store, whether its disposal is due, and what is
 * kept of its bytes, appended. Strings are taken from arena. One that is not
 * in quarantine is a MESSAGE error.
 */
int store_quarantine_read(struct store *s, int64_t id, struct arena *arena,
			  struct store_message *m_r, bool *due_r,
			  const char **why_r, struct buf *bytes,
			  struct error *err);

struct store_drop {
	bool some;    /* those that cannot be stay, else none is dropped */
	bool dry_run; /* nothing is, it is only looked for */
};
/*
 * Forgets n of them for good, in a transaction of its own; what has been
 * counted stays counted. *dropped_r: how many. One that is not in quarantine,
 * or that its mailbox still has, is a MESSAGE error unless some will do.
 */
int store_quarantine_drop(struct store *s, const int64_t *ids, size_t n,
			  const struct store_drop *how, size_t *dropped_r,
			  struct error *err);

/*
 * Forgets it, so that store_message_add can take it as new. Only in a batch,
 * in which it is added again.
 */
int store_quarantine_leave(struct store *s, int64_t id, struct error *err);

#endif
