#ifndef STORE_DECISION_H
#define STORE_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "util/error.h"
#include "util/hash.h"

struct arena;
struct store;
struct store_decision;

/* One row of what people decided; strings are borrowed, "" where none. */
struct decision_row {
	const char *action, *folded, *stream, *who, *note;
	int64_t address;
	int64_t fact; /* of apply, drop, undo and redo; else 0 */
	int64_t at_s, until_s;
	bool force, imported;
	const char *reason; /* of what is imported, by our name; NULL as "" */
};

/* Equal decisions have equal keys, whatever row they are in. */
void decision_key(const struct decision_row *r, uint8_t key[MESSAGE_KEY_BYTES]);
/* Appends it; its content gives its key. In a transaction. */
int decision_insert(struct store *s, const struct decision_row *r,
		    struct error *err);
/*
 * The same of what a person or dsnd said, in a piece of work, which folds what
 * it touches; *address_r is the row it is about.
 */
int decision_add(struct store *s, const struct store_decision *d,
		 struct arena *arena, int64_t *address_r, struct error *err);

#endif
