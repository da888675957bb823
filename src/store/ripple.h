#ifndef STORE_RIPPLE_H
#define STORE_RIPPLE_H

#include <stddef.h>

#include "store/contribution.h"

/*
 * What a change of shared counts does to others: an hour that a guard begins
 * or ceases to hold, an hour that becomes the domain's own trouble, a domain
 * that takes no mail. The addresses concerned join those to be folded.
 */
struct ripple {
	struct contribution *keys; /* whose counts changed; heap */
	size_t count, cap;
};

void ripple_init(struct ripple *r);
void ripple_release(struct ripple *r);
void ripple_clear(struct ripple *r);
/* key strings must outlive the ripple's use; delta: of its first value. */
void ripple_add(struct ripple *r, const struct contribution *key,
		int64_t delta);
/* Sets the flags anew and touches whom they concern. */
int ripple_spread(struct store *s, struct ripple *r, struct error *err);
/* The same for every hour there is; touches many. */
int ripple_everything(struct store *s, struct error *err);

#endif
