#ifndef MAILBOX_IMAP_DISPOSE_H
#define MAILBOX_IMAP_DISPOSE_H

#include "mailbox/imap_session.h"

/* Messages of one folder that go the same way, until they are sent on it. */
struct imap_pile {
	size_t place;		/* the number of the folder */
	struct disposition how; /* its folder is borrowed until close */
	uint32_t *uids;
	size_t count, size;
	size_t said;  /* of the first ones; the answer is on the way */
	bool refused; /* the last ones that were said */
};

/* A few: the dispositions of a mailbox, for each of its folders. */
struct imap_piles {
	struct imap_pile *pile;
	size_t count;
};

void imap_piles_release(struct imap_piles *p);
void imap_piles_add(struct imap_piles *p, size_t place,
		    const struct disposition *how, uint32_t uid);
/* How many make the next command; with all, the last ones do too. */
size_t imap_pile_ready(const struct imap_pile *p, bool all);
/*
 * Moves the first n, in the folder that is selected on a server that can_move,
 * and does not wait for the answer. 0 or -1.
 */
int imap_pile_say(struct imap_session *s, struct imap_pile *p, size_t n,
		  struct error *err);
/* Its result: 0 they are gone, or refused and still to be sent; or -1. */
int imap_pile_heard(struct imap_session *s, struct imap_pile *p, int result,
		    struct error *err);
/*
 * Sends the first n on their way, in the folder that is selected; a message
 * that is gone already counts as done. 0 or -1 (SOURCE).
 */
int imap_pile_send(struct imap_session *s, struct imap_pile *p, size_t n,
		   struct error *err);
/* Forgets the first n. */
void imap_pile_drop(struct imap_pile *p, size_t n);

#endif
