#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/error.h"

struct store;

/* Numbers that are noted for the next step, under a name. */
#define NOTE_MAX 4

/* Zeroes where there is no such note. */
int note_get(struct store *s, const char *name, int64_t *numbers, size_t n,
	     struct error *err);
int note_put(struct store *s, const char *name, const int64_t *numbers,
	     size_t n, struct error *err);

/* The same of a text, which is appended: 1 with it, 0 where there is none. */
int note_get_text(struct store *s, const char *name, struct buf *text,
		  struct error *err);
int note_put_text(struct store *s, const char *name, const char *text,
		  struct error *err);

#endif
