/*
 * Retention: old facts are deleted, but what they amount to is not. Before
 * facts go, policy_carry says what must stay of them; shared counts are left
 * as they are, for they speak of what happened, not of what is kept.
 */
#include <stdlib.h>
#include <string.h>

#include "store/contribution.h"
#include "store/internal.h"
#include "store/note.h"
#include "store/prune.h"
#include "store/shed.h"
#include "store/state.h"
#include "util/xalloc.h"

#define DAY_S 86400
/* Facts of one step: what they cost is what others wait for. */
#define STEP_FACTS 2000

static bool is_kept(const struct policy_event *carry, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (carry[i].type == POLICY_VERDICT && carry[i].id == id)
			return true;
	return false;
}

/* A copy goes with the fact it copies, or it would count in its place. */
static bool goes(const struct history *h, size_t i, int64_t before_s,
		 const struct policy_event *carry, size_t n)
{
	if (!h->facts[i].copy)
		return h->events[i].at_s < before_s &&
		       !is_kept(carry, n, h->events[i].id);
	for (size_t k = 0; k < h->fact_count; k++)
		if (!h->facts[k].copy && h->facts[k].has_copy_key &&
		    memcmp(h->facts[k].copy_key, h->facts[i].copy_key,
			   MESSAGE_KEY_BYTES) == 0)
			return goes(h, k, before_s, carry, n);
	return h->events[i].at_s < before_s;
}

static int carry_address(struct store *s, const struct history *h,
			 int64_t before_s, struct error *err)
{
	struct policy_event *carry = NULL;
	size_t hard = contribution_hard(h);
	int64_t hard_s = h->hard_before_s;
	struct policy_event *events;
	size_t row = 0;
	size_t n;

	events = history_events(h, &s->arena, &n);
	n = policy_carry(s->policy, events, n, before_s, &s->arena, &carry);
	if (query_do(s, Q_SUPPRESSION_UNBIND, h->address, err) ||
	    query_do(s, Q_CARRY_DELETE, h->address, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (carry[i].type == POLICY_CARRY &&
		    shed_carry(s, h->address, row++, &carry[i], err))
			return -1;
	for (size_t i = 0; i < h->fact_count; i++) {
		if (!goes(h, i, before_s, carry, n))
			continue;
		if (i == hard)
			hard_s = h->events[i].at_s;
		if (shed_fact(s, h->events[i].id, err))
			return -1;
	}
	if (hard_s) {
		/* Or the next one that is hard would be taken for the first,
		 * and counted. */
		const struct policy_event mark = history_hard_mark(hard_s);

		if (shed_carry(s, h->address, row, &mark, err))
			return -1;
	}
	work_refold(s, h->address);
	return 0;
}

/* *cost_r: the facts it took; STEP_FACTS or more where some are left. */
static int retain_address(struct store *s, int64_t address, int64_t before_s,
			  size_t *cost_r, struct error *err)
{
	struct history h;
	size_t uncounted;
	int more;

	if (history_load(s, address, &s->arena, &h, err) ||
	    history_surroundings(s, &h, err))
		return -1;
	more = shed_uncounted(s, &h, before_s, STEP_FACTS, &uncounted, err);
	*cost_r = h.fact_count + uncounted;
	if (more)
		return more < 0 ? -1 : 0;
	if (*cost_r >= STEP_FACTS)
		*cost_r = STEP_FACTS - 1;
	return carry_address(s, &h, before_s, err);
}

/*
 * How far the walk over old facts has come, in the order of their arrival. It
 * begins anew every day, for those that were kept or came later.
 */
struct walk {
	int64_t at_s, id, day;
};

struct old_fact {
	int64_t at_s, id, address;
};

static int walk_get(struct store *s, int64_t now_s, struct walk *w,
		    struct error *err)
{
	int64_t numbers[3];

	if (note_get(s, "retain_walk", numbers, 3, err))
		return -1;
	*w = (struct walk){numbers[0], numbers[1], numbers[2]};
	if (w->day != now_s / DAY_S)
		*w = (struct walk){.day = now_s / DAY_S};
	return 0;
}

static int walk_put(struct store *s, const struct walk *w, struct error *err)
{
	const int64_t numbers[] = {w->at_s, w->id, w->day};

	return note_put(s, "retain_walk", numbers, 3, err);
}

static int find_old(struct store *s, const struct walk *w, int64_t before_s,
		    size_t max, struct old_fact *facts, size_t *n_r,
		    struct error *err)
{
	struct query q;
	int got;

	*n_r = 0;
	query_start(&q, s, Q_RETAIN_NEXT);
	query_int(&q, w->at_s);
	query_int(&q, w->id);
	query_int(&q, before_s);
	query_int(&q, (int64_t)max);
	while ((got = query_step(&q, err)) == 1) {
		facts[*n_r].at_s = row_int(&q);
		facts[*n_r].id = row_int(&q);
		facts[(*n_r)++].address = row_int(&q);
	}
	return got;
}

static bool came_before(const struct old_fact *facts, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (facts[k].address == facts[i].address)
			return true;
	return false;
}

int store_thinned(struct store *s, int64_t *thinned_r, struct error *err)
{
	return note_get(s, "thinned_before", thinned_r, 1, err);
}

/* So that nobody expects counts to be the sum of what is kept. */
static int note_thinned(struct store *s, int64_t before_s, struct error *err)
{
	int64_t thinned_s;

	if (store_thinned(s, &thinned_s, err))
		return -1;
	return before_s > thinned_s
		       ? note_put(s, "thinned_before", &before_s, 1, err)
		       : 0;
}

/* The addresses of the facts found, until enough was done. */
static int retain_some(struct store *s, int64_t before_s, struct walk *w,
		       const struct old_fact *facts, size_t n,
		       struct error *err)
{
	size_t sum = 0;

	for (size_t i = 0; i < n && sum < STEP_FACTS; i++) {
		size_t cost = 0;

		if (!came_before(facts, i) &&
		    retain_address(s, facts[i].address, before_s, &cost, err))
			return -1;
		sum += cost;
		if (cost >= STEP_FACTS)
			break;
		w->at_s = facts[i].at_s;
		w->id = facts[i].id;
	}
	return walk_put(s, w, err);
}

int store_retain(struct store *s, int64_t before_s, size_t max, int64_t now_s,
		 struct error *err)
{
	struct old_fact *facts = xcalloc(max, sizeof(*facts));
	struct walk w;
	size_t n = 0;
	int rc = -1;

	if (walk_get(s, now_s, &w, err) ||
	    find_old(s, &w, before_s, max, facts, &n, err))
		goto out;
	if (n == 0) {
		rc = prune_step(s, before_s, now_s, err);
		goto out;
	}
	if (work_begin(s, err))
		goto out;
	if (note_thinned(s, before_s, err) ||
	    retain_some(s, before_s, &w, facts, n, err))
		work_abort(s);
	else
		rc = work_commit(s, now_s, err) ? -1 : 1;
out:
	free(facts);
	return rc;
}

/* 1 forgot one, 0 there is none, -1. */
static int forget_one(struct store *s, int64_t before_s, struct error *err)
{
	int64_t message = 0;
	int got = query_ask(s, Q_QUARANTINE_OLDEST, before_s, &message, err);

	if (got != 1)
		return got;
	return query_do(s, Q_QUARANTINE_EMPTY, message, err) ? -1 : 1;
}

int store_quarantine_retain(struct store *s, int64_t before_s, size_t max,
			    struct error *err)
{
	int64_t message;
	/* A look without the write lock: mostly there is none. */
	int got = query_ask(s, Q_QUARANTINE_OLDEST, before_s, &message, err);

	if (got != 1)
		return got;
	if (store_begin(s, err))
		return -1;
	for (size_t i = 0; i < max && got == 1; i++)
		got = forget_one(s, before_s, err);
	if (got < 0) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err) ? -1 : got;
}
