#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include <stdint.h>

#include "util/error.h"

struct store;

/*
 * The guards' words on whole hours, kept in the database: decided anew when
 * counts change, whatever came first. The addresses concerned join those to
 * be folded.
 */
#define GUARD_SCOPE_ALL "all"

/* The counts of one key changed, in hours from..to. */
int guard_spread(struct store *s, const char *scope, const char *key,
		 int64_t from, int64_t to, struct error *err);
/* The count of all in an hour rose by delta. */
int guard_spread_all(struct store *s, int64_t hour, int64_t delta,
		     struct error *err);

#endif
