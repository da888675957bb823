#ifndef STORE_OURS_H
#define STORE_OURS_H

#include "util/error.h"

struct store;

/*
 * Our own domains (NULL-terminated) are allowed from the start: each on which
 * no person has a word gets an allow entry, dated 0, so that no decision of a
 * person gives way to it. One that is not among them any more loses it. In a
 * piece of work.
 */
int ours_allow(struct store *s, const char *const *domains, struct error *err);

#endif
