#ifndef DAEMON_WINDOW_H
#define DAEMON_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "mailbox/mailbox.h"
#include "util/hash.h"
#include "util/text.h"

/*
 * What the reader remembers of the messages that the parser has: what is
 * needed to record and dispose of them. First in, first out.
 */
struct window_entry {
	uint64_t id;
	struct mailbox_message message;
	uint8_t key[MESSAGE_KEY_BYTES];
	char *front; /* its first bytes, for the quarantine */
	size_t front_bytes;
	int64_t read_ms; /* when it was read, monotonic */
};

struct window {
	struct window_entry *ring;
	size_t size, first, count;
	uint64_t next_id;
};

void window_init(struct window *w, size_t size);
void window_release(struct window *w);

/*
 * Adds one message; the window must have room. Copies what it keeps. Returns
 * the new entry, borrowed until it is dropped.
 */
struct window_entry *window_add(struct window *w,
				const struct mailbox_message *message,
				const uint8_t key[MESSAGE_KEY_BYTES],
				struct span bytes);
/* The oldest entry, or NULL. */
struct window_entry *window_first(struct window *w);
/* Drops the oldest entry; what it owned is freed. */
void window_drop(struct window *w);

#endif
