#ifndef STORE_TALLY_H
#define STORE_TALLY_H

#include "store/store.h"

/*
 * What a batch adds to the counters, counted in memory and written once: one
 * mailbox's messages by kind, and verdicts by reason.
 */
struct tally {
	const char *mailbox; /* of the messages, or NULL: none yet */
	unsigned messages[REPORT_KIND_COUNT];
	unsigned verdicts[REASON_COUNT][VERDICT_CLASS_COUNT];
	bool any_verdict;
};

void tally_clear(struct tally *t);
void tally_verdict(struct tally *t, const struct judgement *j);
/* Another mailbox than the last message's has the counts written first. */
int tally_message(struct store *s, const char *mailbox, enum report_kind kind,
		  struct error *err);
/* Writes and clears; only in a batch. */
int tally_write(struct store *s, int64_t now_s, struct error *err);

#endif
