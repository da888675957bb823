/*
 * Counts that addresses share, summed up from every address's history, and
 * the flags that follow from them. Where retention has deleted facts the
 * counts of their hours cannot be worked out any more and are left alone.
 */
#include <stdlib.h>

#include "store/guard.h"
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
		   int64_t after, struct error *err)
{
	struct query q;

	query_start(&q, v->s, id);
	query_int(&q, after);
	return verify_query(v, what, &q, err);
}

int verify_counts(struct verify *v, struct error *err)
{
	int64_t hour = v->thinned_s ? v->thinned_s / HOUR_S : INT64_MIN;

	if (compare(v, Q_VERIFY_GUARDS, "guard", hour, err) ||
	    compare(v, Q_VERIFY_EVENTS, "domain", hour, err))
		return -1;
	return compare(v, Q_VERIFY_CAMPAIGNS, "campaign",
		       v->thinned_s ? v->thinned_s : INT64_MIN, err);
}

/* Tells of a flag that is not as it should be, where that can be known. */
static void tell_flag(struct verify *v, const char *what, const char *subject,
		      int64_t hour, const char *stored, const char *computed)
{
	if (v->thinned_s && hour < (v->thinned_s - FLAGS_KEPT_S) / HOUR_S)
		return;
	buf_reset(&v->subject);
	buf_addf(&v->subject, "%s hour %lld", subject, (long long)hour);
	verify_tell(v, what, v->subject.data, stored, computed);
}

static const char *word_name(enum policy_guard word)
{
	switch (word) {
	case GUARD_FREE:
		return "free";
	case GUARD_HELD:
		return "held";
	case GUARD_LARGE:
		break;
	}
	return "large";
}

struct guard_key {
	struct verify *v;
	const char *subject;
};

static void wrong_word(void *ctx, int64_t hour, enum policy_guard kept,
		       enum policy_guard word)
{
	const struct guard_key *g = ctx;

	tell_flag(g->v, "guard", g->subject, hour, word_name(kept),
		  word_name(word));
}

static int verify_guards(struct verify *v, struct error *err)
{
	struct arena *a = &v->s->scratch;
	struct query q;
	int got;

	query_start(&q, v->s, Q_GUARD_KEYS);
	query_int(&q, v->s->policy->guard.min_count);
	while ((got = query_step(&q, err)) == 1) {
		struct guard_key g = {.v = v};
		const char *scope, *key;

		arena_reset(a);
		scope = row_dup(&q, a);
		key = row_dup(&q, a);
		g.subject = arena_printf(a, "%s %s", scope, key);
		if (guard_verify(v->s, scope, key, wrong_word, &g, err)) {
			query_end(&q);
			return -1;
		}
	}
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

static int64_t hour_of(const struct events *e, size_t i)
{
	return e->events[i].at_s / HOUR_S;
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
		int64_t hour;
		bool stored;

		if (got == 1)
			flag = row_int(&q);
		q.column = 0;
		if (i == e->count || (got == 1 && flag < hour_of(e, i))) {
			tell_flag(v, "breaker", domain, flag, "shared",
				  "not shared");
			got = query_step(&q, err);
			continue;
		}
		hour = hour_of(e, i);
		stored = got == 1 && flag == hour;
		if (e->shared[i] != stored)
			tell_flag(v, "breaker", domain, hour,
				  stored ? "shared" : "not shared",
				  stored ? "not shared" : "shared");
		while (i < e->count && hour_of(e, i) == hour)
			i++;
		if (stored)
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
