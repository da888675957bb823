/*
 * A file of a spool: each event in it is an item of the batch, and the last of
 * them disposes of the file. A crash between two batches finds the first ones
 * known by their ids.
 */
#include "daemon/reader.h"

#include <string.h>

#include "events/events.h"
#include "util/fdio.h"
#include "util/xalloc.h"

struct taking {
	struct reader *r;
	const struct mailbox_message *message;
	int64_t began_ms;
	size_t count;
	struct error *err;
};

static int look(void *ctx, struct event *event)
{
	(void)ctx;
	(void)event;
	return 0;
}

static int take_event(void *ctx, struct event *event)
{
	struct taking *t = ctx;
	struct reader *r = t->r;
	struct store_known known;
	struct batch_item *item;
	struct store_message m;
	int rc;

	mailbox_state_alive(r);
	if (reader_make_room(r, t->err) < 0)
		return -1;
	m = intake_name_event(&r->intake, event, t->message->at_s);
	rc = store_message_known(r->store, &m, &known, t->err);
	if (rc < 0)
		return -1;
	r->fresh += rc == 0;
	t->count++;
	item = batch_add(&r->batch, t->message, m.key);
	item->message.at_s = m.at_s;
	item->more = true;
	if (rc == 1 && !known.earlier) {
		item->known = true;
		item->due = known.due;
		item->kind = known.kind;
		return 0;
	}
	item->report = event->report;
	report_init(&event->report);
	item->ms = fdio_monotonic_ms() - t->began_ms;
	reader_judge_item(r, item);
	return 0;
}

/* Nobody could read the file: the quarantine keeps it, and why. */
static int take_bad(struct taking *t, struct span bytes, const char *why)
{
	struct reader *r = t->r;
	struct span front = span_cut(bytes, STORE_QUARANTINE_BYTES);
	uint8_t key[MESSAGE_KEY_BYTES];
	struct store_known known;
	struct batch_item *item;
	struct store_message m;
	int rc;

	hash_message_key(bytes.p, bytes.n, key);
	m = intake_name(&r->intake, key, t->message->at_s);
	rc = store_message_known(r->store, &m, &known, t->err);
	if (rc < 0 || reader_make_room(r, t->err) < 0)
		return -1;
	r->fresh += rc == 0;
	item = batch_add(&r->batch, t->message, m.key);
	item->report.kind = item->kind = REPORT_UNREADABLE;
	if (rc == 1) {
		item->known = true;
		item->due = known.due;
		return 0;
	}
	item->why = arena_strdup(&item->report.arena, why);
	item->front = xmemdupz(front.p, front.n);
	item->front_bytes = front.n;
	reader_judge_item(r, item);
	return 0;
}

/* Opens and clicks only, say: done with, and nothing to tell. */
static int take_nothing(struct taking *t)
{
	static const uint8_t no_key[MESSAGE_KEY_BYTES];
	struct batch_item *item;

	if (reader_make_room(t->r, t->err) < 0)
		return -1;
	item = batch_add(&t->r->batch, t->message, no_key);
	item->known = true;
	item->kind = REPORT_SUCCESS;
	return 0;
}

int reader_take_events(struct reader *r, const struct mailbox_message *message,
		       struct span bytes, struct error *err)
{
	struct taking t = {.r = r,
			   .message = message,
			   .began_ms = fdio_monotonic_ms(),
			   .err = err};
	uint8_t key[MESSAGE_KEY_BYTES];
	struct error why;

	hash_message_key(bytes.p, bytes.n, key);
	suspects_hold(r->suspects, key);
	if (suspects_gave_up(r->suspects, key))
		return take_bad(&t, bytes, READER_DIED_OF_IT);
	if (message->truncated)
		return take_bad(&t, bytes, "larger than max_message");
	/* Twice: a file is taken as a whole or not at all. */
	if (events_read(r->format, bytes, look, NULL, &why) < 0)
		return take_bad(&t, bytes, why.text);
	if (events_read(r->format, bytes, take_event, &t, err) < 0)
		return -1;
	if (t.count == 0)
		return take_nothing(&t);
	/* Room is made before an item is added: the last one is still there. */
	r->batch.items[r->batch.count - 1].more = false;
	return 0;
}
