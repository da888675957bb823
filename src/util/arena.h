#ifndef UTIL_ARENA_H
#define UTIL_ARENA_H

#include <stddef.h>

struct arena_block;

/*
 * Memory that is given back all at once. Zeroed by arena_init; everything
 * taken from it is borrowed until arena_reset or arena_release.
 */
struct arena {
	struct arena_block *head;
	size_t used; /* bytes handed out since the last reset */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);
/* Forgets everything, keeps one block for the next use. */
void arena_reset(struct arena *a);
/* Zeroed, aligned for any object. */
void *arena_alloc(struct arena *a, size_t size);
/* Aborts when count * size overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);
char *arena_memdupz(struct arena *a, const void *p, size_t n);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
