#ifndef STORE_DUE_H
#define STORE_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"

struct store;

/*
 * Messages that are recorded and not yet disposed of, as ranges of their ids:
 * one row a batch, where a mark in each message would have each of them
 * written twice.
 */
struct due {
	int64_t first, last;		 /* not written yet; last 0: none */
	const char *mailbox;		 /* theirs; taken from the batch */
	int64_t batch_first, batch_last; /* of the batch at hand */
	int64_t done_first, done_last;	 /* of the last that was committed */
	bool disposed; /* what that one recorded; still to be noted */
};

/* A new message of the batch; another mailbox's begin a range of their own. */
int due_add(struct store *s, const char *mailbox, int64_t id,
	    struct error *err);
/* Writes the range at hand; only in a batch. */
int due_write(struct store *s, struct error *err);
/* The batch at hand has ended, or there is none yet. */
void due_forget(struct due *d);
/* It was committed: it is the last one now. */
void due_committed(struct due *d, const struct due *batch);
/* Takes out what was disposed of meanwhile. */
int due_note(struct store *s, struct error *err);

#endif
