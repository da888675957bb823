#ifndef STORE_RIPPLE_H
#define STORE_RIPPLE_H

#include <stdbool.h>
#include <stddef.h>

#include "store/contribution.h"

/*
 * What a change of shared counts does to others: an hour that a guard begins
 * or ceases to hold, an hour that becomes the domain's own trouble, a domain
 * that takes no mail. The addresses concerned join those to be folded.
 */
struct ripple {
	struct contribution *keys; /* whose sums change, and by what; heap */
	size_t count, cap;
	bool written; /* the sums are in the database already */
};

void ripple_init(struct ripple *r);
void ripple_release(struct ripple *r);
void ripple_clear(struct ripple *r);
/* A difference of one address; its strings must outlive the ripple's use. */
void ripple_add(struct ripple *r, const struct contribution *delta);
/* Writes the sums, sets the flags anew and touches whom they concern. */
int ripple_spread(struct store *s, struct ripple *r, struct error *err);
/*
 * The flags of all hours there are, in pieces of work of its own; whom they
 * concern is not folded.
 */
int ripple_everything(struct store *s, int64_t now_s, struct error *err);

#endif
