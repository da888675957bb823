#ifndef STORE_DUE_H
#define STORE_DUE_H

#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct store;

/* The ids that a batch gave, from the first to the last; last 0: none. */
struct due_batch {
	int64_t first, last;
};

/*
 * Messages that are recorded and not yet disposed of, as ranges of their ids:
 * one row a batch, where a mark in each message would have each of them
 * written twice.
 */
struct due {
	int64_t first, last;	 /* not written yet; last 0: none */
	const char *mailbox;	 /* theirs; taken from the batch */
	struct due_batch batch;	 /* the one at hand; last 0: empty */
	struct due_batch *waits; /* committed and not noted, in order */
	size_t count, cap;
	size_t disposed; /* of these, still to be noted */
};

/* A new message of the batch; another mailbox's begin a range of their own. */
int due_add(struct store *s, const char *mailbox, int64_t id,
	    struct error *err);
/* Writes the range at hand; only in a batch. */
int due_write(struct store *s, struct error *err);
/* The batch at hand has ended, or there is none yet. */
void due_forget(struct due *d);
/* It was committed, and with it what due_note took out before. */
void due_committed(struct due *d, struct due_batch batch);
/* Takes out what was disposed of meanwhile. */
int due_note(struct store *s, struct error *err);
void due_release(struct due *d);

#endif
