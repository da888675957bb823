#ifndef REPORT_HEADERS_H
#define REPORT_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/buf.h"
#include "util/text.h"

/* More fields than this in one block are not looked at. */
#define HEADERS_MAX_FIELDS 4000

/* One field as it stands in the message: folded, undecoded. */
struct header {
	struct span name;  /* without the colon and the space before it */
	struct span value; /* from behind the colon, without the line end */
};

/* A block of header fields (RFC 5322 2.2), in the order of the message. */
struct headers {
	struct header *fields;
	size_t count;
	uint64_t absent; /* a bit for each kind of name that none has */
	bool partial;	 /* there were more fields than the cap */
	struct span raw; /* the block, its last line end included */
	size_t body;	 /* offset of what follows the blank line */
};

/*
 * Reads the header block that text begins with; it ends at the first line
 * without any text, or where text ends. Lines that are no field and continue
 * none are skipped. Spans are borrowed from text, the array from the arena.
 */
void headers_parse(struct headers *h, struct arena *arena, struct span text);

/* True where line could begin a header field: a name and a colon. */
bool headers_is_field(struct span line);

bool headers_has(const struct headers *h, const char *name);

/* From is an address alone, as programs sign; people have a name beside it. */
bool headers_is_nameless(const struct headers *h);

/* The nth (from 0) raw value of that name; p is NULL where there is none. */
struct span headers_raw(const struct headers *h, const char *name, size_t nth);

/*
 * The first value of that name as UTF-8: unfolded, trimmed, encoded words
 * (RFC 2047) decoded; "" where there is none. Borrowed from the arena.
 */
const char *headers_text(const struct headers *h, struct arena *arena,
			 const char *name);

/* Appends a raw value without its folding; white space at the ends goes. */
void headers_unfold(struct buf *out, struct span raw);

/* The same, and encoded words and stray 8-bit text become UTF-8. */
void headers_decode(struct buf *out, struct span raw);

/*
 * The part of a structured value before the first ';', comments and white
 * space taken off, lower case: the type of a Content-Type. Appended.
 */
void headers_token(struct buf *out, struct span raw);

/*
 * Appends the value of a parameter ("charset", "report-type") of a structured
 * field, unquoted, and returns true; false where there is none. Reads the
 * continuations and percent signs of RFC 2231.
 */
bool headers_param(struct buf *out, struct span raw, const char *name);

/*
 * Takes the next mailbox off *rest, the value of an address field: what
 * stands in angle brackets, else the word with the '@'. Display names,
 * comments and groups are skipped. Returns false when none is left. The
 * mailbox is raw: address_clean decides whether it is one.
 */
bool headers_next_mailbox(struct span *rest, struct span *mailbox_r);

/* Appends the first valid mailbox of an address field; -1 if none. */
int headers_mailbox(struct buf *out, struct span raw);

#endif
