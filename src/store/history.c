/*
 * An address's whole history, as policy_fold wants it. The order in which
 * things were recorded must not show: what decides between two facts is their
 * content, never a row id.
 */
#include "store/history.h"

#include <stdlib.h>
#include <string.h>

#include "store/fact.h"
#include "store/internal.h"
#include "util/address.h"

#define HOUR_S 3600

void history_event_key(struct policy_event *e, const struct history_fact *f)
{
	uint32_t n = (uint32_t)f->message_n;

	memcpy(e->key, f->message_key, sizeof(e->key));
	/* Two facts of one message must not tie. */
	for (size_t i = 0; i < sizeof(n); i++)
		e->key[MESSAGE_KEY_BYTES - 1 - i] ^= (uint8_t)(n >> (8 * i));
}

/* A verdict on its way into a history. */
struct entry {
	struct policy_event event;
	struct history_fact fact;
};

struct entries {
	struct entry **items;
	size_t count, cap;
};

static void entries_add(struct entries *l, struct entry *e, struct arena *arena)
{
	if (l->count == l->cap) {
		struct entry **old = l->items;

		l->cap = l->cap ? l->cap * 2 : 8;
		l->items = arena_array(arena, l->cap, sizeof(*l->items));
		if (l->count)
			memcpy(l->items, old, l->count * sizeof(*old));
	}
	l->items[l->count++] = e;
}

static int by_content(const void *pa, const void *pb)
{
	const struct entry *a = *(struct entry *const *)pa;
	const struct entry *b = *(struct entry *const *)pb;
	int c;

	if (a->event.at_s != b->event.at_s)
		return a->event.at_s < b->event.at_s ? -1 : 1;
	c = memcmp(a->fact.message_key, b->fact.message_key,
		   sizeof(a->fact.message_key));
	if (c)
		return c;
	return (a->fact.message_n > b->fact.message_n) -
	       (a->fact.message_n < b->fact.message_n);
}

static bool is_proved(const struct entry *e)
{
	return e->event.evidence >= EVIDENCE_RELAY;
}

/* Sorts them and leaves out what is beyond the limits; oldest first. */
static void limit(struct entries *l)
{
	size_t room[2] = {HISTORY_MAX_FACTS, HISTORY_MAX_FACTS};
	size_t kept = l->count;

	if (l->count > 1)
		qsort(l->items, l->count, sizeof(*l->items), by_content);
	for (size_t i = l->count; i-- > 0;) {
		size_t *left = &room[is_proved(l->items[i])];

		if (*left == 0)
			continue;
		--*left;
		l->items[--kept] = l->items[i];
	}
	l->items += kept;
	l->count -= kept;
}

/* A history's facts are these now; what else is in it stays. */
static void set_facts(struct history *h, struct entries *l, struct arena *arena)
{
	size_t others = h->event_count - h->fact_count;
	struct policy_event *events;
	struct history_fact *facts;

	limit(l);
	events = arena_array(arena, l->count + others + 1, sizeof(*events));
	facts = arena_array(arena, l->count + 1, sizeof(*facts));
	for (size_t i = 0; i < l->count; i++) {
		events[i] = l->items[i]->event;
		facts[i] = l->items[i]->fact;
	}
	if (others)
		memcpy(events + l->count, h->events + h->fact_count,
		       others * sizeof(*events));
	h->events = events;
	h->facts = facts;
	h->fact_count = l->count;
	h->event_count = l->count + others;
}

/*
 * The newest rows of one kind, and all that arrived in the same second as the
 * last of them: limit() decides between those by their content.
 */
static int load_facts(struct store *s, int64_t address, enum query_id id,
		      struct arena *arena, struct entries *l, struct error *err)
{
	size_t n = 0;
	struct entry *last = NULL;
	struct query q;
	int got;

	query_start(&q, s, id);
	query_int(&q, address);
	while ((got = query_step(&q, err)) == 1) {
		struct entry *e = arena_alloc(arena, sizeof(*e));

		history_fact_row(&q, arena, &e->event, &e->fact);
		if (n++ >= HISTORY_MAX_FACTS &&
		    e->event.at_s != last->event.at_s) {
			query_end(&q);
			return 0;
		}
		entries_add(l, e, arena);
		last = e;
	}
	return got;
}

/* Room for one more event; what the array outgrows stays in the arena. */
static struct policy_event *next_other(struct history *h, struct arena *arena)
{
	size_t n = h->event_count++;

	/* Full whenever the count is a power of two. */
	if ((n & (n - 1)) == 0) {
		struct policy_event *more =
			arena_array(arena, n ? 2 * n : 1, sizeof(*more));

		if (n)
			memcpy(more, h->events, n * sizeof(*more));
		h->events = more;
	}
	return &h->events[n];
}

static int load_decisions(struct store *s, struct history *h,
			  struct arena *arena, struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_HISTORY_DECISIONS);
	query_int(&q, h->address);
	query_text(&q, h->domain);
	while ((got = query_step(&q, err)) == 1)
		history_decision_row(&q, arena, next_other(h, arena));
	return got;
}

static int load_carry(struct store *s, struct history *h, struct arena *arena,
		      struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_HISTORY_CARRY);
	query_int(&q, h->address);
	while ((got = query_step(&q, err)) == 1) {
		struct policy_event e = {0};

		history_carry_row(&q, arena, &e);
		if (history_is_hard_mark(&e))
			h->hard_before_s = e.at_s;
		else
			*next_other(h, arena) = e;
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
	struct copy *copies;
	size_t n = 0;

	if (h->fact_count < 2)
		return;
	copies = arena_array(arena, h->fact_count, sizeof(*copies));
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

/* What is known not to be there need not be asked for. */
static bool may_be_decided(const struct decided *d, const char *domain)
{
	for (size_t i = 0; d->known && i < d->count; i++)
		if (strcmp(d->domains[i], domain) == 0)
			return true;
	return !d->known;
}

int history_load_named(struct store *s, int64_t address, const char *folded,
		       bool is_new, struct arena *arena, struct history *h_r,
		       struct error *err)
{
	struct span domain = address_domain(span_of(folded));
	struct history h = {.address = address,
			    .folded = folded,
			    .domain = domain.n ? domain.p : "",
			    .is_domain = folded[0] == '@'};
	struct entries l = {0};

	if ((may_be_decided(&s->decided, h.domain) &&
	     load_decisions(s, &h, arena, err)) ||
	    (!is_new &&
	     (load_carry(s, &h, arena, err) ||
	      load_facts(s, address, Q_HISTORY_PROVED, arena, &l, err) ||
	      load_facts(s, address, Q_HISTORY_UNPROVED, arena, &l, err))))
		return -1;
	set_facts(&h, &l, arena);
	mark_copies(&h, arena);
	*h_r = h;
	return 0;
}

int history_load(struct store *s, int64_t address, struct arena *arena,
		 struct history *h_r, struct error *err)
{
	const char *folded = "";
	struct query q;
	int got;

	query_start(&q, s, Q_ADDRESS_BY_ID);
	query_int(&q, address);
	got = query_step(&q, err);
	if (got < 0)
		return -1;
	if (got == 1) {
		folded = row_dup(&q, arena);
		query_end(&q);
	}
	return history_load_named(s, address, folded, false, arena, h_r, err);
}

void history_add(struct history *h, struct pending_fact *list,
		 struct arena *arena)
{
	struct entries l = {0};

	for (size_t i = 0; i < h->fact_count; i++) {
		struct entry *e = arena_alloc(arena, sizeof(*e));

		e->event = h->events[i];
		e->fact = h->facts[i];
		e->fact.copy = false;
		entries_add(&l, e, arena);
	}
	for (struct pending_fact *p = list; p; p = p->next) {
		struct entry *e = arena_alloc(arena, sizeof(*e));

		e->event = p->event;
		e->fact = p->history;
		entries_add(&l, e, arena);
	}
	set_facts(h, &l, arena);
	mark_copies(h, arena);
}

const char *history_reason_key(struct arena *arena, enum reason reason,
			       const char *reporter)
{
	struct span name = span_of(reason_info(reason)->name);
	struct span by = span_of(reporter);
	char *key = arena_alloc(arena, name.n + by.n + 2);

	memcpy(key, name.p, name.n);
	key[name.n] = ' ';
	memcpy(key + name.n + 1, by.p, by.n);
	return key;
}

static int guard_held(struct store *s, const char *scope, const char *key,
		      int64_t hour, bool *held_r, struct error *err)
{
	struct query q;
	int64_t one;
	int got;

	*held_r = false;
	if (!*key)
		return 0;
	query_start(&q, s, Q_GUARD_HELD);
	query_text(&q, scope);
	query_text(&q, key);
	query_int(&q, hour);
	got = query_number(&q, &one, err);
	*held_r = got == 1;
	return got < 0 ? -1 : 0;
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

	/* A forward target is of another domain. */
	if (e->class_ != VERDICT_SOFT || e->forwarded ||
	    !policy_breaker_applies(e->reason))
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

struct policy_event *history_events(const struct history *h,
				    struct arena *arena, size_t *count_r)
{
	struct policy_event *events =
		arena_array(arena, h->event_count + 1, sizeof(*events));

	*count_r = 0;
	for (size_t i = 0; i < h->event_count; i++)
		if (i >= h->fact_count || !h->facts[i].copy)
			events[(*count_r)++] = h->events[i];
	return events;
}
