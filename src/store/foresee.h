#ifndef STORE_FORESEE_H
#define STORE_FORESEE_H

#include "store/store.h"

/*
 * What one fact would do to its address, were it recorded now: the guards and
 * the domain's other addresses as they are. Strings are taken from the arena.
 */
struct store_foresight {
	const char *address; /* that would be charged; "": none can be */
	const char *applied; /* "yes", "held" or "no" */
	bool was_mailable, mailable; /* in its stream, before and after */
	const char *source;	     /* of what stops it then, or "" */
	int64_t until_s;	     /* its end, 0: none */
	int64_t count, threshold;    /* soft failures with this; 0: no run */
	int64_t promotes_at_s;	     /* no promotion before, or 0 */
};
int store_foresee(struct store *s, const struct store_message *m,
		  const struct report *report, size_t i,
		  const struct store_verdict *verdict, int64_t now_s,
		  struct arena *arena, struct store_foresight *out_r,
		  struct error *err);

#endif
