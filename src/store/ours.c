/*
 * Our own domains are allowed from the start: entries that are made and taken
 * back by themselves, as long as no person has a word on the domain.
 */
#include "store/ours.h"

#include <string.h>

#include "store/decision.h"
#include "store/internal.h"
#include "util/address.h"
#include "util/buf.h"

/*
 * Before all times: what a person has said of one of its addresses, even before
 * the domain was known to be ours, is the later word.
 */
#define BEFORE_ALL_S 0

static int say(struct store *s, const char *entry, enum store_action action,
	       const char *why, struct error *err)
{
	const struct store_decision d = {.action = action,
					 .address = span_of(entry),
					 .stream = "",
					 .who = "dsnd",
					 .note = why,
					 .at_s = BEFORE_ALL_S};

	int64_t address;

	return decision_add(s, &d, &s->arena, &address, err);
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

static int allow(struct store *s, const char *entry, struct error *err)
{
	int open = is_open(s, entry, err);

	return open <= 0 ? open
			 : say(s, entry, STORE_ALLOW, "one of our own domains",
			       err);
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

int ours_allow(struct store *s, const char *const *domains, struct error *err)
{
	const char *const *ours = entries_of(domains, &s->arena, err);
	struct buf former;
	int rc = 0, got;

	if (!ours)
		return -1;
	for (size_t i = 0; rc == 0 && ours[i]; i++)
		rc = allow(s, ours[i], err);
	buf_init(&former);
	while (rc == 0 && (got = find_former(s, ours, &former, err)) != 0)
		rc = got < 0 ? -1
			     : say(s, former.data, STORE_DISALLOW,
				   "no longer one of our own domains", err);
	buf_release(&former);
	return rc;
}
