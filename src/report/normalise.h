#ifndef REPORT_NORMALISE_H
#define REPORT_NORMALISE_H

#include "util/buf.h"
#include "util/text.h"

/*
 * Appends the message in the shape that its readers expect: without what mail
 * stores put before the header (blank lines, mbox "From " lines, a byte order
 * mark), with LF for a CR where no LF occurs at all, and without the lines
 * inside part headers that are no field and would end the header early.
 * Everything else is kept byte for byte, NULs included.
 */
void normalise(struct buf *out, struct span message);

#endif
