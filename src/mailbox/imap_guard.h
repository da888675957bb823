#ifndef MAILBOX_IMAP_GUARD_H
#define MAILBOX_IMAP_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"

#define IMAP_GUARD_HEAD 32
#define IMAP_GUARD_TAIL 24

/*
 * What of a server's words libetpan gets to see: answers to what we ask, and no
 * others, in a form that it survives.
 */
struct imap_guard {
	struct buf line;	    /* not yet judged, or held */
	char tail[IMAP_GUARD_TAIL]; /* of the line so far */
	size_t tail_len;
	bool greeted;	      /* a line of the server has passed */
	bool judged, dropped; /* this line */
	bool held;	      /* until it has ended */
	bool has_literals;    /* its kind may have some */
	bool is_bye;
	bool in_brace;	    /* behind a '{' and digits */
	uint64_t number;    /* those */
	uint64_t literal;   /* bytes to come that are no line */
	uint64_t announced; /* the largest literal so far */
	bool bye;	    /* the server has said so */
};

/* The beginning of a connection. */
void imap_guard_init(struct imap_guard *g);
void imap_guard_release(struct imap_guard *g);

/*
 * Takes up to n bytes, appends what may pass to *out, and returns how many it
 * took: fewer than n only behind a BYE, after which there is nothing to hear.
 */
size_t imap_guard_take(struct imap_guard *g, const char *p, size_t n,
		       struct buf *out);

/* Whether a line has begun and not ended. */
bool imap_guard_is_within(const struct imap_guard *g);

#endif
