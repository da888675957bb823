#ifndef CTL_REWORK_H
#define CTL_REWORK_H

#include "ctl/ctl.h"
#include "ctl/progress.h"
#include "store/mend.h"

/*
 * What undo and reclassify print alike: each address that reads differently,
 * then what it came to. show: the addresses too, not only the sum.
 */
struct rework_print {
	struct ctl *ctl;
	struct buf out;
	struct error err;
	struct progress progress;
	bool show;
	struct store_watch watch; /* to be handed to the store */
};

/* p stays where it is until rework_print_end. */
void rework_print_start(struct rework_print *p, struct ctl *ctl, bool show);
/* verb: "undone", "would be undone". */
void rework_print_sum(struct rework_print *p, const char *verb,
		      const struct store_rework *r);
/* Where nobody knows what that would do to their addresses. */
void rework_print_count(struct rework_print *p, const char *verb,
			int64_t verdicts);
/* Writes what is left; 0, or -1 with p->err. */
int rework_print_end(struct rework_print *p);

#endif
