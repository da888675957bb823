/*
 * The parser answers in the order it was asked, so a ring is all that is
 * needed to know what an answer is about.
 */
#include "daemon/window.h"

#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "util/fdio.h"
#include "util/xalloc.h"

void window_init(struct window *w, size_t size)
{
	memset(w, 0, sizeof *w);
	w->ring = xcalloc(size, sizeof *w->ring);
	w->size = size;
}

void window_release(struct window *w)
{
	while (w->count > 0)
		window_drop(w);
	free(w->ring);
}

struct window_entry *window_add(struct window *w,
				const struct mailbox_message *message,
				const uint8_t key[MESSAGE_KEY_BYTES],
				struct span bytes)
{
	struct window_entry *e = &w->ring[(w->first + w->count) % w->size];
	struct span front = span_cut(bytes, STORE_QUARANTINE_BYTES);

	e->id = w->next_id++;
	e->message = *message;
	memcpy(e->key, key, MESSAGE_KEY_BYTES);
	e->front = xmemdupz(front.p, front.n);
	e->front_bytes = front.n;
	e->read_ms = fdio_monotonic_ms();
	w->count++;
	return e;
}

struct window_entry *window_first(struct window *w)
{
	return w->count > 0 ? &w->ring[w->first] : NULL;
}

void window_drop(struct window *w)
{
	free(w->ring[w->first].front);
	w->ring[w->first].front = NULL;
	w->first = (w->first + 1) % w->size;
	w->count--;
}
