#ifndef DAEMON_SUSPECT_H
#define DAEMON_SUSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/error.h"
#include "util/hash.h"

/*
 * A message that readers die of must not end every one of them for ever. Which
 * message it has in hand a reader says in memory that it shares with the
 * supervisor; of one that several died of the next is told to keep off.
 */
#define SUSPECT_DEATHS 3
/* The oldest is tried again when there are more. */
#define SUSPECT_MOST 64

struct suspect_hand; /* shared by the two processes */

struct suspects {
	struct suspect_hand *hand; /* NULL until the first start */
	/* The last reader died: the next takes one message at a time until it
	   has been through all, so that it is known which. */
	bool careful;
	uint8_t key[MESSAGE_KEY_BYTES]; /* the last one to be died of ... */
	unsigned deaths;		/* ... so often in a row */
	uint8_t given_up[SUSPECT_MOST][MESSAGE_KEY_BYTES];
	size_t given_up_count; /* since the start */
};

/* Before the reader is forked, which inherits all of it. 0 or -1. */
int suspects_start(struct suspects *s, struct error *err);
/* The reader ended, by a crash or not: true where a message was given up. */
bool suspects_ended(struct suspects *s, bool crashed);
void suspects_release(struct suspects *s);

/* The reader's side: takes a message in hand; NULL: it has no single one. */
void suspects_hold(struct suspects *s, const uint8_t *key);
bool suspects_gave_up(const struct suspects *s,
		      const uint8_t key[MESSAGE_KEY_BYTES]);

#endif
