#ifndef REPORT_AUTOREPLY_H
#define REPORT_AUTOREPLY_H

#include <stdbool.h>

#include "report/reading.h"

/*
 * True where a program answers in a person's name (RFC 3834 and its habits).
 * Asked only after nothing in the message spoke of a delivery, because real
 * bounces call themselves auto-replied too. report.challenge is set where the
 * answer wants a sender to prove himself.
 */
bool autoreply_is(const struct reading *in);

/*
 * The same by what only such programs write: a field, a subject, or, without a
 * return path, that somebody has left; whatever the text says besides.
 */
bool autoreply_is_marked(const struct reading *in);

/* Its subject opens with what only such programs put there. */
bool autoreply_has_title(const struct reading *in);

/* A help desk thanks for what it got, and may quote all of it. */
bool autoreply_acknowledges(const struct reading *in);

/* It wants a sender to prove himself, or says that it does. */
bool autoreply_asks(const struct reading *in);

/* It calls itself auto-replied, as some mail systems' reports do, too. */
bool autoreply_is_submitted(const struct headers *h);

/*
 * Makes the message an auto-reply about its author: who answers is who was
 * mailed, as far as one can tell. A challenge is its fact's feedback_type.
 */
void autoreply_read(struct reading *in);

#endif
