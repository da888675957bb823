/*
 * The facts of one message live and die together. An arena makes their
 * ownership one line and their release one call.
 */
#include "util/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

/* The first block of an arena: most messages need no other. */
#define FIRST_BYTES (4 * 1024)
#define BLOCK_BYTES (16 * 1024)
/* A block larger than this is not kept from one message to the next. */
#define KEEP_BYTES (256 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) char bytes[];
};

static void free_blocks(struct arena_block *b)
{
	while (b != NULL) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
}

void arena_init(struct arena *a)
{
	*a = (struct arena){0};
}

void arena_release(struct arena *a)
{
	free_blocks(a->head);
	arena_init(a);
}

void arena_reset(struct arena *a)
{
	if (a->head != NULL && a->head->size > KEEP_BYTES) {
		arena_release(a);
	} else if (a->head != NULL) {
		free_blocks(a->head->next);
		a->head->next = NULL;
		a->head->used = 0;
	}
	a->used = 0;
}

static void add_block(struct arena *a, size_t size)
{
	size_t least = a->head ? BLOCK_BYTES : FIRST_BYTES;
	struct arena_block *b;

	if (size < least)
		size = least;
	b = xmalloc(sizeof(*b) + size);
	b->next = a->head;
	b->used = 0;
	b->size = size;
	a->head = b;
}

static void *take(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	size_t rounded;
	void *p;

	if (size > SIZE_MAX / 2)
		abort();
	rounded = (size + align - 1) / align * align;
	if (a->head == NULL || a->head->size - a->head->used < rounded)
		add_block(a, rounded);
	p = a->head->bytes + a->head->used;
	a->head->used += rounded;
	a->used += rounded;
	return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		abort();
	return arena_alloc(a, count * size);
}

char *arena_memdupz(struct arena *a, const void *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		abort();
	copy = take(a, n + 1);
	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_memdupz(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *text;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	text = arena_alloc(a, (size_t)n + 1);
	(void)vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}
