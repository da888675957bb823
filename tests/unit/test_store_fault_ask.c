/* A question that cannot be answered is not answered, whatever fails. */
#include "store_fault.h"

#include "store/foresee.h"
#include "store/quarantine.h"

static int note_id(void *ctx, const struct store_event *e)
{
	buf_addf(ctx, "%lld %s %s\n", (long long)e->id, e->address, e->why);
	return 0;
}

static int ask_answer(struct store *s, struct buf *out, struct error *err)
{
	struct store_answer a;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = store_check(s, SPAN("ann@example.org"), NULL, NOW, &arena, &a,
			 err);
	if (rc == 0)
		buf_addf(out, "%d %s", a.mailable, a.why.reason);
	arena_release(&arena);
	return rc;
}

static int ask_state(struct store *s, struct buf *out, struct error *err)
{
	struct store_state st;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = store_show(s, SPAN("bob@example.org"), NOW, &arena, &st, err);
	if (rc == 0)
		buf_addf(out, "%zu %zu %d", st.suppression_count, st.soft_count,
			 (int)st.softs[0].count);
	arena_release(&arena);
	return rc;
}

static int ask_history(struct store *s, struct buf *out, struct error *err)
{
	return store_history(s, SPAN("ann@example.org"), note_id, out, err);
}

static int ask_bounces(struct store *s, struct buf *out, struct error *err)
{
	const struct store_bounce_filter f = {.domain = "example.org",
					      .limit = 9};

	return store_bounces(s, &f, note_id, out, err);
}

static int ask_pending(struct store *s, struct buf *out, struct error *err)
{
	return store_pending(s, note_id, out, err);
}

static int note_row(void *ctx, const struct store_suppression *row)
{
	buf_addf(ctx, "%s %s\n", row->address, row->reason);
	return 0;
}

static int ask_list(struct store *s, struct buf *out, struct error *err)
{
	const struct store_filter f = {.since_s = 1};

	return store_list(s, &f, NOW, note_row, out, err);
}

static int note_change(void *ctx, const struct store_changed *c)
{
	/* The mark begins with a name that is another each time. */
	buf_addf(ctx, "%s %s %zu\n", strchr(c->mark, '-'), c->address,
		 c->suppression_count);
	return 0;
}

static int ask_changes(struct store *s, struct buf *out, struct error *err)
{
	return store_changes(s, NULL, note_change, out, err);
}

static int note_guard(void *ctx, const struct store_guard *g)
{
	buf_addf(ctx, "%s %s %d\n", g->scope, g->key, (int)g->hard);
	return 0;
}

static int ask_guards(struct store *s, struct buf *out, struct error *err)
{
	return store_guards(s, NOW, note_guard, out, err);
}

static int note_due(void *ctx, const struct store_due *d)
{
	buf_addf(ctx, "%s %s\n", d->address, d->reason);
	return 0;
}

static int ask_due(struct store *s, struct buf *out, struct error *err)
{
	return store_due(s, NULL, true, NOW, note_due, out, err);
}

static int note_sum(void *ctx, const struct store_stats *row)
{
	buf_addf(ctx, "%s %d %d\n", row->what, (int)row->hard, (int)row->soft);
	return 0;
}

static int note_health(void *ctx, const struct store_health *h)
{
	buf_addf(ctx, "%s %s %d\n", h->provider, h->cause, (int)h->count);
	return 0;
}

static int ask_sums(struct store *s, struct buf *out, struct error *err)
{
	struct store_stats_filter by = {
		.by = "campaign", .campaign = "", .domain = "example.org"};
	struct store_soft_sum sum;
	struct store_status st;

	if (store_stats(s, &by, note_sum, out, err))
		return -1;
	by.by = "reason";
	if (store_stats(s, &by, note_sum, out, err) ||
	    store_soft_sum(s, T0, NOW, &sum, err) ||
	    store_health(s, T0, NOW, 9, note_health, out, err) ||
	    store_status(s, NOW, &st, err))
		return -1;
	buf_addf(out, "%d %d %d %d", (int)sum.addresses, (int)sum.repeated,
		 (int)st.suppressed, (int)st.held);
	return 0;
}

static int note_mailbox(void *ctx, const struct store_mailbox *m)
{
	buf_addf(ctx, "%s %d %d\n", m->name, (int)m->messages,
		 (int)m->disposal_due);
	return 0;
}

static int note_metric(void *ctx, const char *name, const char *labels,
		       int64_t value)
{
	buf_addf(ctx, "%s %s %d\n", name, labels, (int)value);
	return 0;
}

static int note_quarantined(void *ctx, const struct store_quarantined *row)
{
	buf_addf(ctx, "%d %s\n", (int)row->bytes, row->why);
	return 0;
}

static int ask_machines(struct store *s, struct buf *out, struct error *err)
{
	if (store_mailboxes(s, note_mailbox, out, err) ||
	    store_metrics(s, note_metric, out, err))
		return -1;
	return store_quarantine_list(s, note_quarantined, out, err);
}

static int ask_known(struct store *s, struct buf *out, struct error *err)
{
	const struct sample x = {.id = 1, .at_s = T0};
	struct store_known known;
	struct store_message m;
	int got;

	sample_message(&x, &m);
	got = store_message_known(s, &m, &known, err);
	if (got < 0)
		return -1;
	buf_addf(out, "%d %d", got, known.due);
	return 0;
}

static int ask_dump(struct store *s, struct buf *out, struct error *err)
{
	return store_dump(s, NOW, dump_line, out, err);
}

static int note_difference(void *ctx, const struct store_difference *d)
{
	buf_addf(ctx, "%s %s: %s, %s\n", d->what, d->subject, d->stored,
		 d->computed);
	return 0;
}

static int ask_verify(struct store *s, struct buf *out, struct error *err)
{
	const struct store_inspector to = {.difference = note_difference,
					   .ctx = out};
	size_t found = 0;

	if (store_verify(s, NOW, &to, &found, err))
		return -1;
	buf_addf(out, "%zu", found);
	return 0;
}

static int ask_undo(struct store *s, struct buf *out, struct error *err)
{
	return take_back(s, true, out, err);
}

static int ask_foresight(struct store *s, struct buf *out, struct error *err)
{
	const struct sample x = {.id = 50,
				 .address = "bob@example.org",
				 .reason = REASON_MAILBOX_FULL,
				 .at_s = NOW};
	struct store_foresight what;
	struct store_message m;
	struct store_verdict v;
	struct arena arena;
	struct report r;
	struct fact f;
	int rc;

	sample_message(&x, &m);
	sample_fact(&x, &f);
	sample_verdict(&x, &v);
	report_init(&r);
	r.facts = &f;
	r.fact_count = 1;
	arena_init(&arena);
	rc = store_foresee(s, &m, &r, 0, &v, NOW, &arena, &what, err);
	if (rc == 0)
		buf_addf(out, "%s %s %d", what.address, what.applied,
			 (int)what.count);
	arena_release(&arena);
	r.facts = NULL;
	r.fact_count = 0;
	report_release(&r);
	return rc;
}

static const struct act acts[] = {
	{"check", ask_answer, false},	     {"show", ask_state, false},
	{"history", ask_history, false},     {"bounces", ask_bounces, false},
	{"pending", ask_pending, false},     {"list", ask_list, false},
	{"guards", ask_guards, false},	     {"due", ask_due, false},
	{"stats", ask_sums, false},	     {"status", ask_machines, false},
	{"is it known", ask_known, false},   {"dump", ask_dump, false},
	{"verify", ask_verify, false},	     {"undo, tried", ask_undo, false},
	{"foresight", ask_foresight, false}, {"changes", ask_changes, false},
};

START_TEST(whatever_fails_no_answer_is_wrong)
{
	is_all_or_nothing(&acts[_i]);
}
END_TEST

int main(void)
{
	return run_acts("store fault ask", whatever_fails_no_answer_is_wrong,
			sizeof(acts) / sizeof(*acts));
}
