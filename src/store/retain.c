/*
 * Retention: old facts are deleted, but what they amount to is not. Before
 * facts go, policy_carry says what must stay of them; shared counts are left
 * as they are, for they speak of what happened, not of what is kept.
 */
#include <string.h>

#include "store/internal.h"
#include "store/state.h"
#include "util/num.h"

#define HOUR_S 3600
/* Flags of hours may still decide about facts that were kept. */
#define HOURS_KEPT_S (400 * (int64_t)86400)
#define PRUNE_STEP 1000

static bool is_kept(const struct policy_event *carry, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (carry[i].type == POLICY_VERDICT && carry[i].id == id)
			return true;
	return false;
}

static int write_carry(struct store *s, int64_t address, size_t n,
		       const struct policy_event *e, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_CARRY_INSERT);
	query_int(&q, address);
	query_int(&q, (int64_t)n);
	query_blob(&q, e->key, sizeof(e->key));
	query_int(&q, e->at_s);
	query_int(&q, e->sent_at_s);
	query_text(&q, e->stream);
	query_text(&q, e->send);
	query_text(&q, reason_info(e->reason)->name);
	query_text(&q, verdict_class_name(e->class_));
	query_text(&q, verdict_effect_name(e->effect));
	query_text(&q, evidence_name(e->evidence));
	query_int(&q, e->reply);
	query_int(&q, e->until_s);
	query_int(&q, e->step);
	query_text(&q, policy_source_name(e->source));
	query_int(&q, e->hits);
	query_int(&q, e->bounded);
	query_int(&q, e->probation);
	return query_run(&q, err);
}

static int run_with(struct store *s, enum query_id id, int64_t n,
		    struct error *err)
{
	struct query q;

	query_start(&q, s, id);
	query_int(&q, n);
	return query_run(&q, err);
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

static size_t uncopied(const struct history *h, struct arena *a,
		       struct policy_event **events_r)
{
	size_t n = 0;

	*events_r = arena_array(a, h->event_count + 1, sizeof(**events_r));
	for (size_t i = 0; i < h->event_count; i++)
		if (i >= h->fact_count || !h->facts[i].copy)
			(*events_r)[n++] = h->events[i];
	return n;
}

/* Facts too many to be folded must not come back when others go. */
static int delete_unfolded(struct store *s, const struct history *h,
			   int64_t before_s, struct error *err)
{
	struct query q;

	if (h->fact_count < HISTORY_MAX_FACTS)
		return 0;
	query_start(&q, s, Q_FACT_DELETE_UNFOLDED);
	query_int(&q, h->address);
	query_int(&q, HISTORY_MAX_FACTS);
	query_int(&q, before_s);
	return query_run(&q, err);
}

/* They are in no history, and nothing of them is to be carried. */
static int delete_undone(struct store *s, int64_t address, int64_t before_s,
			 struct error *err)
{
	struct query q;

	query_start(&q, s, Q_FACT_DELETE_UNDONE);
	query_int(&q, address);
	query_int(&q, before_s);
	return query_run(&q, err);
}

static int retain_address(struct store *s, int64_t address, int64_t before_s,
			  struct error *err)
{
	struct policy_event *carry = NULL;
	struct policy_event *events;
	struct history h;
	size_t n;
	size_t row = 0;

	if (history_load(s, address, &s->arena, &h, err) ||
	    history_surroundings(s, &h, err))
		return -1;
	n = uncopied(&h, &s->arena, &events);
	n = policy_carry(s->policy, events, n, before_s, &s->arena, &carry);
	if (run_with(s, Q_SUPPRESSION_DELETE, address, err) ||
	    run_with(s, Q_CARRY_DELETE, address, err) ||
	    delete_undone(s, address, before_s, err) ||
	    delete_unfolded(s, &h, before_s, err))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (carry[i].type == POLICY_CARRY &&
		    write_carry(s, address, row++, &carry[i], err))
			return -1;
	for (size_t i = 0; i < h.fact_count; i++)
		if (goes(&h, i, before_s, carry, n) &&
		    run_with(s, Q_FACT_DELETE, h.events[i].id, err))
			return -1;
	work_refold(s, address);
	return 0;
}

/* A number among the settings; 0 where there is none. */
static int number_get(struct store *s, const char *name, int64_t *n_r,
		      struct error *err)
{
	struct query q;
	int got;

	*n_r = 0;
	query_start(&q, s, Q_SETTING_GET);
	query_text(&q, name);
	got = query_step(&q, err);
	if (got == 1) {
		struct span text = span_of(row_text(&q));

		if (num_i64(text.p, text.n, n_r))
			*n_r = 0;
		query_end(&q);
	}
	return got < 0 ? -1 : 0;
}

static int number_put(struct store *s, const char *name, int64_t n,
		      struct error *err)
{
	struct query q;

	query_start(&q, s, Q_SETTING_PUT);
	query_text(&q, name);
	query_text(&q, arena_printf(&s->arena, "%lld", (long long)n));
	return query_run(&q, err);
}

static int prune(struct store *s, int64_t before_s, struct error *err)
{
	int64_t hour = (before_s - HOURS_KEPT_S) / HOUR_S;
	struct query q;

	query_start(&q, s, Q_MESSAGE_PRUNE);
	query_int(&q, before_s);
	query_int(&q, PRUNE_STEP);
	if (query_run(&q, err) || run_with(s, Q_LEDGER_PRUNE, before_s, err) ||
	    run_with(s, Q_GUARD_PRUNE, hour, err) ||
	    run_with(s, Q_DOMAIN_EVENT_PRUNE, hour, err))
		return -1;
	return run_with(s, Q_BREAKER_PRUNE, hour, err);
}

int store_thinned(struct store *s, int64_t *thinned_r, struct error *err)
{
	return number_get(s, "thinned_before", thinned_r, err);
}

/* So that nobody expects counts to be the sum of what is kept. */
static int note_thinned(struct store *s, int64_t before_s, struct error *err)
{
	int64_t thinned_s;

	if (store_thinned(s, &thinned_s, err))
		return -1;
	return before_s > thinned_s
		       ? number_put(s, "thinned_before", before_s, err)
		       : 0;
}

/* Up to max addresses from the cursor on; *more_r where there may be more. */
static int retain_some(struct store *s, int64_t before_s, size_t max,
		       bool *more_r, struct error *err)
{
	int64_t cursor;
	int got = 1;

	/* Where the last step ended: addresses are taken in turn. */
	if (number_get(s, "retain_cursor", &cursor, err))
		return -1;
	for (size_t i = 0; i < max && got == 1; i++) {
		struct query q;

		query_start(&q, s, Q_RETAIN_NEXT);
		query_int(&q, cursor);
		query_int(&q, before_s);
		got = query_number(&q, &cursor, err);
		if (got < 0 ||
		    (got == 1 && (note_thinned(s, before_s, err) ||
				  retain_address(s, cursor, before_s, err))))
			return -1;
	}
	*more_r = got == 1;
	return number_put(s, "retain_cursor", got == 1 ? cursor : 0, err);
}

int store_retain(struct store *s, int64_t before_s, size_t max, int64_t now_s,
		 struct error *err)
{
	bool more = false;

	if (work_begin(s, err))
		return -1;
	if (retain_some(s, before_s, max, &more, err) ||
	    (!more && prune(s, before_s, err))) {
		work_abort(s);
		return -1;
	}
	if (work_commit(s, now_s, err))
		return -1;
	return more;
}

/* 1 forgot one, 0 there is none, -1. */
static int forget_one(struct store *s, int64_t before_s, struct error *err)
{
	int64_t message = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_QUARANTINE_OLDEST);
	query_int(&q, before_s);
	got = query_number(&q, &message, err);
	if (got != 1)
		return got;
	query_start(&q, s, Q_QUARANTINE_EMPTY);
	query_int(&q, message);
	return query_run(&q, err) ? -1 : 1;
}

int store_quarantine_retain(struct store *s, int64_t before_s, size_t max,
			    struct error *err)
{
	int got = 1;

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
