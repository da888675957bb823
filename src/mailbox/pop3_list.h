#ifndef MAILBOX_POP3_LIST_H
#define MAILBOX_POP3_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox/pop3_session.h"
#include "util/error.h"

/* RFC 1939, 7: what UIDL may tell. */
#define POP3_UID_BYTES 71

/* One message as a session numbers it. */
struct pop3_entry {
	char uid[POP3_UID_BYTES];
	uint32_t number;
	uint64_t size_bytes;
	bool handed;  /* out in this scan */
	bool deleted; /* in this session */
};

/* What lies in the maildrop, in the order of its numbers. */
struct pop3_list {
	struct pop3_entry *entries;
	size_t count, size;
	bool more;    /* than we list at once: left to the next session */
	size_t found; /* where the last one was */
};

/*
 * Asks a session for all of it: UIDL, then LIST. A message that was handed out
 * by the list before stays so. 0 or -1 (SOURCE).
 */
int pop3_list_read(struct pop3_list *l, struct pop3_session *s,
		   struct error *err);
void pop3_list_release(struct pop3_list *l);
/* NULL where it is no longer there, or deleted in this session. */
struct pop3_entry *pop3_list_find(struct pop3_list *l, const char *uid);
struct pop3_entry *pop3_list_at(const struct pop3_list *l, uint32_t number);

/* A sorted set of UIDs; zeroed, an empty one. */
struct pop3_set {
	char (*uids)[POP3_UID_BYTES];
	size_t count, size;
};

void pop3_set_add(struct pop3_set *s, const char *uid);
/* After all were added, before one is looked for. */
void pop3_set_sort(struct pop3_set *s);
bool pop3_set_has(const struct pop3_set *s, const char *uid);
void pop3_set_release(struct pop3_set *s);

#endif
