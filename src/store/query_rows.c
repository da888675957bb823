/*
 * Questions that give rows: the history of an address, the list, what is
 * held, how things are.
 */
#include <string.h>

#include "store/internal.h"

#define HOUR_S 3600

static void event_row(struct query *q, struct store_event *e)
{
	e->id = row_int(q);
	e->at_s = row_int(q);
	e->sent_at_s = row_int(q);
	e->mailbox = row_text(q);
	e->message_id = row_text(q);
	e->address = row_text(q);
	e->final = row_text(q);
	e->domain = row_text(q);
	e->provider = row_text(q);
	e->stream = row_text(q);
	e->campaign = row_text(q);
	e->list_id = row_text(q);
	e->kind = row_text(q);
	e->action = row_text(q);
	e->reply = row_int(q);
	e->status = row_text(q);
	e->reason = row_text(q);
	e->class_ = row_text(q);
	e->effect = row_text(q);
	e->applied = row_text(q);
	e->rule = row_text(q);
	e->evidence = row_text(q);
	e->reporter = row_text(q);
	e->remote = row_text(q);
	e->stage = row_text(q);
	e->diagnostic = row_text(q);
	e->words = row_text(q);
	e->proof = row_text(q);
	e->who = row_text(q);
	e->note = row_text(q);
	e->until_s = row_int(q);
	e->why = row_text(q);
}

static int each_event(struct query *q, store_event_fn each, void *ctx,
		      struct error *err)
{
	int got;

	while ((got = query_step(q, err)) == 1) {
		struct store_event e;

		event_row(q, &e);
		if (each(ctx, &e)) {
			query_end(q);
			return 0;
		}
	}
	return got;
}

int store_history(struct store *s, struct span address, store_event_fn each,
		  void *ctx, struct error *err)
{
	const char *folded;
	const char *written;
	struct arena arena;
	struct query q;
	int64_t id = 0;
	int rc;

	arena_init(&arena);
	rc = address_parse(address, &arena, &folded, &written, err);
	if (rc == 0)
		rc = address_id(s, folded, &id, err);
	arena_release(&arena);
	if (rc || id == 0)
		return rc;
	query_start(&q, s, Q_HISTORY_ROWS);
	query_int(&q, id);
	return each_event(&q, each, ctx, err);
}

int store_pending(struct store *s, store_event_fn each, void *ctx,
		  struct error *err)
{
	struct query q;

	query_start(&q, s, Q_PENDING_ROWS);
	return each_event(&q, each, ctx, err);
}

int store_guards(struct store *s, int64_t now_s, store_guard_fn each, void *ctx,
		 struct error *err)
{
	int64_t hold_s = s->policy->guard.hold_s;
	struct query q;
	int got;

	query_start(&q, s, Q_GUARDS_HELD);
	query_int(&q, (now_s - hold_s) / HOUR_S);
	while ((got = query_step(&q, err)) == 1) {
		struct store_guard g;

		g.scope = row_text(&q);
		g.key = row_text(&q);
		g.hour_s = row_int(&q) * HOUR_S;
		g.hard = row_int(&q);
		g.all = row_int(&q);
		g.until_s = g.hour_s + HOUR_S + hold_s;
		if (each(ctx, &g)) {
			query_end(&q);
			return 0;
		}
	}
	return got;
}

void suppression_row(struct query *q, struct store_suppression *x)
{
	x->address = row_text(q);
	x->written = row_text(q);
	x->scope = row_text(q);
	x->stream = row_text(q);
	x->class_ = row_text(q);
	x->reason = row_text(q);
	x->source = row_text(q);
	x->evidence = row_text(q);
	x->hits = row_int(q);
	x->since_s = row_int(q);
	x->until_s = row_int(q);
	x->bounce_id = row_int(q);
	x->note = row_text(q);
}

int store_list(struct store *s, const struct store_filter *filter,
	       int64_t now_s, store_suppression_fn each, void *ctx,
	       struct error *err)
{
	const char *domain;
	struct arena arena;
	struct query q;
	int got;

	arena_init(&arena);
	got = domain_fold(filter->domain, &arena, &domain, err);
	if (got)
		goto out;
	query_start(&q, s, Q_LIST);
	query_int(&q, now_s);
	query_text(&q, filter->reason);
	query_text(&q, domain);
	query_text(&q, filter->class_);
	query_text(&q, filter->stream);
	query_text(&q, filter->source);
	query_int(&q, filter->since_s);
	while ((got = query_step(&q, err)) == 1) {
		struct store_suppression x;

		suppression_row(&q, &x);
		if (each(ctx, &x)) {
			query_end(&q);
			got = 0;
			break;
		}
	}
out:
	arena_release(&arena);
	return got;
}

int store_status(struct store *s, int64_t now_s, struct store_status *status_r,
		 struct error *err)
{
	struct query q;
	int got;

	memset(status_r, 0, sizeof(*status_r));
	query_start(&q, s, Q_STATUS);
	query_int(&q, now_s);
	got = query_step(&q, err);
	if (got != 1)
		return got;
	status_r->messages = row_int(&q);
	status_r->unreadable = row_int(&q);
	status_r->quarantined = row_int(&q);
	status_r->bounces = row_int(&q);
	status_r->suppressed = row_int(&q);
	status_r->held = row_int(&q);
	status_r->acted = row_int(&q);
	status_r->acted_unproved = row_int(&q);
	status_r->failures = row_int(&q);
	status_r->foreign = row_int(&q);
	status_r->passed_over = row_int(&q);
	status_r->version = row_int(&q);
	query_end(&q);
	return 0;
}

/* By what leaves the fewest to look at. */
static enum query_id bounce_query(const struct store_bounce_filter *filter)
{
	if (filter->address.n)
		return Q_BOUNCE_ROWS_OF_ADDRESS;
	if (filter->campaign && *filter->campaign)
		return Q_BOUNCE_ROWS_OF_CAMPAIGN;
	return filter->domain && *filter->domain ? Q_BOUNCE_ROWS_OF_DOMAIN
						 : Q_BOUNCE_ROWS;
}

/* An x stands for one digit of a reply, and for a whole part of a status. */
static const char *code_pattern(const char *code, struct arena *arena)
{
	char *pattern = arena_strdup(arena, code ? code : "");
	char any = strchr(pattern, '.') ? '*' : '?';

	for (char *p = pattern; *p; p++)
		if (*p == 'x' || *p == 'X')
			*p = any;
	return pattern;
}

int store_bounces(struct store *s, const struct store_bounce_filter *filter,
		  store_event_fn each, void *ctx, struct error *err)
{
	const char *domain, *written;
	const char *address = "";
	struct arena arena;
	struct query q;
	int rc;

	arena_init(&arena);
	rc = domain_fold(filter->domain, &arena, &domain, err);
	if (rc == 0 && filter->address.n)
		rc = address_parse(filter->address, &arena, &address, &written,
				   err);
	if (rc)
		goto out;
	query_start(&q, s, bounce_query(filter));
	query_int(&q, filter->since_s);
	query_int(&q, filter->until_s ? filter->until_s : INT64_MAX);
	query_text(&q, filter->campaign);
	query_text(&q, filter->reason);
	query_text(&q, filter->class_);
	query_text(&q, filter->rule);
	query_text(&q, filter->mailbox);
	query_text(&q, domain);
	query_text(&q, code_pattern(filter->code, &arena));
	query_text(&q, address);
	query_int(&q, filter->limit ? filter->limit : -1);
	query_text(&q, filter->stream);
	rc = each_event(&q, each, ctx, err);
out:
	arena_release(&arena);
	return rc;
}

int store_due(struct store *s, const char *domain, bool later, int64_t now_s,
	      store_due_fn each, void *ctx, struct error *err)
{
	const char *folded;
	struct arena arena;
	struct query q;
	int got;

	arena_init(&arena);
	got = domain_fold(domain, &arena, &folded, err);
	if (got)
		goto out;
	query_start(&q, s, Q_DUE_ROWS);
	query_int(&q, now_s);
	query_int(&q, later);
	query_text(&q, folded);
	while ((got = query_step(&q, err)) == 1) {
		struct store_due d;

		d.address = row_text(&q);
		d.stream = row_text(&q);
		d.reason = row_text(&q);
		d.last_at_s = row_int(&q);
		d.due_at_s = row_int(&q);
		d.attempt = row_int(&q);
		d.attempts_left = row_int(&q);
		d.give_up_at_s = row_int(&q);
		if (each(ctx, &d)) {
			query_end(&q);
			got = 0;
			break;
		}
	}
out:
	arena_release(&arena);
	return got;
}
