/*
 * What the database keeps of a mailbox. Status is a convenience: that it
 * cannot be written stops nobody.
 */
#include "daemon/reader.h"

#include <stdio.h>

#include "util/fdio.h"

#define ALIVE_MS 30000

void mailbox_state_alive(struct reader *r)
{
	int64_t now_ms = fdio_monotonic_ms();

	heartbeat(r->beat);
	if (r->heartbeat_ms != 0 && now_ms - r->heartbeat_ms < ALIVE_MS)
		return;
	r->heartbeat_ms = now_ms;
	(void)store_mailbox_heartbeat(r->store, r->settings->name,
				      daemon_now(r->daemon), NULL);
}

/* What the last batch of a scan took is known after its commit only. */
static int write_measures(struct reader *r, struct error *err)
{
	if (store_batch_begin(r->store, rules_hash(r->daemon->rules), err) < 0)
		return -1;
	if (reader_write_measures(r, err) < 0) {
		store_batch_abort(r->store);
		return -1;
	}
	return reader_commit(r, err);
}

int mailbox_state_polled(struct reader *r, struct error *err)
{
	if (r->measures.pending && write_measures(r, err) < 0)
		return -1;
	if (r->stuck == 0 &&
	    store_disposal_settled(r->store, r->settings->name, err) < 0)
		return -1;
	return store_mailbox_polled(r->store, r->settings->name,
				    (int64_t)(r->skipped + r->stuck),
				    daemon_now(r->daemon), err);
}

void mailbox_state_failed(struct reader *r, const struct error *why)
{
	char labels[128];

	snprintf(labels, sizeof labels, "mailbox=\"%s\"", r->settings->name);
	(void)store_metric_add(r->store, "poll_errors_total", labels, 1, NULL);
	(void)store_mailbox_failed(r->store, r->settings->name, why->text,
				   daemon_now(r->daemon), NULL);
}

static int recall(void *ctx,
		  void (*fn)(void *arg, const char *key, const char *value),
		  void *arg, struct error *err)
{
	const struct reader *r = ctx;

	return store_mailbox_notes(r->store, r->settings->name, fn, arg, err);
}

static int note(void *ctx, const char *const *keys, const char *const *values,
		size_t n, struct error *err)
{
	const struct reader *r = ctx;

	return store_mailbox_note(r->store, r->settings->name, keys, values, n,
				  err);
}

struct mailbox_memory mailbox_state_memory(struct reader *r)
{
	return (struct mailbox_memory){
		.ctx = r, .recall = recall, .note = note};
}
