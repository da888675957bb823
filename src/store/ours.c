/*
 * Our own domains are allowed from the start: entries that are made and taken
 * back by themselves, as long as no person has a word on the domain.
 */
#include <string.h>

#include "store/internal.h"
#include "store/store.h"
#include "util/address.h"
#include "util/arena.h"
#include "util/buf.h"

/*
 * Before all times: what a person has said of one of its addresses, even before
 * the domain was known to be ours, is the later word.
 */
#define BEFORE_ALL_S 0

static int say(struct store *s, const char *entry, enum store_action action,
	       const char *why, int64_t now_s, struct error *err)
{
	const struct store_decision d = {.action = action,
					 .address = span_of(entry),
					 .stream = "",
					 .who = "dsnd",
					 .note = why,
					 .at_s = BEFORE_ALL_S};

	return store_decide(s, &d, 1, now_s, NULL, err);
}

/* 1 where nobody has a word on it, or the last one took it back; 0, -1. */
static int is_open(struct store *s, const char *entry, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_DECISION_LAST);
	query_text(&q, entry);
	got = query_step(&q, err);
	if (got <= 0)
		return got < 0 ? -1 : 1;
	got = row_int(&q) == BEFORE_ALL_S && strcmp(row_text(&q), "allow") != 0;
	query_end(&q);
	return got;
}

static int allow(struct store *s, const char *entry, int64_t now_s,
		 struct error *err)
{
	int open = is_open(s, entry, err);

	return open <= 0 ? open
			 : say(s, entry, STORE_ALLOW, "one of our own domains",
			       now_s, err);
}

static bool is_one_of(const char *entry, const char *const *entries)
{
	for (; *entries; entries++)
		if (strcmp(entry, *entries) == 0)
			return true;
	return false;
}

/* The first that is none of ours any more into entry; 1, 0 none, -1. */
static int find_former(struct store *s, const char *const *ours,
		       struct buf *entry, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_DECISION_OURS);
	while ((got = query_step(&q, err)) == 1) {
		const char *name = row_text(&q);

		if (is_one_of(name, ours))
			continue;
		buf_reset(entry);
		buf_add_str(entry, name);
		query_end(&q);
		break;
	}
	return got;
}

/* Their entries as they are in the database. */
static const char *const *entries_of(const char *const *domains,
				     struct arena *arena, struct error *err)
{
	const char **entries;
	size_t n = 0;

	while (domains[n])
		n++;
	entries = arena_array(arena, n + 1, sizeof(*entries));
	for (size_t i = 0; i < n; i++) {
		const char *entry = arena_printf(arena, "@%s", domains[i]);
		const char *written;

		if (address_parse(span_of(entry), arena, &entries[i], &written,
				  err))
			return NULL;
	}
	entries[n] = NULL;
	return entries;
}

int store_allow_ours(struct store *s, const char *const *domains, int64_t now_s,
		     struct error *err)
{
	const char *const *ours;
	struct arena arena;
	struct buf former;
	int rc = 0, got;

	arena_init(&arena);
	buf_init(&former);
	ours = entries_of(domains, &arena, err);
	if (!ours)
		rc = -1;
	for (size_t i = 0; rc == 0 && ours[i]; i++)
		rc = allow(s, ours[i], now_s, err);
	while (rc == 0 && (got = find_former(s, ours, &former, err)) != 0)
		rc = got < 0 ? -1
			     : say(s, former.data, STORE_DISALLOW,
				   "no longer one of our own domains", now_s,
				   err);
	buf_release(&former);
	arena_release(&arena);
	return rc;
}
