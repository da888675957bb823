#ifndef MAILBOX_IMAP_PLACE_H
#define MAILBOX_IMAP_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/mailbox.h"

/*
 * One folder of a mailbox: what is due of it in this scan, and, where messages
 * stay, how far we are. The cursor is the highest UID below which nothing is
 * left to do, with the UIDVALIDITY it belongs to (RFC 3501, 2.3.1.1).
 */
struct imap_place {
	const char *folder; /* borrowed */
	uint32_t validity;  /* 0: not seen yet */
	uint32_t cursor;
	uint32_t noted; /* the cursor as it was written */
	/* Done with above the cursor, in the scans before: ascending. */
	uint32_t *beyond;
	size_t beyond_count;
	/* The scan: ascending. */
	uint32_t *uids;
	bool *done;
	size_t count, at, front;
};

void imap_place_release(struct imap_place *p);
/* The folder was selected: another UIDVALIDITY makes all of it new. */
void imap_place_selected(struct imap_place *p, uint32_t validity);
/* Ends the scan that was; what is there above the cursor. Takes uids. */
void imap_place_begin(struct imap_place *p, uint32_t *uids, size_t count);
void imap_place_end(struct imap_place *p);
/*
 * One of them was disposed of. One that could not be read is never done with,
 * and holds the cursor until it can be, or is gone.
 */
void imap_place_done(struct imap_place *p, uint32_t uid);
/* Takes up to max that are not done with yet off the scan; how many. */
size_t imap_place_take(struct imap_place *p, uint32_t *uids, size_t max);

/* A note of an earlier process, if it is about this folder. */
void imap_place_recall(struct imap_place *p, const char *key,
		       const char *value);
/* Writes the cursor where it moved. memory may be NULL. 0 or -1. */
int imap_place_note(struct imap_place *p, const struct mailbox_memory *memory,
		    struct error *err);

#endif
