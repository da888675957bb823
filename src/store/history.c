/*
 * An address's whole history, as policy_fold wants it. The order in which
 * things were recorded must not show: what decides between two facts is their
 * content, never a row id.
 */
#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "store/internal.h"

#define HOUR_S 3600

/* Names in the database are ours; one that is unknown came from elsewhere. */
static enum reason reason_of(const char *name)
{
	int r = reason_find(span_of(name));

	return r < 0 ? REASON_UNKNOWN : (enum reason)r;
}

static enum evidence evidence_of(const char *name)
{
	int e = evidence_find(span_of(name));

	return e < 0 ? EVIDENCE_FAILED : (enum evidence)e;
}

static enum verdict_class class_of(const char *name)
{
	int c = verdict_class_find(span_of(name));

	return c < 0 ? VERDICT_NONE : (enum verdict_class)c;
}

static enum verdict_effect effect_of(const char *name)
{
	int e = verdict_effect_find(span_of(name));

	return e < 0 ? EFFECT_NONE : (enum verdict_effect)e;
}

static enum policy_hold hold_of(const char *action)
{
	if (strcmp(action, "apply") == 0)
		return HOLD_APPLIED;
	return strcmp(action, "drop") == 0 ? HOLD_DROPPED : HOLD_NONE;
}

static void fact_row(struct query *q, struct arena *a, struct policy_event *e,
		     struct history_fact *f)
{
	const char *message_id;
	uint32_t n;

	e->type = POLICY_VERDICT;
	e->id = row_int(q);
	row_bytes(q, e->key, sizeof(e->key));
	/* Two facts of one message must not tie. */
	n = (uint32_t)row_int(q);
	for (size_t i = 0; i < sizeof(n); i++)
		e->key[MESSAGE_KEY_BYTES - 1 - i] ^= (uint8_t)(n >> (8 * i));
	e->at_s = row_int(q);
	e->sent_at_s = row_int(q);
	e->stream = row_dup(q, a);
	f->campaign = row_dup(q, a);
	message_id = row_dup(q, a);
	e->send = *f->campaign ? f->campaign : message_id;
	e->reason = reason_of(row_text(q));
	e->class_ = class_of(row_text(q));
	e->effect = effect_of(row_text(q));
	e->evidence = evidence_of(row_text(q));
	e->recipients = (unsigned)row_int(q);
	e->forwarded = row_int(q) != 0;
	f->provider = row_dup(q, a);
	f->reporter = row_dup(q, a);
	f->has_copy_key = !row_is_null(q);
	row_bytes(q, f->copy_key, sizeof(f->copy_key));
	f->old_copy = row_int(q) != 0;
	f->old_applied = row_dup(q, a);
	f->old_held_by = row_dup(q, a);
	f->old_held_until_s = row_int(q);
	e->reply = (int)row_int(q);
	e->hold = hold_of(row_text(q));
	f->held_by = "";
}

static enum policy_event_type decision_type(const char *action)
{
	if (strcmp(action, "suppress") == 0)
		return POLICY_SUPPRESS;
	if (strcmp(action, "release") == 0)
		return POLICY_RELEASE;
	return strcmp(action, "allow") == 0 ? POLICY_ALLOW : POLICY_DISALLOW;
}

static void decision_row(struct query *q, struct arena *a,
			 struct policy_event *e)
{
	e->id = -row_int(q);
	row_bytes(q, e->key, sizeof(e->key));
	e->at_s = row_int(q);
	e->sent_at_s = e->at_s;
	e->type = decision_type(row_text(q));
	e->stream = row_dup(q, a);
	e->send = "";
	e->until_s = row_int(q);
	e->force = row_int(q) != 0;
	e->imported = row_int(q) != 0;
	e->reason = REASON_UNKNOWN;
}

static enum policy_source source_of(const char *name)
{
	for (enum policy_source i = 0; i < POLICY_SOURCE_COUNT; i++)
		if (strcmp(policy_source_name(i), name) == 0)
			return i;
	return SOURCE_HARD;
}

static void carry_row(struct query *q, struct arena *a, struct policy_event *e)
{
	e->type = POLICY_CARRY;
	row_bytes(q, e->key, sizeof(e->key));
	e->at_s = row_int(q);
	e->sent_at_s = row_int(q);
	e->stream = row_dup(q, a);
	e->send = row_dup(q, a);
	e->reason = reason_of(row_text(q));
	e->class_ = class_of(row_text(q));
	e->effect = effect_of(row_text(q));
	e->evidence = evidence_of(row_text(q));
	e->reply = (int)row_int(q);
	e->until_s = row_int(q);
	e->step = (unsigned)row_int(q);
	e->source = source_of(row_text(q));
	e->hits = (unsigned)row_int(q);
	e->bounded = row_int(q) != 0;
	e->probation = row_int(q) != 0;
}

/* A growing array in an arena: what it outgrows stays there. */
static void *grown(struct arena *arena, void *old, size_t count, size_t *cap,
		   size_t size)
{
	void *p = old;

	if (count == *cap) {
		*cap = *cap ? *cap * 2 : 4;
		p = arena_array(arena, *cap, size);
		if (count)
			memcpy(p, old, count * size);
	}
	return p;
}

/* The query gives the newest first. */
static void turn_round(struct history *h)
{
	for (size_t i = 0; i < h->fact_count / 2; i++) {
		size_t k = h->fact_count - 1 - i;
		struct policy_event event = h->events[i];
		struct history_fact fact = h->facts[i];

		h->events[i] = h->events[k];
		h->events[k] = event;
		h->facts[i] = h->facts[k];
		h->facts[k] = fact;
	}
}

static int load_facts(struct store *s, struct history *h, size_t *cap,
		      struct arena *arena, struct error *err)
{
	size_t fact_cap = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_HISTORY_FACTS);
	query_int(&q, h->address);
	query_int(&q, HISTORY_MAX_FACTS);
	while ((got = query_step(&q, err)) == 1) {
		h->events = grown(arena, h->events, h->event_count, cap,
				  sizeof(*h->events));
		h->facts = grown(arena, h->facts, h->fact_count, &fact_cap,
				 sizeof(*h->facts));
		fact_row(&q, arena, &h->events[h->event_count++],
			 &h->facts[h->fact_count++]);
	}
	turn_round(h);
	return got;
}

static int load_others(struct store *s, struct history *h, size_t *cap,
		       struct arena *arena, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_HISTORY_DECISIONS);
	query_int(&q, h->address);
	query_text(&q, h->domain);
	while ((got = query_step(&q, err)) == 1) {
		h->events = grown(arena, h->events, h->event_count, cap,
				  sizeof(*h->events));
		decision_row(&q, arena, &h->events[h->event_count++]);
	}
	if (got)
		return -1;
	query_start(&q, s, Q_HISTORY_CARRY);
	query_int(&q, h->address);
	while ((got = query_step(&q, err)) == 1) {
		h->events = grown(arena, h->events, h->event_count, cap,
				  sizeof(*h->events));
		carry_row(&q, arena, &h->events[h->event_count++]);
	}
	return got;
}

struct copy {
	const struct policy_event *event;
	struct history_fact *fact;
};

/* Equal copy keys together, the one that counts first. */
static int copy_order(const void *va, const void *vb)
{
	const struct copy *a = va;
	const struct copy *b = vb;
	int c = memcmp(a->fact->copy_key, b->fact->copy_key,
		       sizeof(a->fact->copy_key));

	if (c)
		return c;
	if (a->event->evidence != b->event->evidence)
		return a->event->evidence > b->event->evidence ? -1 : 1;
	if (a->event->at_s != b->event->at_s)
		return a->event->at_s < b->event->at_s ? -1 : 1;
	return memcmp(a->event->key, b->event->key, sizeof(a->event->key));
}

/*
 * The postmaster's copy of a bounce says the same as the bounce. The better
 * proved one counts, so that a copy without proof cannot weaken it.
 */
static void mark_copies(struct history *h, struct arena *arena)
{
	struct copy *copies =
		arena_array(arena, h->fact_count + 1, sizeof(*copies));
	size_t n = 0;

	for (size_t i = 0; i < h->fact_count; i++)
		if (h->facts[i].has_copy_key)
			copies[n++] =
				(struct copy){&h->events[i], &h->facts[i]};
	qsort(copies, n, sizeof(*copies), copy_order);
	for (size_t i = 1; i < n; i++)
		copies[i].fact->copy =
			memcmp(copies[i].fact->copy_key,
			       copies[i - 1].fact->copy_key,
			       sizeof(copies[i].fact->copy_key)) == 0;
}

int history_load(struct store *s, int64_t address, struct arena *arena,
		 struct history *h_r, struct error *err)
{
	struct history h = {.address = address, .folded = "", .domain = ""};
	size_t cap = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_ADDRESS_BY_ID);
	query_int(&q, address);
	got = query_step(&q, err);
	if (got < 0)
		return -1;
	if (got == 1) {
		h.folded = row_dup(&q, arena);
		h.domain = row_dup(&q, arena);
		h.is_domain = h.folded[0] == '@';
		query_end(&q);
	}
	if (load_facts(s, &h, &cap, arena, err) ||
	    load_others(s, &h, &cap, arena, err))
		return -1;
	mark_copies(&h, arena);
	*h_r = h;
	return 0;
}

const char *history_reason_key(struct arena *arena, enum reason reason,
			       const char *reporter)
{
	return arena_printf(arena, "%s %s", reason_info(reason)->name,
			    reporter);
}

static int guard_held(struct store *s, const char *scope, const char *key,
		      int64_t hour, bool *held_r, struct error *err)
{
	struct query q;
	int64_t held = 0;

	*held_r = false;
	if (!*key)
		return 0;
	query_start(&q, s, Q_GUARD_HELD);
	query_text(&q, scope);
	query_text(&q, key);
	query_int(&q, hour);
	if (query_number(&q, &held, err) < 0)
		return -1;
	*held_r = held != 0;
	return 0;
}

int history_guard(struct store *s, const char *domain, const char *provider,
		  enum reason reason, const char *reporter, int64_t hour,
		  const char **scope_r, struct error *err)
{
	static const char *const scopes[] = {"domain", "provider", "reason"};
	const char *keys[] = {domain, provider, ""};
	bool held = false;

	*scope_r = "";
	if (*reporter)
		keys[2] = history_reason_key(&s->scratch, reason, reporter);
	for (size_t k = 0; k < 3 && !held; k++) {
		if (guard_held(s, scopes[k], keys[k], hour, &held, err))
			return -1;
		if (held)
			*scope_r = scopes[k];
	}
	return 0;
}

/* A hard verdict in an hour that a guard holds waits, unless a person spoke. */
static int find_hold(struct store *s, const struct history *h, size_t i,
		     struct error *err)
{
	struct policy_event *e = &h->events[i];
	struct history_fact *f = &h->facts[i];

	if (e->class_ != VERDICT_HARD || e->hold != HOLD_NONE)
		return 0;
	if (history_guard(s, h->domain, f->provider, e->reason, f->reporter,
			  e->at_s / HOUR_S, &f->held_by, err))
		return -1;
	if (*f->held_by) {
		e->hold = HOLD_WAITING;
		e->hold_until_s = e->at_s + s->policy->guard.hold_s;
		f->held_until_s = e->hold_until_s;
	}
	return 0;
}

static int find_shared(struct store *s, const struct history *h,
		       struct policy_event *e, struct error *err)
{
	struct query q;
	int64_t one = 0;

	if (e->class_ != VERDICT_SOFT || !policy_breaker_applies(e->reason))
		return 0;
	query_start(&q, s, Q_BREAKER_SHARED);
	query_text(&q, h->domain);
	query_int(&q, e->at_s / HOUR_S);
	if (query_number(&q, &one, err) < 0)
		return -1;
	e->shared = one != 0;
	return 0;
}

int history_surroundings(struct store *s, struct history *h, struct error *err)
{
	for (size_t i = 0; i < h->fact_count; i++)
		if (find_hold(s, h, i, err) ||
		    find_shared(s, h, &h->events[i], err))
			return -1;
	return 0;
}
