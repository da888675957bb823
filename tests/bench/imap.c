/*
 * The floor of an IMAP mailbox: libetpan by itself, over its own socket,
 * fetches every message and moves it, as many at a time as dsnd does. Nothing
 * is looked at, nothing is kept.
 */
#include "bench.h"

#include <libetpan/libetpan.h>

#include "mailbox/imap_fetch.h"
#include "util/xalloc.h"

static void must(mailimap *imap, int result, const char *what)
{
	if (result != MAILIMAP_NO_ERROR &&
	    result != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		bench_fail(what, imap->imap_response ? imap->imap_response
						     : "libetpan fails");
}

static uint32_t *find_all(mailimap *imap, size_t *count_r)
{
	struct mailimap_search_key *all = mailimap_search_key_new_all();
	clist *found = NULL;
	uint32_t *uids;
	size_t n = 0;

	must(imap, mailimap_uid_search(imap, NULL, all, &found), "SEARCH");
	mailimap_search_key_free(all);
	uids = xcalloc((size_t)clist_count(found) + 1, sizeof *uids);
	for (clistiter *i = clist_begin(found); i; i = clist_next(i))
		uids[n++] = *(uint32_t *)clist_content(i);
	mailimap_search_result_free(found);
	imap_sort(uids, n);
	*count_r = n;
	return uids;
}

/* As dsnd asks: the front of each message and its UID. */
static void fetch(mailimap *imap, struct mailimap_set *set, size_t max)
{
	struct mailimap_fetch_type *what =
		mailimap_fetch_type_new_fetch_att_list_empty();
	clist *list = NULL;

	mailimap_fetch_type_new_fetch_att_list_add(
		what, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(
		what, mailimap_fetch_att_new_body_peek_section_partial(
			      mailimap_section_new(NULL), 0, (uint32_t)max));
	must(imap, mailimap_uid_fetch(imap, set, what, &list), "FETCH");
	mailimap_fetch_type_free(what);
	mailimap_fetch_list_free(list);
}

void bench_imap(unsigned port, const char *password, const char *folder)
{
	mailimap *imap = mailimap_new(0, NULL);
	size_t count;
	uint32_t *uids;

	must(imap, mailimap_socket_connect(imap, "127.0.0.1", (uint16_t)port),
	     "connect");
	must(imap, mailimap_login(imap, "bounces", password), "LOGIN");
	must(imap, mailimap_select(imap, "INBOX"), "SELECT");
	uids = find_all(imap, &count);
	for (size_t i = 0; i < count; i += BENCH_BATCH) {
		size_t n = count - i < BENCH_BATCH ? count - i : BENCH_BATCH;
		struct mailimap_set *set = imap_set(uids + i, n);

		fetch(imap, set, (size_t)4 * 1024 * 1024);
		must(imap, mailimap_uid_move(imap, set, folder), "MOVE");
		mailimap_set_free(set);
	}
	free(uids);
	mailimap_logout(imap);
	mailimap_free(imap);
}
