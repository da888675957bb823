/*
 * Counts that addresses share, summed up from every address's history, and
 * the flags that follow from them. Where retention has deleted facts the
 * counts of their hours cannot be worked out any more and are left alone.
 */
#include <stdlib.h>

#include "store/internal.h"
#include "store/verify.h"
#include "util/xalloc.h"

#define HOUR_S 3600
/* Flags so old may have lost the hours that they were decided by. */
#define FLAGS_KEPT_S (390 * (int64_t)86400)

static int run(struct verify *v, enum query_id id, struct error *err)
{
	struct query q;

	query_start(&q, v->s, id);
	return query_run(&q, err);
}

int verify_counts_begin(struct verify *v, struct error *err)
{
	return run(v, Q_VERIFY_TABLE, err);
}

void verify_counts_end(struct verify *v)
{
	run(v, Q_VERIFY_TABLE_DROP, NULL);
}

int verify_counts_add(struct verify *v, int64_t address,
		      const struct history *h, struct arena *a,
		      struct error *err)
{
	size_t n;
	struct contribution *c = contributions_of(h, a, &n);

	for (size_t i = 0; i < n; i++) {
		struct query q;

		/* Of a domain's events each address has its own row. */
		if (c[i].table == CONTRIBUTION_DOMAIN)
			c[i].key[2] =
				arena_printf(a, "%lld", (long long)address);
		query_start(&q, v->s, Q_VERIFY_ADD);
		query_int(&q, (int64_t)c[i].table);
		for (size_t k = 0; k < CONTRIBUTION_KEYS; k++)
			query_text(&q, c[i].key[k]);
		query_int(&q, c[i].time);
		for (size_t k = 0; k < CONTRIBUTION_VALUES; k++)
			query_int(&q, c[i].value[k]);
		if (query_run(&q, err))
			return -1;
	}
	return 0;
}

static int compare(struct verify *v, enum query_id id, const char *what,
		   int64_t after, bool second, struct error *err)
{
	struct query q;

	query_start(&q, v->s, id);
	query_int(&q, after);
	if (second)
		query_int(&q, v->thinned_s == 0);
	return verify_query(v, what, &q, err);
}

int verify_counts(struct verify *v, struct error *err)
{
	int64_t hour = v->thinned_s ? v->thinned_s / HOUR_S : INT64_MIN;

	if (compare(v, Q_VERIFY_GUARDS, "guard", hour, true, err) ||
	    compare(v, Q_VERIFY_EVENTS, "domain", hour, false, err))
		return -1;
	return compare(v, Q_VERIFY_CAMPAIGNS, "campaign",
		       v->thinned_s ? v->thinned_s : INT64_MIN, false, err);
}

static int64_t first_flag_hour(const struct verify *v)
{
	return v->thinned_s ? (v->thinned_s - FLAGS_KEPT_S) / HOUR_S
			    : INT64_MIN;
}

static void compare_flag(struct verify *v, const char *what,
			 const char *subject, int64_t hour, bool stored,
			 bool computed)
{
	if (stored == computed || hour < first_flag_hour(v))
		return;
	buf_reset(&v->subject);
	buf_addf(&v->subject, "%s hour %lld", subject, (long long)hour);
	verify_tell(v, what, v->subject.data, stored ? "held" : "free",
		    computed ? "held" : "free");
}

struct hours {
	struct policy_hour *hours;
	bool *held, *computed;
	size_t count, cap;
};

static void add_hour(struct hours *h, struct query *q)
{
	struct policy_hour *at;

	if (h->count == h->cap) {
		h->cap = h->cap ? h->cap * 2 : 64;
		h->hours = xreallocarray(h->hours, h->cap, sizeof(*h->hours));
		h->held = xreallocarray(h->held, h->cap, sizeof(*h->held));
		h->computed = xreallocarray(h->computed, h->cap,
					    sizeof(*h->computed));
	}
	at = &h->hours[h->count];
	at->hour = row_int(q);
	at->hard = (unsigned)row_int(q);
	at->total = (unsigned)row_int(q);
	h->held[h->count++] = row_int(q) != 0;
}

/* One key of the guards: all its hours decide about each. */
static int verify_guard(struct verify *v, const char *scope, const char *key,
			struct hours *h, struct error *err)
{
	const char *subject = arena_printf(&v->s->scratch, "%s %s", scope, key);
	struct query q;
	int got;

	h->count = 0;
	query_start(&q, v->s, Q_GUARD_HOURS);
	query_text(&q, scope);
	query_text(&q, key);
	while ((got = query_step(&q, err)) == 1)
		add_hour(h, &q);
	if (got)
		return -1;
	if (h->count)
		policy_guard(v->s->policy, h->hours, h->count, h->computed);
	for (size_t i = 0; i < h->count; i++)
		compare_flag(v, "guard", subject, h->hours[i].hour, h->held[i],
			     h->computed[i]);
	return 0;
}

static int verify_guards(struct verify *v, struct error *err)
{
	struct hours h = {0};
	struct query q;
	int got;

	query_start(&q, v->s, Q_GUARD_KEYS);
	while ((got = query_step(&q, err)) == 1) {
		const char *scope, *key;

		arena_reset(&v->s->scratch);
		scope = row_dup(&q, &v->s->scratch);
		key = row_dup(&q, &v->s->scratch);
		if (verify_guard(v, scope, key, &h, err)) {
			query_end(&q);
			got = -1;
			break;
		}
	}
	free(h.hours);
	free(h.held);
	free(h.computed);
	return got;
}

struct events {
	struct policy_domain_event *events;
	bool *shared;
	size_t count, cap;
};

static int load_events(struct verify *v, const char *domain, struct events *e,
		       struct error *err)
{
	struct query q;
	int got;

	e->count = 0;
	query_start(&q, v->s, Q_VERIFY_SOFT_EVENTS);
	query_text(&q, domain);
	while ((got = query_step(&q, err)) == 1) {
		if (e->count == e->cap) {
			e->cap = e->cap ? e->cap * 2 : 64;
			e->events = xreallocarray(e->events, e->cap,
						  sizeof(*e->events));
			e->shared = xreallocarray(e->shared, e->cap,
						  sizeof(*e->shared));
		}
		e->events[e->count].at_s = row_int(&q);
		e->events[e->count++].address_id = (uint64_t)row_int(&q);
	}
	if (got == 0 && e->count)
		policy_breaker(v->s->policy, e->events, e->count, e->shared);
	return got;
}

/* Events are in the order of their hours, and so are the flags. */
static int verify_domain(struct verify *v, const char *domain, struct events *e,
			 struct error *err)
{
	size_t i = 0;
	int64_t flag = 0;
	struct query q;
	int got;

	if (load_events(v, domain, e, err))
		return -1;
	query_start(&q, v->s, Q_VERIFY_SHARED_HOURS);
	query_text(&q, domain);
	got = query_step(&q, err);
	while (got == 1 || i < e->count) {
		int64_t hour =
			i < e->count ? e->events[i].at_s / HOUR_S : INT64_MAX;

		if (got == 1)
			flag = row_int(&q);
		q.column = 0;
		if (got == 1 && flag < hour) {
			compare_flag(v, "breaker", domain, flag, true, false);
			got = query_step(&q, err);
			continue;
		}
		compare_flag(v, "breaker", domain, hour,
			     got == 1 && flag == hour, e->shared[i]);
		while (i < e->count && e->events[i].at_s / HOUR_S == hour)
			i++;
		if (got == 1 && flag == hour)
			got = query_step(&q, err);
	}
	return got;
}

static int verify_breaker(struct verify *v, struct error *err)
{
	struct events e = {0};
	struct query q;
	int got;

	query_start(&q, v->s, Q_VERIFY_SOFT_DOMAINS);
	while ((got = query_step(&q, err)) == 1) {
		arena_reset(&v->s->scratch);
		if (verify_domain(v, row_dup(&q, &v->s->scratch), &e, err)) {
			query_end(&q);
			got = -1;
			break;
		}
	}
	free(e.events);
	free(e.shared);
	return got;
}

int verify_flags(struct verify *v, struct error *err)
{
	if (verify_guards(v, err))
		return -1;
	return verify_breaker(v, err);
}
