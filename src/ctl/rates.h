#ifndef CTL_RATES_H
#define CTL_RATES_H

#include "ctl/ctl.h"
#include "store/store.h"
#include "util/buf.h"

/* Counts of what came back, as stats and report show them. */

/* The heads of the columns, each line with its end; by heads the first. */
void rates_head(const struct ctl *ctl, struct buf *out, const char *by);
void rates_row(const struct ctl *ctl, struct buf *out,
	       const struct store_stats *r);
/* An object on a line of its own; section NULL where it has none. */
void rates_json(struct buf *out, const char *section, const char *by,
		const struct store_stats *r);

#endif
