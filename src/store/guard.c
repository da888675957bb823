/*
 * A guard looks at hours, not at arrivals: an hour depends on its key's earlier
 * days and on how everybody fared, so that a change is followed to every later
 * hour it can matter to.
 */
#include "store/guard.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"
#include "util/xalloc.h"

/* Hours of so many hard failures have an index of their own. */
#define FULL 20

struct hours {
	struct policy_hour *hours;
	enum policy_guard *kept; /* as it is in the database */
	size_t count, cap;
};

/* Whole days, and the day in which an hour lies. */
static int64_t reach(const struct store *s)
{
	return (s->policy->guard.history_s / 86400 + 1) * 24;
}

/* What most dead addresses say: it has no share that could be unusual. */
static bool is_common(const char *scope, const char *key)
{
	const char *name = reason_info(REASON_USER_UNKNOWN)->name;
	size_t n = strlen(name);

	return strcmp(scope, "reason") == 0 && strncmp(key, name, n) == 0 &&
	       key[n] == ' ';
}

/* 1 where the key has an hour in from..to that may be anything but free. */
static int any_large(struct store *s, const char *scope, const char *key,
		     int64_t from, int64_t to, struct error *err)
{
	bool few = s->policy->guard.min_count < FULL;
	struct query q;
	int64_t one;

	query_start(&q, s, few ? Q_GUARD_ANY : Q_GUARD_ANY_FULL);
	query_text(&q, scope);
	query_text(&q, key);
	query_int(&q, from);
	query_int(&q, to);
	if (few)
		query_int(&q, s->policy->guard.min_count);
	return query_number(&q, &one, err);
}

static int load_hours(struct store *s, const char *scope, const char *key,
		      int64_t from, int64_t to, struct hours *h,
		      struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_GUARD_HOURS);
	query_text(&q, scope);
	query_text(&q, key);
	query_int(&q, from);
	query_int(&q, to);
	while ((got = query_step(&q, err)) == 1) {
		if (h->count == h->cap) {
			h->cap = h->cap ? h->cap * 2 : 64;
			h->hours = xreallocarray(h->hours, h->cap,
						 sizeof(*h->hours));
			h->kept = xreallocarray(h->kept, h->cap,
						sizeof(*h->kept));
		}
		h->hours[h->count].hour = row_int(&q);
		h->hours[h->count].hard = (unsigned)row_int(&q);
		h->hours[h->count].all = (unsigned)row_int(&q);
		h->kept[h->count++] = (enum policy_guard)row_int(&q);
	}
	return got;
}

static int touch_members(struct store *s, const char *scope, const char *key,
			 int64_t hour, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_GUARD_MEMBERS);
	query_text(&q, scope);
	query_text(&q, key);
	query_int(&q, hour);
	while ((got = query_step(&q, err)) == 1)
		work_refold_some(s, row_int(&q));
	return got;
}

static int flip(struct store *s, const char *scope, const char *key,
		int64_t hour, enum policy_guard word, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_GUARD_SET_HELD);
	query_text(&q, scope);
	query_text(&q, key);
	query_int(&q, hour);
	query_int(&q, word);
	return query_run(&q, err);
}

int guard_spread(struct store *s, const char *scope, const char *key,
		 int64_t from, int64_t to, struct error *err)
{
	struct hours h = {0};
	enum policy_guard *words = NULL;
	int any = any_large(s, scope, key, from, to + reach(s), err);
	int rc;

	if (any != 1)
		return any;
	rc = load_hours(s, scope, key, from - reach(s), to + reach(s), &h, err);
	if (rc == 0) {
		words = xcalloc(h.count + 1, sizeof(*words));
		policy_guard(s->policy, is_common(scope, key), h.hours, h.count,
			     words);
	}
	for (size_t i = 0; rc == 0 && i < h.count; i++) {
		int64_t hour = h.hours[i].hour;

		if (hour < from || words[i] == h.kept[i])
			continue;
		rc = flip(s, scope, key, hour, words[i], err);
		if (rc == 0 &&
		    (words[i] == GUARD_HELD || h.kept[i] == GUARD_HELD))
			rc = touch_members(s, scope, key, hour, err);
	}
	free(words);
	free(h.kept);
	free(h.hours);
	return rc;
}

int guard_verify(struct store *s, const char *scope, const char *key,
		 guard_word_fn each, void *ctx, struct error *err)
{
	struct hours h = {0};
	enum policy_guard *words;
	int any = any_large(s, scope, key, INT64_MIN, INT64_MAX, err);
	int rc;

	if (any != 1)
		return any;
	rc = load_hours(s, scope, key, INT64_MIN, INT64_MAX, &h, err);
	if (rc == 0) {
		words = xcalloc(h.count + 1, sizeof(*words));
		policy_guard(s->policy, is_common(scope, key), h.hours, h.count,
			     words);
		for (size_t i = 0; i < h.count; i++)
			if (words[i] != h.kept[i])
				each(ctx, h.hours[i].hour, h.kept[i], words[i]);
		free(words);
	}
	free(h.kept);
	free(h.hours);
	return rc;
}

struct key {
	const char *scope, *key;
};

/* The keys first: a query is never left open while others write. */
static int large_keys(struct store *s, int64_t from, int64_t to,
		      struct key **keys_r, size_t *n_r, struct error *err)
{
	size_t cap = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_GUARD_LARGE);
	query_int(&q, from);
	query_int(&q, to);
	while ((got = query_step(&q, err)) == 1) {
		if (*n_r == cap) {
			cap = cap ? cap * 2 : 16;
			*keys_r = xreallocarray(*keys_r, cap, sizeof(**keys_r));
		}
		(*keys_r)[*n_r].scope = row_dup(&q, &s->arena);
		(*keys_r)[(*n_r)++].key = row_dup(&q, &s->arena);
	}
	return got;
}

int guard_spread_all(struct store *s, int64_t hour, int64_t delta,
		     struct error *err)
{
	struct key *keys = NULL;
	int64_t now = 0;
	struct query q;
	size_t n = 0;
	int rc;

	query_start(&q, s, Q_GUARD_ALL);
	query_int(&q, hour);
	if (query_number(&q, &now, err) < 0)
		return -1;
	if (policy_guard_step((unsigned)now) ==
	    policy_guard_step((unsigned)(now - delta)))
		return 0;
	rc = large_keys(s, hour, hour + reach(s), &keys, &n, err);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = guard_spread(s, keys[i].scope, keys[i].key, hour, hour,
				  err);
	free(keys);
	return rc;
}
