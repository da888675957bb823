#ifndef STORE_REFOLD_H
#define STORE_REFOLD_H

#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct store;

/*
 * Something has changed for more addresses than one transaction should fold:
 * a note of it is kept, and housekeeping folds them in small steps. Questions
 * fold who is not done yet on the spot, so that the change holds at once.
 */

/* In a piece of work: to be folded is a whole domain, or everybody. */
int refold_domain(struct store *s, const char *domain, struct error *err);
int refold_everybody(struct store *s, struct error *err);

/* Does an address wait for it? 1, 0 or -1. */
int refold_waits(struct store *s, int64_t address, struct error *err);

/* One step of up to max addresses: 1 while more is left, 0 when none is. */
int refold_step(struct store *s, size_t max, int64_t now_s, struct error *err);

#endif
