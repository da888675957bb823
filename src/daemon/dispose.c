/*
 * What happens to messages once they are recorded. A crash before the note
 * that it was done costs a second look at them, never a second count.
 */
#include "daemon/reader.h"

#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

/* Nobody could read it, so nobody knows what would be lost. */
static const struct disposition never_deleted = {DISPOSAL_MOVE, ".Unreadable"};

static const struct disposition *disposition_of(const struct reader *r,
						enum report_kind kind)
{
	const struct mailbox_settings *s = r->settings;

	switch (kind) {
	case REPORT_UNREADABLE:
		if (s->unrecognised.disposal == DISPOSAL_DELETE)
			return &never_deleted;
		return &s->unrecognised;
	case REPORT_OTHER:
		return &s->unrecognised;
	case REPORT_BOUNCE:
	case REPORT_DELAY:
	case REPORT_SUCCESS:
	case REPORT_COMPLAINT:
	case REPORT_AUTO_REPLY:
	case REPORT_MDN:
		return &s->processed;
	}
	return &s->unrecognised;
}

/* Known ones that an earlier run left due; returns how many. */
static size_t due_keys(const struct batch *b,
		       uint8_t (*keys)[MESSAGE_KEY_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		if (b->items[i].due)
			memcpy(keys[n++], b->items[i].key, MESSAGE_KEY_BYTES);
	}
	return n;
}

int reader_dispose(struct reader *r, struct error *err)
{
	const struct batch *b = &r->batch;
	uint8_t(*keys)[MESSAGE_KEY_BYTES];
	size_t n;
	int rc;

	for (size_t i = 0; i < b->count; i++) {
		const struct batch_item *item = &b->items[i];

		if (item->more)
			continue;
		if (r->driver->dispose(r->box, &item->message,
				       disposition_of(r, item->kind), err) < 0)
			return -1;
	}
	if (r->driver->flush(r->box, err) < 0)
		return -1;
	store_batch_disposed(r->store);
	keys = xcalloc(b->count + 1, sizeof *keys);
	n = due_keys(b, keys);
	rc = store_disposal_done(r->store, keys, n, err);
	free(keys);
	return rc;
}
