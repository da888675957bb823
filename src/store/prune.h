#ifndef STORE_PRUNE_H
#define STORE_PRUNE_H

#include <stdint.h>

#include "util/error.h"

struct store;

/*
 * Deletes rows that nothing speaks of any more and that are older than
 * before_s, a step at a time: 1 while more is left, 0 when done, -1. What is
 * to go is looked for without the write lock.
 */
int prune_step(struct store *s, int64_t before_s, int64_t now_s,
	       struct error *err);

#endif
