#ifndef UTIL_SYNTAX_H
#define UTIL_SYNTAX_H

#include "util/buf.h"
#include "util/text.h"

/*
 * libconfig says "syntax error" and a line, which may be far behind the
 * mistake. This looks a text through that it has refused, for what stands where
 * something else has to: appends what libconfig said, and what is to be said
 * about it. Returns the line, or 0 where libconfig's is right.
 */
unsigned syntax_fault(struct span text, const char *said, struct buf *what);

#endif
