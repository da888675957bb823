/*
 * Stored facts under today's rules. What is stored is what was judged, byte
 * for byte, so that the same rules give the same answer; what differs is
 * appended as a new judgement. Facts are read in small steps and applied in
 * small transactions: nobody waits long, and one that is killed is finished by
 * running it again.
 */
#include <string.h>

#include "store/internal.h"
#include "store/rework.h"

#define READ_STEP 1000
#define APPLY_STEP 1000 /* verdicts a transaction */

struct reclassify {
	struct store *s;
	const struct rules *rules;
	const struct store_reclassify *how;
	int64_t now_s;
	int64_t rule_set;
	int64_t cursor; /* the last fact that was looked at */
	size_t picked;	/* of this transaction */
	struct store_rework sum;
};

static void read_status(struct query *q, struct status *to)
{
	if (status_parse(span_of(row_text(q)), to))
		*to = (struct status){0};
}

/* Names in the database are ours; one that is unknown came from elsewhere. */
static int or_zero(int found)
{
	return found < 0 ? 0 : found;
}

static void read_fact(struct query *q, struct fact *f)
{
	*f = (struct fact){0};
	f->kind = (enum report_kind)or_zero(
		report_kind_find(span_of(row_text(q))));
	f->feedback_type = row_text(q);
	f->reporting_mta = row_text(q);
	f->address = row_text(q);
	f->final = row_text(q);
	f->forwarded = row_int(q) != 0;
	f->action = (enum report_action)or_zero(
		report_action_find(span_of(row_text(q))));
	read_status(q, &f->status);
	read_status(q, &f->reply_status);
	f->reply = (int)row_int(q);
	f->exit_code = (int)row_int(q);
	f->stage =
		(enum smtp_stage)or_zero(smtp_stage_find(span_of(row_text(q))));
	f->remote_reply = row_int(q) != 0;
	f->remote = row_text(q);
	f->diagnostic_type = row_text(q);
	f->reply_text = row_text(q);
	f->diagnostic = row_text(q);
	f->will_retry_until_s = row_int(q);
}

/* What it was judged as, from the columns of a row. */
struct former {
	const char *reason, *class_, *effect, *rule, *words;
};

static bool is_same(const struct former *was, const struct judgement *is)
{
	return strcmp(was->reason, reason_info(is->reason)->name) == 0 &&
	       strcmp(was->class_, verdict_class_name(is->class_)) == 0 &&
	       strcmp(was->effect, verdict_effect_name(is->effect)) == 0 &&
	       strcmp(was->rule, is->rule) == 0 &&
	       strcmp(was->words, is->words) == 0;
}

static int pick(struct reclassify *r, int64_t address,
		const struct judgement *is, struct error *err)
{
	struct query q;

	query_start(&q, r->s, Q_RECLASSIFY_PICK);
	query_int(&q, address);
	query_int(&q, r->cursor);
	query_text(&q, reason_info(is->reason)->name);
	query_text(&q, verdict_class_name(is->class_));
	query_text(&q, verdict_effect_name(is->effect));
	query_text(&q, is->rule);
	query_text(&q, is->words);
	return query_run(&q, err);
}

/* Judges one row again; what differs is told, and picked to be applied. */
static int look(struct reclassify *r, struct query *q, struct error *err)
{
	int64_t address = row_int(q);
	struct store_rejudged told = {.bounce_id = r->cursor};
	struct former was;
	struct judgement is;
	struct fact fact;

	told.address = row_text(q);
	was.reason = row_text(q);
	was.class_ = row_text(q);
	was.effect = row_text(q);
	was.rule = row_text(q);
	was.words = row_text(q);
	read_fact(q, &fact);
	judge(r->rules, &fact, &is);
	if (is_same(&was, &is))
		return 0;
	r->picked++;
	told.old_reason = was.reason;
	told.old_rule = was.rule;
	told.reason = reason_info(is.reason)->name;
	told.rule = is.rule;
	if (r->how->each && r->how->each(r->how->ctx, &told))
		return -1;
	return r->how->apply ? pick(r, address, &is, err) : 0;
}

/* 1 while there is more, 0 at the end, -1. */
static int look_at_some(struct reclassify *r, struct error *err)
{
	size_t rows = 0;
	struct query q;
	int got;

	query_start(&q, r->s, Q_RECLASSIFY_FACTS);
	query_int(&q, r->cursor);
	query_int(&q, READ_STEP);
	while ((got = query_step(&q, err)) == 1) {
		rows++;
		r->cursor = row_int(&q);
		if (look(r, &q, err)) {
			query_end(&q);
			return -1;
		}
	}
	return got < 0 ? -1 : rows == READ_STEP;
}

static int change(struct store *s, int64_t address, const int64_t *facts,
		  size_t n, void *ctx, struct error *err)
{
	const struct reclassify *r = ctx;

	for (size_t i = 0; i < n; i++) {
		struct query q;

		query_start(&q, s, Q_RECLASSIFY_OLD);
		query_int(&q, facts[i]);
		if (query_run(&q, err))
			return -1;
		query_start(&q, s, Q_RECLASSIFY_NEW);
		query_int(&q, address);
		query_int(&q, facts[i]);
		query_int(&q, r->rule_set);
		if (query_run(&q, err))
			return -1;
	}
	return 0;
}

static int apply(struct reclassify *r, struct error *err)
{
	const struct rework w = {.change = change, .ctx = r};
	struct store_rework some;

	if (rework_run(r->s, &w, r->now_s, &some, err))
		return -1;
	r->sum.addresses += some.addresses;
	r->sum.changed += some.changed;
	r->sum.released += some.released;
	r->sum.suppressed += some.suppressed;
	return rework_prepare(r->s, err);
}

static int run(struct reclassify *r, struct error *err)
{
	int64_t last = 0;
	struct query q;
	int more = 1;

	query_start(&q, r->s, Q_FACT_LAST);
	if (query_number(&q, &last, err) < 0)
		return -1;
	while (more == 1) {
		more = look_at_some(r, err);
		if (more < 0)
			return -1;
		if (r->how->progress)
			r->how->progress(r->how->ctx, r->cursor, last);
		if (more == 1 && r->picked < APPLY_STEP)
			continue;
		r->sum.verdicts += (int64_t)r->picked;
		r->picked = 0;
		if (r->how->apply && apply(r, err))
			return -1;
	}
	return 0;
}

int store_reclassify(struct store *s, const struct rules *rules,
		     const struct store_reclassify *how, int64_t now_s,
		     struct store_rework *result_r, struct error *err)
{
	struct reclassify r = {
		.s = s, .rules = rules, .how = how, .now_s = now_s};
	int rc = 0;

	if (how->apply &&
	    (rework_prepare(s, err) ||
	     rule_set_find(s, rules_hash(rules), &r.rule_set, err)))
		return -1;
	rc = run(&r, err);
	*result_r = r.sum;
	return rc;
}
