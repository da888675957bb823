#ifndef STORE_TOUCHED_H
#define STORE_TOUCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct contribution;
struct history;
struct pending_fact;

/*
 * The addresses that a piece of work touches, each once. They are folded when
 * it commits.
 */
struct touched_address {
	int64_t id;
	bool is_new;  /* the address was made in this work */
	bool changed; /* its facts change; otherwise only what is around it */
	bool wanted;  /* to be folded in this work, however much there is */
	struct contribution *before; /* what it added to shared counts */
	size_t before_count;
	struct history *history;    /* as it was read, or NULL: to be read */
	struct pending_fact *facts; /* kept, newest first */
};

struct touched {
	struct touched_address *items;
	size_t count, cap;
	size_t *slots; /* open addressing: index + 1 into items */
	size_t slot_count;
};

void touched_init(struct touched *t);
void touched_release(struct touched *t);
void touched_clear(struct touched *t);
/* The address's entry, made where it is missing: *new_r says so. */
struct touched_address *touched_add(struct touched *t, int64_t id, bool *new_r);

#endif
