/*
 * Between policy_fold and the tables: turns a folded state into rows and back.
 */
#include "store/state.h"

#include "store/domain_state.h"
#include "store/internal.h"
#include "store/refold.h"

static void from_suppression(struct state_suppression *to,
			     const struct policy_suppression *from,
			     struct arena *a)
{
	*to = (struct state_suppression){
		.stream = arena_strdup(a, from->stream),
		.class_ = verdict_class_name(from->class_),
		.reason = reason_info(from->reason)->name,
		.source = policy_source_name(from->source),
		.evidence = evidence_name(from->evidence),
		.hits = from->hits,
		.since_s = from->since_s,
		.until_s = from->until_s,
		.fact = from->event_id > 0 ? from->event_id : 0,
		.decision = from->event_id < 0 ? -from->event_id : 0,
	};
	/* What a person decided says nothing of why mail failed, and of a list
	   only what it was asked to keep. */
	if (from->source == SOURCE_OPERATOR || from->source == SOURCE_IMPORT) {
		to->evidence = "";
		if (from->reason == REASON_UNKNOWN)
			to->class_ = to->reason = "";
	}
}

static const char *reason_names(uint64_t set, struct arena *a)
{
	const char *names = "";

	for (enum reason r = 0; r < REASON_COUNT; r++)
		if (set >> r & 1)
			names = arena_printf(a, "%s%s%s", names,
					     *names ? "," : "",
					     reason_info(r)->name);
	return names;
}

static void from_soft(struct store_soft *to, const struct policy_soft *from,
		      const struct policy_settings *policy, struct arena *a)
{
	*to = (struct store_soft){
		.stream = arena_strdup(a, from->stream),
		.reasons = reason_names(from->reasons, a),
		.count = from->count,
		.threshold = from->probation ? 1 : policy->soft.threshold,
		.first_at_s = from->first_at_s,
		.last_at_s = from->last_at_s,
		.step = from->step,
		.promotes_at_s = from->promotes_at_s,
		.probation = from->probation,
		.due_reason = "",
	};
	if (from->due_at_s == 0)
		return;
	to->due_reason = reason_info(from->due_reason)->name;
	to->tried_at_s = from->tried_at_s;
	to->due_at_s = from->due_at_s;
	to->attempt = from->attempt;
	to->attempts_left = from->attempts_left;
	to->give_up_at_s = from->give_up_at_s;
}

static void add_suppression(struct state *st, struct arena *a,
			    const struct state_suppression *one)
{
	struct state_suppression *more =
		arena_array(a, st->suppression_count + 1, sizeof(*more));

	for (size_t i = 0; i < st->suppression_count; i++)
		more[i] = st->suppressions[i];
	more[st->suppression_count++] = *one;
	st->suppressions = more;
}

static void bring_forward(struct state *st, int64_t t_s)
{
	if (t_s && (st->next_change_s == 0 || t_s < st->next_change_s))
		st->next_change_s = t_s;
}

static int fold_domain(struct store *s, const struct history *h, int64_t now_s,
		       struct arena *a, struct state *st, struct error *err)
{
	struct state_suppression one;
	struct domain_state d;

	if (domain_state_fold(s, h, now_s, a, &d, err))
		return -1;
	st->known = st->known || d.hits > 0;
	bring_forward(st, d.next_s);
	if (!d.suppressed || st->allowed)
		return 0;
	one = (struct state_suppression){
		.stream = "",
		.class_ = verdict_class_name(VERDICT_HARD),
		.reason = reason_info(REASON_NULL_MX)->name,
		.source = policy_source_name(SOURCE_HARD),
		.evidence = evidence_name(EVIDENCE_SENDER),
		.hits = (int64_t)d.hits,
		.since_s = d.since_s,
		.until_s = d.until_s,
	};
	add_suppression(st, a, &one);
	bring_forward(st, one.until_s);
	return 0;
}

static void from_policy(struct store *s, const struct policy_state *p,
			struct arena *a, struct state *st)
{
	st->allowed = p->allowed;
	st->next_change_s = p->next_change_s;
	st->suppression_count = p->suppression_count;
	st->suppressions = arena_array(a, p->suppression_count + 1,
				       sizeof(*st->suppressions));
	for (size_t i = 0; i < p->suppression_count; i++)
		from_suppression(&st->suppressions[i], &p->suppressions[i], a);
	st->soft_count = p->soft_count;
	st->softs = arena_array(a, p->soft_count + 1, sizeof(*st->softs));
	for (size_t i = 0; i < p->soft_count; i++)
		from_soft(&st->softs[i], &p->softs[i], s->policy, a);
}

int address_state_fold(struct store *s, struct history *h, int64_t now_s,
		       struct arena *arena, struct state *state_r,
		       enum policy_applied **applied_r, struct error *err)
{
	struct state st = {.known = h->event_count > 0};
	struct policy_state p = {0};
	struct policy_event *events;
	size_t n;
	size_t k = 0;

	if (history_surroundings(s, h, err))
		return -1;
	events = history_events(h, arena, &n);
	policy_fold(s->policy, events, n, now_s, arena, &p);
	from_policy(s, &p, arena, &st);
	if (h->is_domain && fold_domain(s, h, now_s, arena, &st, err))
		return -1;
	/* What is folded is up to date: housekeeping must come to an end. */
	if (st.next_change_s && st.next_change_s <= now_s)
		st.next_change_s = now_s + 1;
	*applied_r = arena_array(arena, h->fact_count + 1, sizeof(**applied_r));
	for (size_t i = 0; i < h->fact_count; i++)
		(*applied_r)[i] =
			h->facts[i].copy ? APPLIED_NO : p.applied[k++];
	*state_r = st;
	return 0;
}

int address_state_suppressions(struct store *s, int64_t address,
			       struct arena *a, struct state *st,
			       struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_STATE_SUPPRESSIONS);
	query_int(&q, address);
	while ((got = query_step(&q, err)) == 1) {
		struct state_suppression one;

		one.stream = row_dup(&q, a);
		one.class_ = row_dup(&q, a);
		one.reason = row_dup(&q, a);
		one.source = row_dup(&q, a);
		one.evidence = row_dup(&q, a);
		one.hits = row_int(&q);
		one.since_s = row_int(&q);
		one.until_s = row_int(&q);
		one.fact = row_int(&q);
		one.decision = row_int(&q);
		add_suppression(st, a, &one);
	}
	return got;
}

static void soft_row(struct query *q, struct arena *a, struct store_soft *to)
{
	to->stream = row_dup(q, a);
	to->reasons = row_dup(q, a);
	to->count = row_int(q);
	to->threshold = row_int(q);
	to->first_at_s = row_int(q);
	to->last_at_s = row_int(q);
	to->step = row_int(q);
	to->promotes_at_s = row_int(q);
	to->probation = row_int(q) != 0;
	to->due_reason = row_dup(q, a);
	to->tried_at_s = row_int(q);
	to->due_at_s = row_int(q);
	to->attempt = row_int(q);
	to->attempts_left = row_int(q);
	to->give_up_at_s = row_int(q);
}

static int read_softs(struct store *s, int64_t address, struct arena *a,
		      struct state *st, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_STATE_SOFTS);
	query_int(&q, address);
	while ((got = query_step(&q, err)) == 1) {
		struct store_soft *more =
			arena_array(a, st->soft_count + 1, sizeof(*more));

		for (size_t i = 0; i < st->soft_count; i++)
			more[i] = st->softs[i];
		soft_row(&q, a, &more[st->soft_count++]);
		st->softs = more;
	}
	return got;
}

int address_state_read(struct store *s, int64_t address, struct arena *arena,
		       struct state *state_r, struct error *err)
{
	struct state st = {0};
	struct query q;
	int got;

	query_start(&q, s, Q_STATE_READ);
	query_int(&q, address);
	got = query_step(&q, err);
	if (got < 0)
		return -1;
	if (got == 1) {
		st.known = true;
		st.allowed = row_int(&q) != 0;
		st.next_change_s = row_int(&q);
		query_end(&q);
	}
	if (address_state_suppressions(s, address, arena, &st, err) ||
	    read_softs(s, address, arena, &st, err))
		return -1;
	*state_r = st;
	return 0;
}

int address_state_at(struct store *s, int64_t address, int64_t now_s,
		     struct arena *arena, struct state *state_r,
		     struct error *err)
{
	enum policy_applied *applied;
	struct history h;
	int waits = 0;

	if (address_state_read(s, address, arena, state_r, err))
		return -1;
	if (!s->policy)
		return 0;
	if (state_r->next_change_s == 0 || state_r->next_change_s > now_s)
		waits = refold_waits(s, address, err);
	else
		waits = 1;
	if (waits != 1)
		return waits;
	if (history_load(s, address, arena, &h, err))
		return -1;
	return address_state_fold(s, &h, now_s, arena, state_r, &applied, err);
}
