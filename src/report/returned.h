#ifndef REPORT_RETURNED_H
#define REPORT_RETURNED_H

#include "report/headers.h"
#include "report/mime.h"
#include "report/report.h"
#include "util/arena.h"
#include "util/text.h"

/* The part that holds what we sent, or NULL. */
const struct part *returned_find(const struct parts *parts);

/*
 * Reads the header block that text begins with into r->returned; text may go
 * on with the body. Returns true where it looked like one of a message (two
 * of its usual fields, or one and a MIME part that says so). *headers_r is
 * borrowed from text and scratch.
 */
bool returned_read(struct report *r, struct arena *scratch, struct span text,
		   const struct report_settings *settings,
		   struct headers *headers_r);

/* Two usual fields of a mail within the few lines from here on. */
bool returned_begins(struct span text);

/*
 * The header block of the original inside a text that people were to read:
 * what follows the offset at which a reader saw it begin, or, where it saw
 * none (from is text.n), a block that looks like one. Empty if there is none.
 */
struct span returned_inline(struct span text, size_t from);

/*
 * A raw header block as it is kept: CRLF at every line end, and cut between
 * two lines where it is longer than REPORT_MAX_HEADERS. From r->arena.
 */
struct span returned_block(struct report *r, struct span raw);

/* What stands between the last '<' and '>' of text, or all of it. */
const char *returned_id(struct report *r, const char *text);

#endif
