#ifndef CTL_ADDRESSES_H
#define CTL_ADDRESSES_H

#include <stddef.h>

#include "util/arena.h"
#include "util/error.h"

/*
 * The addresses (or "@example.com") that a person names, in their order and
 * each once however it is written: a decision stands in the audit trail once.
 */
struct named_address {
	const char *raw, *folded; /* in the arena */
	size_t at;		  /* which of them, as named */
};
struct addresses {
	struct arena arena;
	struct named_address *list;
	size_t n, cap;
};

/*
 * The n words, where "-" stands for the lines of standard input; blank lines
 * count for nothing, and there may be no address at all. 0, to be released; or
 * -1 with err, which names the line, where one is no address.
 */
int addresses_read(struct addresses *a, char *const *words, size_t n,
		   struct error *err);
void addresses_release(struct addresses *a);

#endif
