/* The list of a batch; what is done with it is in record.c and dispose.c. */
#include "daemon/batch.h"

#include <stdlib.h>
#include <string.h>

#include "util/fdio.h"
#include "util/xalloc.h"

void batch_init(struct batch *b, size_t size)
{
	memset(b, 0, sizeof *b);
	b->items = xcalloc(size, sizeof *b->items);
	b->size = size;
}

void batch_reset(struct batch *b)
{
	for (size_t i = 0; i < b->count; i++) {
		report_release(&b->items[i].report);
		free(b->items[i].verdicts);
		free(b->items[i].front);
	}
	b->count = 0;
	b->bytes = 0;
}

void batch_release(struct batch *b)
{
	batch_reset(b);
	free(b->items);
}

struct batch_item *batch_add(struct batch *b,
			     const struct mailbox_message *message,
			     const uint8_t key[MESSAGE_KEY_BYTES])
{
	struct batch_item *item = &b->items[b->count];

	if (b->count == b->size)
		abort();
	if (b->count == 0)
		b->since_ms = fdio_monotonic_ms();
	b->count++;
	memset(item, 0, sizeof *item);
	report_init(&item->report);
	item->message = *message;
	memcpy(item->key, key, MESSAGE_KEY_BYTES);
	return item;
}

bool batch_has_news(const struct batch *b)
{
	for (size_t i = 0; i < b->count; i++)
		if (!b->items[i].known)
			return true;
	return false;
}
