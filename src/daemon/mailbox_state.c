/* Status is a convenience: that it cannot be written stops nobody. */
#include "daemon/reader.h"

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

int mailbox_state_polled(struct reader *r, struct error *err)
{
	if (store_disposal_settled(r->store, r->settings->name, err) < 0)
		return -1;
	return store_mailbox_polled(r->store, r->settings->name,
				    (int64_t)r->skipped, daemon_now(r->daemon),
				    err);
}

void mailbox_state_failed(struct reader *r, const struct error *why)
{
	(void)store_mailbox_failed(r->store, r->settings->name, why->text,
				   daemon_now(r->daemon), NULL);
}
