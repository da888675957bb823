#ifndef MAILBOX_IMAP_DISPOSE_H
#define MAILBOX_IMAP_DISPOSE_H

#include "mailbox/imap_session.h"

/* Messages of one folder that go the same way, until they are sent on it. */
struct imap_pile {
	size_t place;		/* the number of the folder */
	struct disposition how; /* its folder is borrowed until close */
	uint32_t *uids;
	size_t count, size;
};

/* A few: the dispositions of a mailbox, for each of its folders. */
struct imap_piles {
	struct imap_pile *pile;
	size_t count;
};

void imap_piles_release(struct imap_piles *p);
void imap_piles_add(struct imap_piles *p, size_t place,
		    const struct disposition *how, uint32_t uid);
/*
 * Sends all of a pile on their way, in the folder that is selected; a message
 * that is gone already counts as done. 0 or -1 (SOURCE).
 */
int imap_pile_flush(struct imap_session *s, struct imap_pile *p,
		    struct error *err);

#endif
