#ifndef REPORT_TOKENS_H
#define REPORT_TOKENS_H

#include "report/headers.h"
#include "report/report.h"

/*
 * Adds something in which a signed token may stand to r->tokens, once; what
 * is too long or does not fit any more is left out and makes r partial.
 */
void tokens_add(struct report *r, struct span s);

/* Adds every address that the report's own header says it was sent to. */
void tokens_from_headers(struct report *r, const struct headers *h);

#endif
