#ifndef MAILBOX_IMAP_FETCH_H
#define MAILBOX_IMAP_FETCH_H

#include "mailbox/imap_session.h"

#define IMAP_FETCH_COUNT 100

/* One message of a window. */
struct imap_item {
	uint32_t uid;
	bool there;	   /* the server knew it */
	bool refused;	   /* it did not say, and something was refused */
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
/*
 * Begins a window: asks for sizes and dates of these and for the bytes of small
 * ones, and does not wait for the answer. 0 or -1.
 */
int imap_fetch_ask(struct imap_session *s, struct imap_window *w,
		   const uint32_t *uids, size_t count, struct error *err);
/* Reads the answer. 0 or -1. */
int imap_fetch_hear(struct imap_session *s, struct imap_window *w,
		    struct error *err);
/*
 * The same where other answers are on the way too: what it may take in bytes,
 * what of it came with any of them, and its end, with its result. 0 or -1.
 */
size_t imap_fetch_budget(const struct imap_session *s,
			 const struct imap_window *w);
void imap_window_take(const struct imap_session *s, struct imap_window *w);
int imap_fetch_heard(struct imap_session *s, struct imap_window *w, int result,
		     struct error *err);
/*
 * Whether some are not there: gone, or hidden by one that cannot be read. To
 * ask again tells which. 0 or -1.
 */
bool imap_window_lacks(const struct imap_window *w);
int imap_fetch_again(struct imap_session *s, struct imap_window *w,
		     struct error *err);
/*
 * One item that is refused, asked for by itself: 0 with there set or not, or
 * -1, with scope MESSAGE if it is refused again.
 */
int imap_fetch_alone(struct imap_session *s, struct imap_window *w,
		     struct imap_item *item, struct error *err);
/*
 * The bytes of items[at] and of as many after it as a few MiB hold. Where
 * that is refused, of items[at] alone: -1 with scope MESSAGE if that is
 * refused too. items[at] without bytes after 0 is gone.
 */
int imap_fetch_bytes(struct imap_session *s, struct imap_window *w,
		     struct error *err);

/*
 * A command in words of our own, and the answer: libetpan's results. What is
 * said before an answer was heard is answered after it.
 */
int imap_say(mailimap *imap, const struct buf *command);
int imap_hear(mailimap *imap, int refused);

/* Where the range of consecutive ones that begins at from ends. */
size_t imap_range(const uint32_t *uids, size_t count, size_t from);
/* A set of UIDs in as few ranges as they make; freed by libetpan's caller. */
struct mailimap_set *imap_set(const uint32_t *uids, size_t count);
/* The same in words: "1:3,7". */
void imap_add_set(struct buf *out, const uint32_t *uids, size_t count);
/* Ascending. */
void imap_sort(uint32_t *uids, size_t count);

#endif
