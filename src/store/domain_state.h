#ifndef STORE_DOMAIN_STATE_H
#define STORE_DOMAIN_STATE_H

#include "store/history.h"
#include "store/store.h"

/* What the addresses of a domain make of the domain itself. */
struct domain_state {
	bool suppressed;
	size_t hits; /* witnesses that count */
	int64_t since_s, until_s;
	int64_t next_s; /* when a hold on a witness ends, or 0 */
};

/* h is the history of the domain's own entry. 0 or -1. */
int domain_state_fold(struct store *s, const struct history *h, int64_t now_s,
		      struct arena *a, struct domain_state *state_r,
		      struct error *err);

#endif
