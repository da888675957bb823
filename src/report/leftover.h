#ifndef REPORT_LEFTOVER_H
#define REPORT_LEFTOVER_H

#include "report/reading.h"

/*
 * The last resort, for a report of a mail system in which nobody found a
 * recipient: whom the return path names (verp.h), else the only one that the
 * text names, else the one To address of what came back. Adds nothing unless
 * the words speak of a delivery.
 */
void leftover_read(struct reading *in);

/*
 * The one recipient that the text names: *count_r is how many different ones
 * there are, up to two. The address is appended.
 */
void leftover_mention(const struct reading *in, struct span text,
		      struct buf *out, size_t *count_r);

#endif
