#ifndef MAILBOX_IMAP_MAILBOX_H
#define MAILBOX_IMAP_MAILBOX_H

#include "mailbox/imap_dispose.h"
#include "mailbox/imap_fetch.h"
#include "mailbox/imap_place.h"
#include "mailbox/imap_session.h"

/* Commands that are said before the answer to the one before is heard. */
enum imap_command {
	IMAP_FETCH, /* for the window ahead */
	IMAP_MOVE,  /* of a pile */
};
struct imap_said {
	enum imap_command what;
	int tag;
};

/* What imap.c, imap_send.c and imap_wait.c, the driver, know of a mailbox. */
struct mailbox {
	const struct mailbox_settings *settings;
	const struct mailbox_memory *memory; /* or NULL */
	struct imap_session session;
	struct imap_piles piles; /* recorded, to be sent on their way */
	struct imap_window window, ahead;
	bool asked_ahead;	   /* its answer is on the way, or was heard */
	struct imap_said said[2];  /* in this order; each but once */
	size_t said_count, moving; /* which pile */
	/* The folders to read, and the one that is being read. */
	struct imap_place *places;
	size_t place_count, reading;
	bool at_end;	 /* all of them are read */
	size_t unsure;	 /* messages since all were last known to be gone */
	bool left;	 /* some of this scan could not be sent on their way */
	size_t expected; /* messages in the first folder that are no news */
	/* Waiting. */
	bool idling;
	int64_t idle_ms; /* since */
	int ready_fd;	 /* readable always */
	struct buf notices;
};

/*
 * Goes into a folder, unless it is the one that is selected. No answer is on
 * the way afterwards. 0 or -1.
 */
int imap_mailbox_enter(struct mailbox *m, size_t place, struct error *err);

/* Whether anything is to be kept, so that a cursor is needed. */
bool imap_mailbox_keeps(const struct mailbox *m);

/* imap_send.c: notes that a command was said last. */
void imap_mailbox_said(struct mailbox *m, enum imap_command what);
/* Hears answers until this one, or all, were heard. 0 or -1. */
int imap_mailbox_hear(struct mailbox *m, enum imap_command what,
		      struct error *err);
int imap_mailbox_hear_all(struct mailbox *m, struct error *err);
/*
 * Sends what is ready of the piles on its way, or all of it, and then awaits
 * that it is gone. 0 or -1; then those that are left wait for the next scan.
 */
int imap_send(struct mailbox *m, bool all, struct error *err);
/* The driver's dispose. */
int imap_dispose(struct mailbox *m, const struct mailbox_message *msg,
		 const struct disposition *how, struct error *err);

/* imap_wait.c: the driver's wait_fd and wait_clear. */
int imap_wait_fd(struct mailbox *m);
void imap_wait_clear(struct mailbox *m);

#endif
