#ifndef MAILBOX_IMAP_FETCH_H
#define MAILBOX_IMAP_FETCH_H

#include "mailbox/imap_session.h"

#define IMAP_FETCH_COUNT 100

/* One message of a window. */
struct imap_item {
	uint32_t uid;
	bool there;	   /* the server knew it */
	bool asked;	   /* for its bytes, in company */
	size_t size_bytes; /* what the server says */
	int64_t at_s;	   /* INTERNALDATE */
	struct buf bytes;  /* its front; len 0: not fetched */
	bool has_bytes;
};

/* Up to 100 messages whose sizes are known, some of them with their bytes. */
struct imap_window {
	struct imap_item items[IMAP_FETCH_COUNT];
	size_t count, at;
};

void imap_window_init(struct imap_window *w);
void imap_window_clear(struct imap_window *w);
void imap_window_release(struct imap_window *w);

/* The UIDs above one that are due, ascending; caller frees with free(). */
int imap_search(struct imap_session *s, uint32_t above, uint32_t **uids_r,
		size_t *count_r, struct error *err);
/* Begins a window: sizes and dates of these; those that are gone are not there.
 */
int imap_fetch_sizes(struct imap_session *s, struct imap_window *w,
		     const uint32_t *uids, size_t count, struct error *err);
/*
 * The bytes of items[at] and of as many after it as a few MiB hold. Where
 * that is refused, of items[at] alone: -1 with scope MESSAGE if that is
 * refused too. items[at] without bytes after 0 is gone.
 */
int imap_fetch_bytes(struct imap_session *s, struct imap_window *w,
		     struct error *err);

/* A set of UIDs in as few ranges as they make; freed by libetpan's caller. */
struct mailimap_set *imap_set(const uint32_t *uids, size_t count);
/* Ascending. */
void imap_sort(uint32_t *uids, size_t count);

#endif
