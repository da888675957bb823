/* Which messages are due. */
#include <stdlib.h>

#include <libetpan/libetpan.h>

#include "mailbox/imap_fetch.h"
#include "util/xalloc.h"

/* "* SEARCH" is one line: up to eleven bytes a message. */
#define SEARCH_BYTES_EACH 16

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void imap_sort(uint32_t *uids, size_t count)
{
	qsort(uids, count, sizeof *uids, by_number);
}

struct mailimap_set *imap_set(const uint32_t *uids, size_t count)
{
	struct mailimap_set *set = mailimap_set_new_empty();
	size_t end;

	for (size_t i = 0; set && i < count; i = end) {
		for (end = i + 1; end < count; end++) {
			if (uids[end] - uids[i] != end - i)
				break;
		}
		mailimap_set_add_interval(set, uids[i], uids[end - 1]);
	}
	return set;
}

static struct mailimap_search_key *
key_new(int type, const char *keyword, struct mailimap_set *uids, clist *all)
{
	return mailimap_search_key_new(
		type, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
		NULL, NULL, keyword ? xstrdup(keyword) : NULL, NULL, NULL, 0,
		NULL, NULL, NULL, NULL, NULL, NULL, 0, uids, NULL, all);
}

/*
 * With move and delete whatever is there is due. With keep our mark says what
 * is not; and where nothing is expunged, what is marked as deleted is gone.
 */
static struct mailimap_search_key *unmarked(const struct imap_session *s)
{
	const struct mailbox_settings *m = s->settings;

	if ((m->processed.disposal == DISPOSAL_KEEP ||
	     m->unrecognised.disposal == DISPOSAL_KEEP) &&
	    s->can_keyword)
		return key_new(MAILIMAP_SEARCH_KEY_UNKEYWORD, IMAP_KEYWORD,
			       NULL, NULL);
	if (!s->can_move && !s->can_expunge)
		return key_new(MAILIMAP_SEARCH_KEY_UNDELETED, NULL, NULL, NULL);
	return key_new(MAILIMAP_SEARCH_KEY_ALL, NULL, NULL, NULL);
}

/* ... of those above a UID; 0 as an end is "*". */
static struct mailimap_search_key *due(const struct imap_session *s,
				       uint32_t above)
{
	clist *both;

	if (above == 0)
		return unmarked(s);
	both = clist_new();
	clist_append(both,
		     key_new(MAILIMAP_SEARCH_KEY_UID, NULL,
			     mailimap_set_new_interval(above + 1, 0), NULL));
	clist_append(both, unmarked(s));
	return key_new(MAILIMAP_SEARCH_KEY_MULTIPLE, NULL, NULL, both);
}

int imap_search(struct imap_session *s, uint32_t above, uint32_t **uids_r,
		size_t *count_r, struct error *err)
{
	size_t exists = s->imap->imap_selection_info->sel_exists;
	struct mailimap_search_key *key = due(s, above);
	clist *found = NULL;
	uint32_t *uids;
	size_t n = 0;
	int result;

	imap_session_command(s, IMAP_SMALL_ANSWER + exists * SEARCH_BYTES_EACH);
	result = mailimap_uid_search(s->imap, NULL, key, &found);
	mailimap_search_key_free(key);
	if (imap_session_check(s, result, err, "SEARCH") < 0)
		return -1;
	uids = xcalloc((size_t)clist_count(found) + 1, sizeof *uids);
	for (clistiter *i = clist_begin(found); i; i = clist_next(i))
		uids[n++] = *(uint32_t *)clist_content(i);
	mailimap_search_result_free(found);
	imap_sort(uids, n);
	/*
	 * Twice the same would be two messages to whoever asks for them; and
	 * "9:*" has the last one even where that is 7.
	 */
	*count_r = 0;
	for (size_t i = 0; i < n; i++) {
		if (uids[i] > above &&
		    (*count_r == 0 || uids[*count_r - 1] != uids[i]))
			uids[(*count_r)++] = uids[i];
	}
	*uids_r = uids;
	return 0;
}
