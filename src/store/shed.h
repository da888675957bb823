#ifndef STORE_SHED_H
#define STORE_SHED_H

#include <stddef.h>
#include <stdint.h>

#include "policy/policy.h"
#include "util/error.h"

struct history;
struct store;

/*
 * Facts that leave the database, and what stays of them as carry rows. Both
 * retention and forget do so; each in a piece of work of its own.
 */

/* Writes the n-th carry row of an address. 0 or -1. */
int shed_carry(struct store *s, int64_t address, size_t n,
	       const struct policy_event *e, struct error *err);

/*
 * Deletes a fact, and with the last of its facts its message, or what that says
 * where it is still due. 0 or -1.
 */
int shed_fact(struct store *s, int64_t fact, struct error *err);

/*
 * Deletes facts that arrived before before_s and are in no history, up to max
 * of each kind: what people took back, and what comes behind
 * HISTORY_MAX_FACTS. *n_r how many; returns 1 while more may be left, 0, -1.
 */
int shed_uncounted(struct store *s, const struct history *h, int64_t before_s,
		   size_t max, size_t *n_r, struct error *err);

#endif
