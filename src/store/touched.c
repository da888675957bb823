/*
 * A set of address ids. A batch may touch thousands of them (a report of 5000
 * recipients, a guard hour that flips), so that a linear search would not do.
 */
#include "store/touched.h"

#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

#define FIRST_SLOTS 256 /* a power of two */

void touched_init(struct touched *t)
{
	memset(t, 0, sizeof(*t));
}

void touched_release(struct touched *t)
{
	free(t->items);
	free(t->slots);
	touched_init(t);
}

void touched_clear(struct touched *t)
{
	t->count = 0;
	if (t->slots)
		memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
}

/* The slot that holds id, or the free one where it belongs. */
static size_t slot_of(const struct touched *t, int64_t id)
{
	uint64_t hash = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15);
	size_t slot = (size_t)(hash >> 32) & (t->slot_count - 1);

	while (t->slots[slot] && t->items[t->slots[slot] - 1].id != id)
		slot = (slot + 1) & (t->slot_count - 1);
	return slot;
}

static void grow(struct touched *t)
{
	t->cap = t->cap ? t->cap * 2 : FIRST_SLOTS / 2;
	t->items = xreallocarray(t->items, t->cap, sizeof(*t->items));
	free(t->slots);
	t->slot_count = t->cap * 2;
	t->slots = xcalloc(t->slot_count, sizeof(*t->slots));
	for (size_t i = 0; i < t->count; i++)
		t->slots[slot_of(t, t->items[i].id)] = i + 1;
}

struct touched_address *touched_add(struct touched *t, int64_t id, bool *new_r)
{
	size_t slot;

	if (t->count == t->cap)
		grow(t);
	slot = slot_of(t, id);
	*new_r = t->slots[slot] == 0;
	if (*new_r) {
		t->items[t->count] = (struct touched_address){.id = id};
		t->slots[slot] = ++t->count;
	}
	return &t->items[t->slots[slot] - 1];
}
