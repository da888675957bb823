/*
 * Guards and the breaker look at hours, not at arrivals: whenever the counts
 * of an hour change, whatever came first, its flag is decided anew from all
 * there is and everybody it concerns is folded again.
 */
#include "store/ripple.h"

#include <stdlib.h>
#include <string.h>

#include "store/guard.h"
#include "store/internal.h"
#include "util/xalloc.h"

#define HOUR_S 3600
/* Beyond any arrival. */
#define LAST_HOUR (INT64_C(1) << 40)
/* Keys or domains in one transaction. */
#define FLAGS_A_STEP 20

void ripple_init(struct ripple *r)
{
	memset(r, 0, sizeof(*r));
}

void ripple_release(struct ripple *r)
{
	free(r->keys);
	ripple_init(r);
}

void ripple_clear(struct ripple *r)
{
	r->count = 0;
	r->written = false;
}

void ripple_add(struct ripple *r, const struct contribution *delta)
{
	if (r->count == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 64;
		r->keys = xreallocarray(r->keys, r->cap, sizeof(*r->keys));
	}
	r->keys[r->count++] = *delta;
}

/* Steps a query of address ids to its end and touches each. */
static int touch_all(struct store *s, struct query *q, struct error *err)
{
	int got;

	while ((got = query_step(q, err)) == 1)
		work_refold_some(s, row_int(q));
	return got;
}

struct soft {
	struct policy_domain_event *events;
	size_t count, cap;
};

static void add_soft(struct soft *l, int64_t at_s, int64_t address)
{
	if (l->count == l->cap) {
		l->cap = l->cap ? l->cap * 2 : 64;
		l->events =
			xreallocarray(l->events, l->cap, sizeof(*l->events));
	}
	l->events[l->count++] = (struct policy_domain_event){
		.at_s = at_s, .address_id = (uint64_t)address};
}

/*
 * As many addresses an hour as the breaker asks for decide as well as all of
 * them would: a large domain may have thousands, and they need not be read.
 */
static int load_soft(struct store *s, const char *domain, int64_t from,
		     int64_t to, struct soft *l, struct error *err)
{
	size_t in_hour = 0;
	int64_t hour = from;
	int got = 1;

	while (got == 1 && hour <= to) {
		struct query q;

		query_start(&q, s, Q_DOMAIN_EVENTS);
		query_text(&q, domain);
		query_text(&q, "soft");
		query_int(&q, hour);
		query_int(&q, to);
		in_hour = 0;
		while ((got = query_step(&q, err)) == 1) {
			int64_t row_hour = row_int(&q);
			int64_t at_s = row_int(&q);

			in_hour = row_hour == hour ? in_hour + 1 : 1;
			hour = row_hour;
			add_soft(l, at_s, row_int(&q));
			if (in_hour >= s->policy->breaker.addresses)
				break;
		}
		if (got == 1)
			query_end(&q);
		hour++;
	}
	return got < 0 ? -1 : 0;
}

static int is_flagged(struct store *s, const char *domain, int64_t hour,
		      bool *flagged_r, struct error *err)
{
	struct query q;
	int64_t one;
	int got;

	query_start(&q, s, Q_BREAKER_SHARED);
	query_text(&q, domain);
	query_int(&q, hour);
	got = query_number(&q, &one, err);
	*flagged_r = got == 1;
	return got < 0 ? -1 : 0;
}

/* 1 where any of these hours is flagged, 0, -1. */
static int any_flagged(struct store *s, const char *domain, int64_t from,
		       int64_t to, struct error *err)
{
	struct query q;
	int64_t one;

	query_start(&q, s, Q_BREAKER_ANY);
	query_text(&q, domain);
	query_int(&q, from);
	query_int(&q, to);
	return query_number(&q, &one, err);
}

static int breaker_flag(struct store *s, const char *domain, int64_t hour,
			bool shared, struct error *err)
{
	bool flagged;
	struct query q;

	if (is_flagged(s, domain, hour, &flagged, err))
		return -1;
	if (flagged == shared)
		return 0;
	query_start(&q, s, shared ? Q_BREAKER_SET : Q_BREAKER_CLEAR);
	query_text(&q, domain);
	query_int(&q, hour);
	if (query_run(&q, err))
		return -1;
	query_start(&q, s, Q_BREAKER_MEMBERS);
	query_text(&q, domain);
	query_int(&q, hour);
	return touch_all(s, &q, err);
}

static int decide_soft(struct store *s, const char *domain, int64_t from,
		       int64_t to, const struct soft *l, struct error *err)
{
	int64_t reach = s->policy->breaker.hours;
	bool *shared = xcalloc(l->count + 1, sizeof(*shared));
	bool empty = from == to;
	int64_t done = -1;
	int rc = 0;

	policy_breaker(s->policy, l->events, l->count, shared);
	for (size_t i = 0; rc == 0 && i < l->count; i++) {
		int64_t hour = l->events[i].at_s / HOUR_S;

		if (hour == done || hour < from - reach || hour > to + reach)
			continue;
		rc = breaker_flag(s, domain, hour, shared[i], err);
		done = hour;
		empty = empty && hour != from;
	}
	if (rc == 0 && empty)
		rc = breaker_flag(s, domain, from, false, err);
	free(shared);
	return rc;
}

/* Hours from..to of a domain changed: all within a window are decided anew. */
static int spread_breaker(struct store *s, const char *domain, int64_t from,
			  int64_t to, struct error *err)
{
	int64_t reach = s->policy->breaker.hours;
	struct soft l = {0};
	int rc =
		load_soft(s, domain, from - 2 * reach, to + 2 * reach, &l, err);

	/* Mostly there are too few for any, and none that was. */
	if (rc == 0 && l.count < s->policy->breaker.addresses)
		rc = any_flagged(s, domain, from - reach, to + reach, err);
	else if (rc == 0)
		rc = 1;
	if (rc == 1)
		rc = decide_soft(s, domain, from, to, &l, err);
	free(l.events);
	return rc;
}

/* The domain's own entry is folded: a null MX may suppress all of it. */
static int spread_null_mx(struct store *s, const char *domain,
			  struct error *err)
{
	const char *folded = arena_printf(&s->arena, "@%s", domain);
	int64_t id;

	if (address_ensure(s, folded, folded, &id, err))
		return -1;
	work_refold(s, id);
	return 0;
}

static int order(const void *a, const void *b)
{
	return contribution_compare(a, b);
}

/* Sorts the differences and leaves one a sum. */
static void sum_up(struct ripple *r)
{
	size_t n = 0;

	if (r->count > 1)
		qsort(r->keys, r->count, sizeof(*r->keys), order);
	for (size_t i = 0; i < r->count; i++) {
		if (n == 0 || order(&r->keys[n - 1], &r->keys[i]) != 0) {
			r->keys[n++] = r->keys[i];
			continue;
		}
		for (size_t v = 0; v < CONTRIBUTION_VALUES; v++)
			r->keys[n - 1].value[v] += r->keys[i].value[v];
	}
	r->count = n;
}

static bool is_all(const struct contribution *c)
{
	return strcmp(c->key[0], GUARD_SCOPE_ALL) == 0;
}

/* The hours of a guard's key are looked at together. */
static bool same_key(const struct contribution *a, const struct contribution *b)
{
	return a->table == CONTRIBUTION_GUARD && b->table == a->table &&
	       !is_all(a) && strcmp(a->key[0], b->key[0]) == 0 &&
	       strcmp(a->key[1], b->key[1]) == 0;
}

/* first..last are of one key. */
static int spread(struct store *s, const struct contribution *first,
		  const struct contribution *last, struct error *err)
{
	switch (first->table) {
	case CONTRIBUTION_CAMPAIGN:
		break;
	case CONTRIBUTION_DOMAIN:
		if (strcmp(first->key[1], "soft") != 0)
			return spread_null_mx(s, first->key[0], err);
		return spread_breaker(s, first->key[0], first->time,
				      first->time, err);
	case CONTRIBUTION_GUARD:
		if (is_all(first))
			return guard_spread_all(s, first->time, first->value[0],
						err);
		return guard_spread(s, first->key[0], first->key[1],
				    first->time, last->time, err);
	}
	return 0;
}

int ripple_spread(struct store *s, struct ripple *r, struct error *err)
{
	int rc = 0;

	sum_up(r);
	for (size_t i = 0; rc == 0 && !r->written && i < r->count; i++)
		rc = contribution_write(s, &r->keys[i], err);
	for (size_t i = 0, next; rc == 0 && i < r->count; i = next) {
		for (next = i + 1; next < r->count; next++)
			if (!same_key(&r->keys[i], &r->keys[next]))
				break;
		rc = spread(s, &r->keys[i], &r->keys[next - 1], err);
	}
	return rc;
}

/* Copies the keys first: a query is never left open while others write. */
static int all_guards(struct store *s, struct ripple *r, struct arena *arena,
		      struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_GUARD_KEYS);
	query_int(&q, s->policy->guard.min_count);
	while ((got = query_step(&q, err)) == 1) {
		struct contribution c = {.table = CONTRIBUTION_GUARD,
					 .key = {"", "", "", ""}};

		c.key[0] = row_dup(&q, arena);
		c.key[1] = row_dup(&q, arena);
		ripple_add(r, &c);
	}
	return got;
}

/* time and value[0] are the first and the last hour. */
static int all_domains(struct store *s, struct ripple *r, struct arena *arena,
		       struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_SOFT_DOMAINS);
	query_int(&q, s->policy->breaker.addresses);
	while ((got = query_step(&q, err)) == 1) {
		struct contribution c = {.table = CONTRIBUTION_DOMAIN,
					 .key = {"", "soft", "", ""}};

		c.key[0] = row_dup(&q, arena);
		c.time = row_int(&q);
		c.value[0] = row_int(&q);
		ripple_add(r, &c);
	}
	return got;
}

static int spread_flags(struct store *s, const struct ripple *r, size_t from,
			size_t to, struct error *err)
{
	int rc = 0;

	for (size_t i = from; rc == 0 && i < to; i++) {
		const struct contribution *c = &r->keys[i];

		if (c->table == CONTRIBUTION_GUARD)
			rc = guard_spread(s, c->key[0], c->key[1], 0, LAST_HOUR,
					  err);
		else
			rc = spread_breaker(s, c->key[0], c->time, c->value[0],
					    err);
	}
	return rc;
}

int ripple_everything(struct store *s, int64_t now_s, struct error *err)
{
	struct arena arena;
	struct ripple r;
	int rc;

	arena_init(&arena);
	ripple_init(&r);
	rc = all_guards(s, &r, &arena, err);
	if (rc == 0)
		rc = all_domains(s, &r, &arena, err);
	for (size_t i = 0; rc == 0 && i < r.count; i += FLAGS_A_STEP) {
		size_t to = i + FLAGS_A_STEP;

		rc = work_begin(s, err);
		if (rc)
			break;
		rc = spread_flags(s, &r, i, to < r.count ? to : r.count, err);
		touched_clear(&s->touched);
		if (rc == 0)
			rc = work_commit(s, now_s, err);
		else
			work_abort(s);
	}
	ripple_release(&r);
	arena_release(&arena);
	return rc;
}
