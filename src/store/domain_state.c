/*
 * The entry of a whole domain that takes no mail. Its witnesses are verdicts
 * about single addresses: one that may not act upon its own address may not
 * act upon everybody else's either.
 */
#include "store/domain_state.h"

#include <string.h>

#include "store/internal.h"

#define HOUR_S 3600

/* When an operator last released the domain, or -1. */
static int64_t released_at(const struct history *h)
{
	int64_t at_s = -1;

	for (size_t i = h->fact_count; i < h->event_count; i++)
		if (h->events[i].type == POLICY_RELEASE &&
		    h->events[i].at_s > at_s)
			at_s = h->events[i].at_s;
	return at_s;
}

/* One fact behind a witness; had: retention has left any of it. */
struct testimony {
	bool had;
	int64_t at_s;
	const char *provider, *reporter, *action;
	enum evidence evidence;
	unsigned recipients;
};

static void read_testimony(struct query *q, struct arena *a,
			   struct testimony *t)
{
	int e;

	t->had = !row_is_null(q);
	t->at_s = row_int(q);
	t->provider = row_dup(q, a);
	t->reporter = row_dup(q, a);
	e = evidence_find(span_of(row_text(q)));
	t->evidence = e < 0 ? EVIDENCE_FAILED : (enum evidence)e;
	t->recipients = (unsigned)row_int(q);
	t->action = row_dup(q, a);
}

/*
 * 1 where it counts at now_s, else 0; *next_r is brought forward to the time
 * at which a hold on it ends.
 */
static int counts(struct store *s, const char *domain,
		  const struct testimony *t, int64_t now_s, int64_t *next_r,
		  struct error *err)
{
	const struct policy_settings *p = s->policy;
	int64_t end_s = t->at_s + p->guard.hold_s;
	const char *scope;

	if (!t->had || strcmp(t->action, "apply") == 0)
		return 1;
	if (strcmp(t->action, "drop") == 0 ||
	    trust_act(&p->trust, t->evidence, t->recipients, false) <
		    TRUST_BOUNDED)
		return 0;
	if (history_guard(s, domain, t->provider, REASON_NULL_MX, t->reporter,
			  t->at_s / HOUR_S, &scope, err))
		return -1;
	if (*scope == '\0' || now_s >= end_s)
		return 1;
	if (*next_r == 0 || end_s < *next_r)
		*next_r = end_s;
	return 0;
}

struct witnesses {
	struct policy_null_mx *events;
	size_t count, cap;
};

static void add_witness(struct witnesses *w, struct arena *a, int64_t at_s,
			int64_t address)
{
	struct policy_null_mx *more;
	struct policy_null_mx *last =
		w->count ? &w->events[w->count - 1] : NULL;

	/* Several facts of one witness come one after the other. */
	if (last && last->at_s == at_s && last->address_id == (uint64_t)address)
		return;
	if (w->count == w->cap) {
		w->cap = w->cap ? w->cap * 2 : 8;
		more = arena_array(a, w->cap, sizeof(*more));
		if (w->count)
			memcpy(more, w->events, w->count * sizeof(*more));
		w->events = more;
	}
	w->events[w->count++] = (struct policy_null_mx){
		.at_s = at_s, .address_id = (uint64_t)address};
}

static int load_witnesses(struct store *s, const struct history *h,
			  int64_t now_s, struct arena *a, struct witnesses *w,
			  int64_t *next_r, struct error *err)
{
	int64_t released_s = released_at(h);
	struct query q;
	int got;

	query_start(&q, s, Q_NULL_MX_FACTS);
	query_text(&q, h->domain);
	while ((got = query_step(&q, err)) == 1) {
		int64_t at_s = row_int(&q);
		int64_t address = row_int(&q);
		struct testimony t;
		int good = 0;

		read_testimony(&q, a, &t);
		if (at_s > released_s)
			good = counts(s, h->domain, &t, now_s, next_r, err);
		if (good < 0) {
			query_end(&q);
			return -1;
		}
		if (good)
			add_witness(w, a, at_s, address);
	}
	return got;
}

int domain_state_fold(struct store *s, const struct history *h, int64_t now_s,
		      struct arena *a, struct domain_state *state_r,
		      struct error *err)
{
	const struct policy_settings *p = s->policy;
	struct witnesses w = {0};

	memset(state_r, 0, sizeof(*state_r));
	if (p->effect[REASON_NULL_MX] != EFFECT_SUPPRESS)
		return 0;
	if (load_witnesses(s, h, now_s, a, &w, &state_r->next_s, err))
		return -1;
	state_r->hits = w.count;
	state_r->suppressed = policy_domain_suppressed(
		p, span_of(h->domain), w.events, w.count, now_s,
		&state_r->since_s, &state_r->until_s);
	return 0;
}
