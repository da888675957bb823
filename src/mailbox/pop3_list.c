/*
 * A maildrop's list. Numbers are worth something within one session only, so
 * everybody else speaks of UIDs.
 */
#include "mailbox/pop3_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/num.h"
#include "util/xalloc.h"

/* Some hundred thousand messages; more of them are a broken server's. */
#define MAX_ANSWER ((size_t)32 * 1024 * 1024)
#define MAX_ENTRIES 100000

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

void pop3_set_add(struct pop3_set *s, const char *uid)
{
	if (s->count == s->size) {
		s->size = s->size ? s->size * 2 : 64;
		s->uids = xreallocarray(s->uids, s->size, sizeof *s->uids);
	}
	snprintf(s->uids[s->count++], sizeof *s->uids, "%s", uid);
}

void pop3_set_sort(struct pop3_set *s)
{
	if (s->count > 1)
		qsort(s->uids, s->count, sizeof *s->uids, compare);
}

bool pop3_set_has(const struct pop3_set *s, const char *uid)
{
	return s->count > 0 &&
	       bsearch(uid, s->uids, s->count, sizeof *s->uids, compare);
}

void pop3_set_release(struct pop3_set *s)
{
	free(s->uids);
	memset(s, 0, sizeof *s);
}

void pop3_list_release(struct pop3_list *l)
{
	free(l->entries);
	memset(l, 0, sizeof *l);
}

/* They are asked for nearly in their order: from the last one on, round. */
struct pop3_entry *pop3_list_find(struct pop3_list *l, const char *uid)
{
	for (size_t i = 0; i < l->count; i++) {
		size_t at = (l->found + i) % l->count;

		if (!l->entries[at].deleted &&
		    strcmp(l->entries[at].uid, uid) == 0) {
			l->found = at;
			return &l->entries[at];
		}
	}
	return NULL;
}

struct pop3_entry *pop3_list_at(const struct pop3_list *l, uint32_t number)
{
	size_t low = 0, high = l->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (l->entries[mid].number < number)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->count && l->entries[low].number == number
		       ? &l->entries[low]
		       : NULL;
}

static int nonsense(const char *command, struct error *err)
{
	return error_set(err, ERROR_SOURCE,
			 "the server's answer to %s makes no sense", command);
}

/* "12 abc": two words, the first one above `above`. */
static int read_pair(struct span line, uint32_t above, uint32_t *number_r,
		     struct span *word_r)
{
	struct span number;
	uint64_t n;

	if (!span_next_word(&line, &number) || !span_next_word(&line, word_r) ||
	    num_u64(number.p, number.n, UINT32_MAX, &n) < 0 || n <= above)
		return -1;
	*number_r = (uint32_t)n;
	return 0;
}

static int add_entry(struct pop3_list *l, struct span line, struct error *err)
{
	uint32_t above = l->count > 0 ? l->entries[l->count - 1].number : 0;
	struct pop3_entry *e;
	struct span uid;

	if (l->count == l->size) {
		l->size = l->size ? l->size * 2 : 64;
		l->entries =
			xreallocarray(l->entries, l->size, sizeof *l->entries);
	}
	e = &l->entries[l->count];
	memset(e, 0, sizeof *e);
	if (read_pair(line, above, &e->number, &uid) < 0 ||
	    uid.n >= sizeof e->uid)
		return nonsense("UIDL", err);
	for (size_t i = 0; i < uid.n; i++) {
		if (uid.p[i] < '!' || uid.p[i] > '~')
			return nonsense("UIDL", err);
	}
	memcpy(e->uid, uid.p, uid.n);
	l->count++;
	return 0;
}

static int read_uids(struct pop3_list *l, struct pop3_session *s,
		     struct error *err)
{
	struct span line;
	int rc = pop3_session_command(s, MAX_ANSWER, err, "UIDL");

	if (rc == 1)
		return error_wrap(err, "without UIDL messages cannot be told "
				       "apart");
	while (rc >= 0 && (rc = pop3_session_line(s, &line, err)) == 1) {
		l->more = l->count == MAX_ENTRIES;
		if (!l->more && add_entry(l, line, err) < 0)
			return -1;
	}
	return rc;
}

static int read_sizes(struct pop3_list *l, struct pop3_session *s,
		      struct error *err)
{
	struct pop3_entry *e;
	struct span line, word;
	uint32_t number = 0;
	int rc = pop3_session_command(s, MAX_ANSWER, err, "LIST");

	if (rc == 1)
		return error_wrap(err, "LIST");
	while (rc >= 0 && (rc = pop3_session_line(s, &line, err)) == 1) {
		if (read_pair(line, number, &number, &word) < 0)
			return nonsense("LIST", err);
		e = pop3_list_at(l, number);
		if (e &&
		    num_u64(word.p, word.n, UINT32_MAX, &e->size_bytes) < 0)
			return nonsense("LIST", err);
	}
	return rc;
}

int pop3_list_read(struct pop3_list *l, struct pop3_session *s,
		   struct error *err)
{
	struct pop3_set handed = {0};
	int rc;

	for (size_t i = 0; i < l->count; i++) {
		if (l->entries[i].handed)
			pop3_set_add(&handed, l->entries[i].uid);
	}
	pop3_set_sort(&handed);
	l->count = l->found = 0;
	l->more = false;
	rc = read_uids(l, s, err);
	if (rc == 0)
		rc = read_sizes(l, s, err);
	for (size_t i = 0; i < l->count; i++)
		l->entries[i].handed = pop3_set_has(&handed, l->entries[i].uid);
	pop3_set_release(&handed);
	return rc;
}
