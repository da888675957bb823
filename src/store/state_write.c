/*
 * Writing what policy_fold made of an address: its rows are replaced as a
 * whole, never changed one by one.
 */
#include <string.h>

#include "store/fact.h"
#include "store/internal.h"
#include "store/state.h"

static int write_suppression(struct store *s, int64_t address, size_t n,
			     const struct state_suppression *one,
			     struct error *err)
{
	struct query q;

	query_start(&q, s, Q_SUPPRESSION_INSERT);
	query_int(&q, address);
	query_int(&q, (int64_t)n);
	query_text(&q, one->stream);
	query_text(&q, one->class_);
	query_text(&q, one->reason);
	query_text(&q, one->source);
	query_text(&q, one->evidence);
	query_int(&q, one->hits);
	query_int(&q, one->since_s);
	query_int_or_null(&q, one->until_s);
	query_int_or_null(&q, one->fact);
	query_int_or_null(&q, one->decision);
	return query_run(&q, err);
}

static int write_soft(struct store *s, int64_t address,
		      const struct store_soft *one, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_SOFT_INSERT);
	query_int(&q, address);
	query_text(&q, one->stream);
	query_text(&q, one->reasons);
	query_int(&q, one->count);
	query_int(&q, one->threshold);
	query_int(&q, one->first_at_s);
	query_int(&q, one->last_at_s);
	query_int(&q, one->step);
	query_int_or_null(&q, one->promotes_at_s);
	query_int(&q, one->probation);
	query_text(&q, one->due_reason);
	query_int_or_null(&q, one->tried_at_s);
	query_int_or_null(&q, one->due_at_s);
	query_int(&q, one->attempt);
	query_int(&q, one->attempts_left);
	query_int_or_null(&q, one->give_up_at_s);
	return query_run(&q, err);
}

static bool is_among(const struct state_suppression *x, const struct state *st)
{
	for (size_t i = 0; i < st->suppression_count; i++) {
		const struct state_suppression *y = &st->suppressions[i];

		if (strcmp(x->stream, y->stream) == 0 &&
		    strcmp(x->source, y->source) == 0 &&
		    strcmp(x->class_, y->class_) == 0 &&
		    strcmp(x->reason, y->reason) == 0 &&
		    x->until_s == y->until_s)
			return true;
	}
	return false;
}

/* Is it another answer to those who follow what may be mailed? */
static bool is_change(const struct state *was, const struct state *is)
{
	for (size_t i = 0; i < is->suppression_count; i++)
		if (!is_among(&is->suppressions[i], was))
			return true;
	return was->suppression_count != is->suppression_count;
}

/* is_new: nothing was written of it before. */
static int write_state(struct store *s, int64_t address,
		       const struct state *state, bool is_new,
		       struct error *err)
{
	struct state was = {0};
	struct query q;

	if (!is_new &&
	    address_state_suppressions(s, address, &s->scratch, &was, err))
		return -1;
	query_start(&q, s, Q_STATE_WRITE);
	query_int(&q, address);
	query_int(&q, state->allowed);
	query_int_or_null(&q, state->next_change_s);
	query_int(&q, is_change(&was, state));
	if (query_run(&q, err))
		return -1;
	if (was.suppression_count &&
	    query_do(s, Q_SUPPRESSION_DELETE, address, err))
		return -1;
	if (!is_new && query_do(s, Q_SOFT_DELETE, address, err))
		return -1;
	for (size_t i = 0; i < state->suppression_count; i++)
		if (write_suppression(s, address, i, &state->suppressions[i],
				      err))
			return -1;
	for (size_t i = 0; i < state->soft_count; i++)
		if (write_soft(s, address, &state->softs[i], err))
			return -1;
	return 0;
}

static bool is_written(const struct history_fact *f,
		       const struct fact_outcome *did)
{
	return did->copy == f->old_copy &&
	       strcmp(did->applied, f->old_applied) == 0 &&
	       strcmp(did->held_by, f->old_held_by) == 0 &&
	       did->held_until_s == f->old_held_until_s;
}

/* What one fact did, written where it is not what the row says. */
static int write_outcome(struct store *s, const struct history *h, size_t i,
			 enum policy_applied did, struct error *err)
{
	const struct history_fact *f = &h->facts[i];
	struct fact_outcome o = {.copy = f->copy,
				 .applied = policy_applied_name(did),
				 .held_by = ""};
	struct query q;

	if (did == APPLIED_HELD) {
		o.held_by = *f->held_by ? f->held_by : "evidence";
		o.held_until_s = f->held_until_s;
	}
	if (f->pending)
		return fact_write(s, f->pending, &o, err);
	if (is_written(f, &o))
		return 0;
	query_start(&q, s, Q_FACT_OUTCOME);
	query_int(&q, h->events[i].id);
	query_int(&q, o.copy);
	query_text(&q, o.applied);
	query_text(&q, o.held_by);
	query_int_or_null(&q, o.held_until_s);
	return query_run(&q, err);
}

int fold_history(struct store *s, struct history *h, bool is_new, int64_t now_s,
		 struct error *err)
{
	enum policy_applied *applied;
	struct state st;

	if (address_state_fold(s, h, now_s, &s->scratch, &st, &applied, err))
		return -1;
	/* The facts first: a suppression refers to the one that began it. */
	for (size_t i = 0; i < h->fact_count; i++)
		if (write_outcome(s, h, i, applied[i], err))
			return -1;
	return write_state(s, h->address, &st, is_new, err);
}

int fold_address(struct store *s, int64_t address, int64_t now_s,
		 struct error *err)
{
	struct history h;

	arena_reset(&s->scratch);
	if (history_load(s, address, &s->scratch, &h, err))
		return -1;
	if (*h.folded == '\0')
		return 0;
	return fold_history(s, &h, false, now_s, err);
}
