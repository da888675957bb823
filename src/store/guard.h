#ifndef STORE_GUARD_H
#define STORE_GUARD_H

#include <stdint.h>

#include "policy/policy.h"
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
/* Calls each for every hour of a key whose kept word is another. */
typedef void (*guard_word_fn)(void *ctx, int64_t hour, enum policy_guard kept,
			      enum policy_guard word);
int guard_verify(struct store *s, const char *scope, const char *key,
		 guard_word_fn each, void *ctx, struct error *err);
/* The count of all in an hour rose by delta. */
int guard_spread_all(struct store *s, int64_t hour, int64_t delta,
		     struct error *err);

#endif
