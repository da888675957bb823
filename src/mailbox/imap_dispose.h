#ifndef MAILBOX_IMAP_DISPOSE_H
#define MAILBOX_IMAP_DISPOSE_H

#include "mailbox/imap_session.h"

/* Messages that go the same way, until they are sent on it together. */
struct imap_pile {
	struct disposition how; /* folder borrowed until close */
	uint32_t *uids;
	size_t count, size;
};

/* At most the two dispositions of a mailbox and one for the unreadable. */
#define IMAP_PILES 4

struct imap_piles {
	struct imap_pile pile[IMAP_PILES];
	size_t count;
};

void imap_piles_release(struct imap_piles *p);
/* 0, or -1 when that is one way too many. */
int imap_piles_add(struct imap_piles *p, const struct disposition *how,
		   uint32_t uid, struct error *err);
/*
 * Sends all of them on their way; a message that is gone already counts as
 * done. *left_r: how many left the folder. 0 or -1 (SOURCE); empties p.
 */
int imap_piles_flush(struct imap_session *s, struct imap_piles *p,
		     size_t *left_r, struct error *err);

#endif
