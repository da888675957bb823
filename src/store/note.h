#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

struct store;

/* Numbers that housekeeping notes for its next step, under a name. */
#define NOTE_MAX 4

/* Zeroes where there is no such note. */
int note_get(struct store *s, const char *name, int64_t *numbers, size_t n,
	     struct error *err);
int note_put(struct store *s, const char *name, const int64_t *numbers,
	     size_t n, struct error *err);

#endif
