/*
 * Forgetting a person, who has asked for it: nothing that was told of an
 * address stays, and nobody else is judged by it. Whom we must not mail we have
 * to remember all the same: what suppresses it stays unless that is to go, too.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "store/decision.h"
#include "store/internal.h"
#include "store/mend.h"
#include "store/named.h"
#include "store/shed.h"
#include "store/state.h"
#include "util/fdio.h"

/* After so long it is the turn of others, for as long. */
#define TURN_MS 100

/* Facts of one step: what they cost is what others wait for. */
#define STEP_FACTS 2000

struct forget {
	struct store *s;
	const struct store_forget *what;
	int64_t now_s;
	int64_t turn_ms;     /* when ours began */
	struct arena *arena; /* of one address */
	int64_t address;
	const char *folded;
	struct state before; /* as it was */
};

/*
 * In the transaction that needs its row: somebody else may have forgotten it
 * since, and then its number is that of another. 1, 0 where it is gone, -1.
 */
static int find_address(struct forget *f, struct error *err)
{
	if (address_id(f->s, f->folded, &f->address, err))
		return -1;
	return f->address != 0;
}

/*
 * SQLite looks every tenth of a second whether the lock is free, and would
 * never find it so between two transactions of ours.
 */
static void give_way(struct forget *f)
{
	if (fdio_monotonic_ms() - f->turn_ms < TURN_MS)
		return;
	poll(NULL, 0, TURN_MS);
	f->turn_ms = fdio_monotonic_ms();
}

/* ---- What stays ---- */

static bool is_in_force(const struct state *st,
			const struct policy_event *carry)
{
	for (size_t i = 0; i < st->suppression_count; i++) {
		const struct state_suppression *x = &st->suppressions[i];

		if (strcmp(x->stream, carry->stream) == 0 &&
		    strcmp(x->source, policy_source_name(carry->source)) == 0)
			return true;
	}
	return false;
}

/* In force by what was reported: their carry rows. */
static int keep_reported(struct forget *f, const struct policy_event *carry,
			 size_t n, struct error *err)
{
	size_t row = 0;

	for (size_t i = 0; i < n; i++)
		if (carry[i].type == POLICY_CARRY && carry[i].hits > 0 &&
		    is_in_force(&f->before, &carry[i]) &&
		    shed_carry(f->s, f->address, row++, &carry[i], err))
			return -1;
	return 0;
}

static int read_decision(struct forget *f, int64_t id, struct decision_row *r,
			 struct error *err)
{
	struct query q;
	int got;

	query_start(&q, f->s, Q_DECISION_READ);
	query_int(&q, id);
	got = query_step(&q, err);
	if (got != 1)
		return got;
	*r = (struct decision_row){.action = "suppress",
				   .folded = f->folded,
				   .address = f->address,
				   .note = ""};
	r->at_s = row_int(&q);
	r->who = row_dup(&q, f->arena);
	r->stream = row_dup(&q, f->arena);
	r->until_s = row_int(&q);
	r->imported = row_int(&q) != 0;
	r->reason = row_dup(&q, f->arena);
	query_end(&q);
	return 1;
}

/* In force because somebody said so: that alone is said again. */
static int keep_decided(struct forget *f, struct error *err)
{
	size_t n = f->what->all ? 0 : f->before.suppression_count;
	struct decision_row *rows = arena_array(f->arena, n + 1, sizeof(*rows));
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t id = f->before.suppressions[i].decision;
		int got = id ? read_decision(f, id, &rows[kept], err) : 0;

		if (got < 0)
			return -1;
		kept += got == 1;
	}
	if (query_do(f->s, Q_DECISION_DELETE, f->address, err))
		return -1;
	for (size_t i = 0; i < kept; i++)
		if (decision_insert(f->s, &rows[i], err))
			return -1;
	return 0;
}

/* ---- What goes ---- */

/* 1 while there are more, 0, -1. */
static int clear_some(struct forget *f, struct error *err)
{
	struct history h;
	size_t n;
	int found = find_address(f, err);

	if (found != 1)
		return found;
	if (history_load(f->s, f->address, &f->s->arena, &h, err))
		return -1;
	return shed_uncounted(f->s, &h, INT64_MAX, STEP_FACTS, &n, err);
}

/* Facts that count for nothing, however many there are, in steps. */
static int clear_crowd(struct forget *f, struct error *err)
{
	int more = 1;

	while (more == 1) {
		give_way(f);
		if (work_begin(f->s, err))
			return -1;
		more = clear_some(f, err);
		if (more < 0)
			work_abort(f->s);
		else if (work_commit(f->s, f->now_s, err))
			return -1;
	}
	return more;
}

/* None but clear_crowd's are more than a history holds. */
static int clear_facts(struct forget *f, struct error *err)
{
	const size_t max = 2 * HISTORY_MAX_FACTS + STEP_FACTS;
	int64_t *ids = arena_array(f->arena, max, sizeof(*ids));
	size_t n = 0;
	struct query q;
	int rc;

	query_start(&q, f->s, Q_FORGET_FACT_NEXT);
	query_int(&q, f->address);
	query_int(&q, (int64_t)max);
	while ((rc = query_step(&q, err)) == 1)
		ids[n++] = row_int(&q);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = shed_fact(f->s, ids[i], err);
	return rc;
}

static int64_t cutoff(const struct forget *f, const struct history *h)
{
	int64_t last_s = f->now_s;

	for (size_t i = 0; i < h->event_count; i++)
		if (h->events[i].at_s > last_s)
			last_s = h->events[i].at_s;
	return last_s + 1;
}

static int clear_address(struct forget *f, struct error *err)
{
	struct store *s = f->s;
	struct policy_event *events, *carry = NULL;
	struct history h;
	size_t n;
	int found = find_address(f, err);

	if (found != 1)
		return found;
	if (address_state_at(s, f->address, f->now_s, f->arena, &f->before,
			     err) ||
	    history_load(s, f->address, f->arena, &h, err) ||
	    history_surroundings(s, &h, err) || work_touch(s, f->address, err))
		return -1;
	events = history_events(&h, f->arena, &n);
	n = policy_carry(s->policy, events, n, cutoff(f, &h), f->arena, &carry);
	if (query_do(s, Q_SUPPRESSION_FREE, f->address, err) ||
	    query_do(s, Q_CARRY_DELETE, f->address, err) ||
	    (!f->what->all && keep_reported(f, carry, n, err)) ||
	    keep_decided(f, err) || clear_facts(f, err))
		return -1;
	return work_fold(s, f->now_s, err);
}

/* ---- The address itself ---- */

/* Hours that retention has kept are the hours of others as well. */
static int clear_events(struct forget *f, const char *domain, struct error *err)
{
	struct contribution gone = {.table = CONTRIBUTION_DOMAIN};
	struct query q;
	int got;

	for (size_t i = 0; i < CONTRIBUTION_KEYS; i++)
		gone.key[i] = "";
	gone.key[0] = domain;
	query_start(&q, f->s, Q_FORGET_EVENTS);
	query_int(&q, f->address);
	while ((got = query_step(&q, err)) == 1) {
		gone.key[1] = row_dup(&q, &f->s->arena);
		gone.time = row_int(&q);
		gone.value[0] = -row_int(&q);
		ripple_add(&f->s->ripple, &gone);
	}
	return got;
}

static int delete_events(struct forget *f, const char *domain,
			 struct error *err)
{
	const struct ripple *r = &f->s->ripple;

	for (size_t i = 0; i < r->count; i++) {
		struct query q;

		query_start(&q, f->s, Q_DOMAIN_EVENT_DELETE);
		query_text(&q, domain);
		query_text(&q, r->keys[i].key[1]);
		query_int(&q, r->keys[i].time);
		query_int(&q, f->address);
		if (query_run(&q, err))
			return -1;
	}
	return 0;
}

static int count(struct forget *f, int64_t *facts_r, int64_t *decisions_r,
		 struct error *err)
{
	if (query_ask(f->s, Q_FORGET_FACTS, f->address, facts_r, err) < 0 ||
	    query_ask(f->s, Q_FORGET_DECISIONS, f->address, decisions_r, err) <
		    0)
		return -1;
	return 0;
}

/* 1 where nothing stands in the way of its going, 0, -1. */
static int is_bare(struct forget *f, struct error *err)
{
	int64_t facts, decisions;
	struct state st;
	int found = find_address(f, err);

	if (found != 1)
		return found;
	if (count(f, &facts, &decisions, err) ||
	    address_state_read(f->s, f->address, f->arena, &st, err))
		return -1;
	return facts == 0 && decisions == 0 && st.suppression_count == 0;
}

static int delete_address(struct forget *f, struct error *err)
{
	static const enum query_id queries[] = {
		Q_SOFT_DELETE,	 Q_SUPPRESSION_DELETE, Q_CARRY_DELETE,
		Q_FORGET_NUMBER, Q_STATE_DELETE,       Q_ADDRESS_DELETE};
	const char *domain = strchr(f->folded, '@');

	domain = domain ? domain + 1 : "";
	if (clear_events(f, domain, err) || delete_events(f, domain, err))
		return -1;
	for (size_t i = 0; i < sizeof(queries) / sizeof(*queries); i++)
		if (query_do(f->s, queries[i], f->address, err))
			return -1;
	return 0;
}

/* Unless a report has come between. */
static int vanish(struct forget *f, struct error *err)
{
	int bare;

	if (work_begin(f->s, err))
		return -1;
	bare = is_bare(f, err);
	if (bare == 1 && delete_address(f, err))
		bare = -1;
	if (bare == 1)
		return work_commit(f->s, f->now_s, err);
	work_abort(f->s);
	return bare;
}

/* ---- One address ---- */

static const char *why(const struct state *st)
{
	const struct state_suppression *x = st->suppressions;

	if (st->suppression_count == 0)
		return "";
	return *x->reason ? x->reason : x->source;
}

static int look(struct forget *f, struct error *err)
{
	int rc;

	if (store_begin_read(f->s, err))
		return -1;
	rc = address_state_at(f->s, f->address, f->now_s, f->arena, &f->before,
			      err);
	store_end_read(f->s);
	return rc;
}

static int clear(struct forget *f, struct error *err)
{
	int rc;

	if (clear_crowd(f, err) || work_begin(f->s, err))
		return -1;
	rc = clear_address(f, err);
	if (rc == 0)
		rc = store_commit(f->s, err);
	work_abort(f->s);
	return rc;
}

static int forget_known(struct forget *f, struct store_forgotten *out,
			struct error *err)
{
	bool dry = f->what->dry_run;

	if (count(f, &out->reports, &out->decisions, err) ||
	    (dry ? look(f, err) : clear(f, err)))
		return -1;
	out->suppressed = why(&f->before);
	out->stays = *out->suppressed && !f->what->all;
	return dry || out->stays ? 0 : vanish(f, err);
}

static int forget_one(struct forget *f, struct named *n, size_t i,
		      struct store_forgotten *out, struct error *err)
{
	bool dry = f->what->dry_run;
	struct named_counts named = named_count(n, i);

	arena_reset(f->arena);
	f->folded = f->what->addresses[i];
	f->before = (struct state){0};
	*out = (struct store_forgotten){.address = f->folded,
					.suppressed = "",
					.sent = named.ledger,
					.unreadable = named.quarantine,
					.written = named.written};
	if (find_address(f, err) < 0 || (!dry && named_erase(n, i, err)))
		return -1;
	out->known = f->address || out->sent || out->unreadable || out->written;
	return f->address ? forget_known(f, out, err) : 0;
}

int store_forget(struct store *s, const struct store_forget *what,
		 store_forgotten_fn each, store_progress_fn progress, void *ctx,
		 int64_t now_s, struct error *err)
{
	struct store_forgotten out;
	struct arena arena;
	struct forget f = {
		.s = s, .what = what, .now_s = now_s, .arena = &arena};
	struct named n;
	int rc;

	if (store_overwrite(s, err))
		return -1;
	arena_init(&arena);
	rc = named_find(&n, s, what->addresses, what->n, err);
	f.turn_ms = fdio_monotonic_ms();
	for (size_t i = 0; rc == 0 && i < what->n; i++) {
		give_way(&f);
		rc = forget_one(&f, &n, i, &out, err);
		if (rc == 0)
			each(ctx, &out);
		if (progress)
			progress(ctx, (int64_t)i + 1, (int64_t)what->n);
	}
	named_release(&n);
	arena_release(&arena);
	return rc ? -1 : store_checkpoint(s, err);
}
