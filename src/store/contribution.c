/*
 * From the history of an address to its share in the counts of its domain, its
 * provider and its campaigns.
 */
#include "store/contribution.h"

#include <stdlib.h>
#include <string.h>

#include "store/guard.h"
#include "store/internal.h"

#define HOUR_S 3600
#define DAY_S 86400

struct list {
	struct contribution *items;
	size_t count;
};

static struct contribution *add(struct list *l, enum contribution_table table,
				int64_t time)
{
	struct contribution *c = &l->items[l->count++];

	c->table = table;
	c->time = time;
	for (size_t i = 0; i < CONTRIBUTION_KEYS; i++)
		c->key[i] = "";
	return c;
}

static void add_guard(struct list *l, const char *scope, const char *key,
		      int64_t hour)
{
	struct contribution *c = add(l, CONTRIBUTION_GUARD, hour);

	c->key[0] = scope;
	c->key[1] = key;
	c->value[0] = 1;
}

/* Of each address the guards count its first hard verdict, under each key. */
static void add_guards(struct list *l, const struct history *h, size_t i,
		       struct arena *arena)
{
	const struct policy_event *e = &h->events[i];
	const struct history_fact *f = &h->facts[i];
	int64_t hour = e->at_s / HOUR_S;

	add_guard(l, GUARD_SCOPE_ALL, "", hour);
	if (*h->domain)
		add_guard(l, "domain", h->domain, hour);
	if (*f->provider)
		add_guard(l, "provider", f->provider, hour);
	if (*f->reporter)
		add_guard(l, "reason",
			  history_reason_key(arena, e->reason, f->reporter),
			  hour);
}

static void add_domain_event(struct list *l, const struct history *h,
			     const char *what, int64_t at_s)
{
	struct contribution *c = add(l, CONTRIBUTION_DOMAIN, at_s / HOUR_S);

	c->key[0] = h->domain;
	c->key[1] = what;
	c->value[0] = at_s;
}

static void add_campaign(struct list *l, const struct history *h, size_t i)
{
	const struct policy_event *e = &h->events[i];
	struct contribution *c =
		add(l, CONTRIBUTION_CAMPAIGN, e->sent_at_s / DAY_S * DAY_S);

	c->key[0] = h->facts[i].campaign;
	c->key[1] = e->stream;
	c->key[2] = h->domain;
	c->key[3] = h->facts[i].provider;
	switch (e->class_) {
	case VERDICT_NONE:
		c->value[0] = 1;
		break;
	case VERDICT_HARD:
		c->value[1] = 1;
		break;
	case VERDICT_SOFT:
		c->value[2] = 1;
		break;
	case VERDICT_BLOCK:
		c->value[3] = 1;
		break;
	case VERDICT_COMPLAINT:
		c->value[4] = 1;
		break;
	}
}

static void add_domain_events(struct list *l, const struct history *h,
			      const struct policy_event *e)
{
	if (e->class_ == VERDICT_SOFT && policy_breaker_applies(e->reason))
		add_domain_event(l, h, "soft", e->at_s);
	if (e->reason == REASON_NULL_MX && e->evidence >= EVIDENCE_SENDER)
		add_domain_event(l, h, "null_mx", e->at_s);
}

/* At most seven contributions a fact; new_hard: its address's first one. */
static void add_fact(struct list *l, const struct history *h, size_t i,
		     bool new_hard, struct arena *arena)
{
	const struct policy_event *e = &h->events[i];

	if (new_hard)
		add_guards(l, h, i, arena);
	/* A forward target is of another domain. */
	if (!e->forwarded)
		add_domain_events(l, h, e);
	add_campaign(l, h, i);
}

int contribution_compare(const struct contribution *a,
			 const struct contribution *b)
{
	int c = 0;

	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	for (size_t i = 0; i < CONTRIBUTION_KEYS && c == 0; i++)
		c = strcmp(a->key[i], b->key[i]);
	if (c)
		return c;
	return (a->time > b->time) - (a->time < b->time);
}

static int order(const void *a, const void *b)
{
	return contribution_compare(a, b);
}

static void merge_into(struct contribution *a, const struct contribution *b)
{
	for (size_t i = 0; i < CONTRIBUTION_VALUES; i++)
		switch (a->table) {
		case CONTRIBUTION_GUARD: /* distinct addresses */
			a->value[i] |= b->value[i];
			break;
		case CONTRIBUTION_DOMAIN: /* the first time */
			if (b->value[i] < a->value[i])
				a->value[i] = b->value[i];
			break;
		case CONTRIBUTION_CAMPAIGN:
			a->value[i] += b->value[i];
			break;
		}
}

/* Verdicts of mail that was ours, each told once. */
static bool counts(const struct history *h, size_t i)
{
	const struct policy_event *e = &h->events[i];

	return !h->facts[i].copy && e->evidence > EVIDENCE_FOREIGN &&
	       (e->class_ != VERDICT_NONE || e->effect == EFFECT_RESET);
}

size_t contribution_hard(const struct history *h)
{
	size_t i = 0;

	if (h->hard_before_s)
		return h->fact_count;
	/* history_load gives the facts in the order of their content. */
	while (i < h->fact_count &&
	       !(counts(h, i) && h->events[i].class_ == VERDICT_HARD))
		i++;
	return i;
}

struct contribution *contributions_of(const struct history *h,
				      struct arena *arena, size_t *count_r)
{
	struct list l = {
		arena_array(arena, h->fact_count * 7 + 1, sizeof(*l.items)), 0};
	size_t hard = contribution_hard(h);
	size_t n = 0;

	for (size_t i = 0; i < h->fact_count; i++)
		if (counts(h, i))
			add_fact(&l, h, i, i == hard, arena);
	if (l.count > 1)
		qsort(l.items, l.count, sizeof(*l.items), order);
	for (size_t i = 0; i < l.count; i++)
		if (n && order(&l.items[n - 1], &l.items[i]) == 0)
			merge_into(&l.items[n - 1], &l.items[i]);
		else
			l.items[n++] = l.items[i];
	*count_r = n;
	return l.items;
}

static int write_guard(struct store *s, const struct contribution *c,
		       struct error *err)
{
	struct query q;

	query_start(&q, s, Q_GUARD_ADD);
	query_text(&q, c->key[0]);
	query_text(&q, c->key[1]);
	query_int(&q, c->time);
	query_int(&q, c->value[0]);
	return query_run(&q, err);
}

static int write_domain(struct store *s, int64_t address,
			const struct contribution *c, bool present,
			struct error *err)
{
	struct query q;

	query_start(&q, s,
		    present ? Q_DOMAIN_EVENT_PUT : Q_DOMAIN_EVENT_DELETE);
	query_text(&q, c->key[0]);
	query_text(&q, c->key[1]);
	query_int(&q, c->time);
	query_int(&q, address);
	if (present)
		query_int(&q, c->value[0]);
	return query_run(&q, err);
}

static int write_campaign(struct store *s, const struct contribution *c,
			  struct error *err)
{
	bool less = false;
	struct query q;

	query_start(&q, s, Q_CAMPAIGN_ADD);
	for (size_t i = 0; i < CONTRIBUTION_KEYS; i++)
		query_text(&q, c->key[i]);
	query_int(&q, c->time);
	for (size_t i = 0; i < CONTRIBUTION_VALUES; i++) {
		query_int(&q, c->value[i]);
		less = less || c->value[i] < 0;
	}
	if (query_run(&q, err))
		return -1;
	if (!less)
		return 0;
	query_start(&q, s, Q_CAMPAIGN_PRUNE);
	for (size_t i = 0; i < CONTRIBUTION_KEYS; i++)
		query_text(&q, c->key[i]);
	query_int(&q, c->time);
	return query_run(&q, err);
}

int contribution_write(struct store *s, const struct contribution *sum,
		       struct error *err)
{
	bool changes = false;

	for (size_t i = 0; i < CONTRIBUTION_VALUES; i++)
		changes = changes || sum->value[i] != 0;
	if (!changes)
		return 0;
	switch (sum->table) {
	case CONTRIBUTION_GUARD:
		return write_guard(s, sum, err);
	case CONTRIBUTION_CAMPAIGN:
		return write_campaign(s, sum, err);
	case CONTRIBUTION_DOMAIN:
		break;
	}
	return 0;
}

/* before or after is NULL where the key is only in the other. */
static int apply_one(struct store *s, int64_t address,
		     const struct contribution *before,
		     const struct contribution *after, contribution_fn changed,
		     struct error *err)
{
	const struct contribution *c = after ? after : before;
	struct contribution delta;
	bool same = before && after;

	if (!c)
		return 0;
	delta = *c;
	for (size_t i = 0; i < CONTRIBUTION_VALUES; i++) {
		delta.value[i] = (after ? after->value[i] : 0) -
				 (before ? before->value[i] : 0);
		same = same && delta.value[i] == 0;
	}
	if (same)
		return 0;
	if (changed(s, &delta, err))
		return -1;
	if (c->table != CONTRIBUTION_DOMAIN)
		return 0;
	return write_domain(s, address, c, after != NULL, err);
}

int contributions_apply(struct store *s, int64_t address,
			const struct contribution *before, size_t before_count,
			const struct contribution *after, size_t after_count,
			contribution_fn changed, struct error *err)
{
	size_t b = 0;
	size_t a = 0;

	while (b < before_count || a < after_count) {
		int c = b == before_count ? 1
			: a == after_count
				? -1
				: contribution_compare(&before[b], &after[a]);

		if (apply_one(s, address, c <= 0 ? &before[b] : NULL,
			      c >= 0 ? &after[a] : NULL, changed, err))
			return -1;
		b += c <= 0;
		a += c >= 0;
	}
	return 0;
}
