#ifndef REPORT_TRANSCRIPT_H
#define REPORT_TRANSCRIPT_H

#include <stddef.h>

#include "report/format.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/text.h"

/*
 * The transcript of a session as sendmail writes it:
 *	... while talking to mx.example.com.:
 *	>>> RCPT To:<a@example.com>
 *	<<< 550 5.1.1 no such user
 *	550 5.1.1 <a@example.com>... User unknown
 * One exchange is a reply and what our relay made of it; either may be
 * missing.
 */
struct exchange {
	struct span host;
	struct span command; /* the line ">>> ...", or empty */
	struct span reply;   /* the lines "<<< ...", or empty */
	struct span echo;    /* what the relay says itself, or empty */
	struct span address; /* whom the echo names, or empty */
	struct span asked;   /* whom a command RCPT names, or empty */
};

struct transcript {
	struct exchange *list;
	size_t count;
	struct span expired; /* "Message could not be delivered for ..." */
};

/* Spans are borrowed from text, the list from the arena. */
void transcript_read(struct transcript *t, struct arena *arena,
		     struct span text);

/*
 * The exchange that explains why this recipient failed: one about it, else
 * one that holds the reason, else the last that names nobody. NULL where
 * there is none.
 */
const struct exchange *transcript_find(const struct transcript *t,
				       struct span address, struct span final,
				       struct span reason);

/* The last one with a reply that is no consequence of another, or NULL. */
const struct exchange *transcript_last_reply(const struct transcript *t);

/* Appends the exchange as words: host, command, and the reply as one line. */
void transcript_words(const struct transcript *t, const struct exchange *e,
		      struct buf *words);

#endif
