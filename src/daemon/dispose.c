/*
 * What happens to messages once they are recorded. A crash before the note
 * that it was done costs a second look at them, never a second count.
 */
#include "daemon/reader.h"

#include <stdlib.h>
#include <string.h>

#include "util/log.h"
#include "util/xalloc.h"

/* With more in one scan it is the mailbox that fails, not a file in it. */
#define STUCK_MOST 100

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

/* Known ones that an earlier run left due, or with those of this batch. */
static size_t done_keys(const struct batch *b, bool new_too,
			uint8_t (*keys)[MESSAGE_KEY_BYTES])
{
	size_t n = 0;

	for (size_t i = 0; i < b->count; i++) {
		const struct batch_item *item = &b->items[i];

		if (!item->stays && (item->due || (new_too && !item->known)))
			memcpy(keys[n++], item->key, MESSAGE_KEY_BYTES);
	}
	return n;
}

/* Not all of the batch went, or nobody knows whether it did. */
static void leave_batch(struct reader *r)
{
	if (batch_has_news(&r->batch))
		store_batch_stays(r->store);
}

/*
 * They stay due until it is known that all of them are gone. Where one is not
 * to go, the others of its batch are noted one by one.
 */
static void hold_back(struct reader *r, bool some_stay)
{
	if (some_stay)
		leave_batch(r);
	r->held = xreallocarray(r->held, r->held_count + r->batch.count,
				sizeof *r->held);
	r->held_count +=
		done_keys(&r->batch, some_stay, r->held + r->held_count);
}

static int note_held(struct reader *r, struct error *err)
{
	size_t n = r->held_count;

	r->held_count = 0;
	store_batches_disposed(r->store);
	return store_disposal_done(r->store, r->held, n, err);
}

/* 0, 1 where it stays and the others go on, -1. */
static int dispose_of(struct reader *r, struct batch_item *item,
		      struct error *err)
{
	if (item->more)
		return 0;
	if (r->driver->dispose(r->box, &item->message,
			       disposition_of(r, item->kind), err) == 0)
		return 0;
	if (err->scope != ERROR_MESSAGE)
		return -1;
	log_msg(LOG_LEVEL_WARNING, "mailbox %s: %s; it stays",
		r->settings->name, err->text);
	item->stays = true;
	if (++r->stuck <= STUCK_MOST)
		return 1;
	err->scope = ERROR_SOURCE;
	return -1;
}

int reader_flush(struct reader *r, struct error *err)
{
	int rc = r->driver->flush(r->box, err);

	if (rc < 0)
		return -1;
	return rc == 1 ? 0 : note_held(r, err);
}

static int dispose_all(struct reader *r, bool *some_stay_r, struct error *err)
{
	*some_stay_r = false;
	for (size_t i = 0; i < r->batch.count; i++) {
		int rc;

		mailbox_state_alive(r);
		rc = dispose_of(r, &r->batch.items[i], err);
		if (rc < 0)
			return -1;
		*some_stay_r = *some_stay_r || rc == 1;
	}
	return 0;
}

int reader_dispose(struct reader *r, struct error *err)
{
	bool some_stay;

	if (dispose_all(r, &some_stay, err) < 0) {
		leave_batch(r);
		return -1;
	}
	hold_back(r, some_stay);
	return reader_flush(r, err);
}
