#ifndef DAEMON_BATCH_H
#define DAEMON_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/window.h"
#include "mailbox/mailbox.h"
#include "report/report.h"
#include "store/store.h"

/*
 * Messages that were read and judged and wait to be recorded together. The
 * database is locked only while that is done, never while mail is read.
 */
struct batch_item {
	struct mailbox_message message;
	uint8_t key[MESSAGE_KEY_BYTES];
	enum report_kind kind;
	bool known; /* recorded before; only to be disposed of */
	bool due;   /* known, and its disposal is to be noted */
	bool more;  /* the same file's next item disposes of it */
	bool stays; /* it could not be disposed of */
	struct report report;
	struct store_verdict *verdicts; /* report.fact_count of them */
	const char *why; /* unreadable: static, or of the report's arena */
	char *front;	 /* unreadable: its first bytes */
	size_t front_bytes;
	int64_t ms; /* from reading to facts */
};

struct batch {
	struct batch_item *items;
	size_t count, size;
	size_t bytes;	  /* facts and verdicts */
	int64_t since_ms; /* of the first item, monotonic */
};

void batch_init(struct batch *b, size_t size);
void batch_release(struct batch *b);
/* Forgets the items, keeps the memory. */
void batch_reset(struct batch *b);

/* The next item, zeroed but for its report (report_init); there is room. */
struct batch_item *batch_add(struct batch *b,
			     const struct mailbox_message *message,
			     const uint8_t key[MESSAGE_KEY_BYTES]);

/* Whether anything in it was not known to the database before. */
bool batch_has_news(const struct batch *b);

#endif
