#ifndef STORE_NAMED_H
#define STORE_NAMED_H

#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/error.h"

struct store;

/*
 * Where some addresses are named outside of their own rows: in the ledger of
 * what was sent, in the bytes of messages that nobody could read, and as those
 * who wrote a message. None has an index by address, so that all are looked for
 * in one pass.
 */
struct named {
	struct store *store;
	struct arena arena;
	const char *const *addresses; /* folded; borrowed */
	struct named_place **places;  /* a list for each address */
};

/* Reads without the write lock. named_release in any case. */
int named_find(struct named *n, struct store *s, const char *const *addresses,
	       size_t count, struct error *err);
void named_release(struct named *n);

/* How often the i-th of them is named in each. */
struct named_counts {
	int64_t ledger, quarantine, written;
};
struct named_counts named_count(const struct named *n, size_t i);

/*
 * Erases those places in one transaction; that a message was unreadable, and
 * why, stays. Nothing where there is none.
 */
int named_erase(const struct named *n, size_t i, struct error *err);

#endif
