#ifndef REPORT_MIME_H
#define REPORT_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "report/headers.h"
#include "report/report.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/text.h"

/* One leaf of the message; what was sent back inside it counts as a leaf. */
struct part {
	const char
		*type; /* "text/plain", lower case; borrowed from the arena */
	struct headers headers;
	struct span bytes; /* transfer encoding undone; borrowed */
	unsigned depth;	   /* 0: the message's own body */
};

struct parts {
	struct part *list;
	size_t count;
	size_t cap;
	bool partial; /* too deep, too many, or not safe to take apart */
};

/*
 * Takes the body of a message apart into its leaves, in order, by the
 * message's own header. Never fails: what is no MIME is one text/plain part.
 * Everything is borrowed from body or from the arena.
 */
void mime_read(struct parts *p, struct arena *arena, const struct headers *h,
	       struct span body, const struct report_settings *settings);

/*
 * The same without trust in what the headers declare: parts begin at lines
 * "--anything" that a Content- field follows. For messages whose header and
 * body disagree on the boundary.
 */
void mime_scan(struct parts *p, struct arena *arena, struct span body,
	       const struct report_settings *settings);

/* The first part of that type, or NULL. */
const struct part *mime_find(const struct parts *p, const char *type);
bool mime_is(const struct part *p, const char *type);

/* Appends a part's text as UTF-8; HTML becomes plain text. */
void mime_text(struct buf *out, const struct part *p);

/* For mime.c and mime_scan.c: reads header and body of one leaf. */
void mime_add_leaf(struct parts *p, struct arena *arena, struct span raw,
		   unsigned depth, const struct report_settings *settings);

#endif
