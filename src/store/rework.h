#ifndef STORE_REWORK_H
#define STORE_REWORK_H

#include "store/mend.h"

/*
 * A change of many facts at once: what is to be changed stands in the table
 * temp.rework, which was filled without the write lock. Everything happens in
 * one transaction, an address at a time in bounded memory; at its end every
 * address concerned is folded, none is left to be folded later.
 */
struct rework {
	/* Changes the facts of one address: n of them, ids in facts. */
	int (*change)(struct store *s, int64_t address, const int64_t *facts,
		      size_t n, void *ctx, struct error *err);
	void *ctx;
	const struct store_watch *watch; /* or NULL */
	bool dry_run;			 /* rolled back at the end */
};

/* Makes the table, or empties it. */
int rework_prepare(struct store *s, struct error *err);
int rework_run(struct store *s, const struct rework *w, int64_t now_s,
	       struct store_rework *result_r, struct error *err);

#endif
