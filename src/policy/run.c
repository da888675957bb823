/*
 * Soft failures of one stream: one count a send, until enough of them over a
 * long enough time promote the run to a suppression. What follows the end of
 * one is probation.
 */
#include "policy/fold.h"

void run_restart(struct run *r, int64_t t_s)
{
	r->head = 0;
	r->tail = 0;
	r->epoch++;
	r->epoch_s = t_s;
	r->last = NULL;
	r->last_send = NULL;
}

static void begin_probation(struct stream *st, int64_t t_s)
{
	struct run *r = &st->run;

	run_restart(r, t_s);
	r->probation = true;
	r->probation_reason = st->sups[SLOT_PROMOTED].reason;
	r->probation_s = t_s;
}

void run_settle(const struct policy_settings *s, struct stream *st, int64_t t_s)
{
	struct sup *p = &st->sups[SLOT_PROMOTED];
	struct run *r = &st->run;

	if (sup_settle(p, t_s))
		begin_probation(st, p->until_s);
	while (r->head < r->tail &&
	       t_s - r->units[r->head]->at_s > s->soft.window_s)
		r->head++;
}

void run_released(struct stream *st, int64_t t_s)
{
	if (st->sups[SLOT_PROMOTED].on)
		begin_probation(st, t_s);
	else
		run_restart(&st->run, t_s);
	sup_clear(&st->sups[SLOT_PROMOTED], t_s);
}

void run_delivered(struct stream *st, int64_t t_s)
{
	struct run *r = &st->run;

	r->last = NULL;
	if (st->sups[SLOT_PROMOTED].on)
		return;
	run_restart(r, t_s);
	r->step = 0;
	r->probation = false;
}

/* The reason that most of the units give; of equals the latest. */
static const struct policy_event *dominant(const struct run *r)
{
	unsigned counts[REASON_COUNT] = {0};
	const struct policy_event *best = NULL;

	for (size_t i = r->head; i < r->tail; i++)
		counts[r->units[i]->reason]++;
	for (size_t i = r->head; i < r->tail; i++) {
		const struct policy_event *e = r->units[i];

		if (!best || counts[e->reason] >= counts[best->reason])
			best = e;
	}
	return best;
}

/* A forward target's death says little of the address: the steps hold. */
static int64_t promoted_length(const struct policy_settings *s,
			       const struct policy_event *e, unsigned step)
{
	if (e->forwarded && e->class_ == VERDICT_HARD)
		return sup_length(s, REASON_EXPIRED, step);
	return sup_length(s, e->reason, step);
}

/* The run becomes a suppression with its last unit. */
static void promote(const struct policy_settings *s, struct stream *st)
{
	struct run *r = &st->run;
	struct sup *p = &st->sups[SLOT_PROMOTED];
	const struct policy_event *why = dominant(r);
	const struct policy_event *last = r->units[r->tail - 1];
	struct claim c = {.at_s = last->at_s,
			  .id = last->id,
			  .reason = why->reason,
			  .class_ = why->forwarded ? VERDICT_SOFT : why->class_,
			  .evidence = last->evidence,
			  /* It took several sends, whatever each proved. */
			  .full = true,
			  .fresh = true,
			  .length_s = promoted_length(s, why, r->step)};

	sup_clear(p, c.at_s);
	for (size_t i = r->head; i < r->tail; i++) {
		if (r->units[i]->evidence > c.evidence)
			c.evidence = r->units[i]->evidence;
	}
	p->hits = (unsigned)(r->tail - r->head) - 1;
	sup_claim(s, p, &c);
	r->head = 0;
	r->tail = 0;
	r->last = NULL;
	r->probation = false;
	r->step++;
}

static bool is_enough(const struct policy_settings *s, const struct run *r)
{
	int64_t first_s = r->units[r->head]->at_s;
	int64_t last_s = r->units[r->tail - 1]->at_s;

	return r->tail - r->head >= s->soft.threshold &&
	       last_s - first_s >= s->soft.min_span_s;
}

/* A failure while suppressed: sent before, or by a sender who did not ask. */
static bool support(const struct policy_settings *s, struct sup *p,
		    const struct policy_event *e, bool fresh)
{
	struct claim c = {.at_s = e->at_s,
			  .id = e->id,
			  .reason = p->reason,
			  .class_ = p->class_,
			  .evidence = e->evidence,
			  .fresh = fresh,
			  .length_s = -1};

	return fresh && sup_claim(s, p, &c);
}

bool run_count(struct fold *f, const struct item *item)
{
	const struct policy_event *e = item->event;
	struct stream *st = &f->streams[item->stream];
	struct send *sd = &f->sends[item->send];
	struct run *r = &st->run;
	struct sup *p = &st->sups[SLOT_PROMOTED];
	bool again = sd->soft_epoch == r->epoch;
	bool stale = sd->soft_epoch != 0 && e->sent_at_s < r->epoch_s;

	if (stale && !again)
		return false;
	run_failed(f, item);
	if (e->shared && policy_breaker_applies(e->reason))
		return false;
	/* Probation asks what becomes of mail sent after the end. */
	if (!p->on && r->probation && e->sent_at_s < r->probation_s) {
		sd->soft_epoch = r->epoch;
		return false;
	}
	if (p->on) {
		sd->soft_epoch = r->epoch;
		return support(f->s, p, e, !again);
	}
	if (again)
		return false;
	sd->soft_epoch = r->epoch;
	if (r->probation && e->reason == r->probation_reason)
		r->head = r->tail;
	r->units[r->tail++] = e;
	if (is_enough(f->s, r) ||
	    (r->probation && e->reason == r->probation_reason))
		promote(f->s, st);
	return true;
}

static void describe_units(const struct fold *f, const struct run *r,
			   struct policy_soft *out)
{
	out->count = (unsigned)(r->tail - r->head);
	if (out->count == 0)
		return;
	out->first_at_s = r->units[r->head]->at_s;
	out->last_at_s = r->units[r->tail - 1]->at_s;
	for (size_t i = r->head; i < r->tail; i++)
		out->reasons |= UINT64_C(1) << r->units[i]->reason;
	if (out->count + 1 < f->s->soft.threshold)
		return;
	out->promotes_at_s = out->first_at_s + f->s->soft.min_span_s;
	if (out->promotes_at_s < out->last_at_s)
		out->promotes_at_s = out->last_at_s;
}

bool run_describe(struct fold *f, struct stream *st, struct policy_soft *out)
{
	struct run *r = &st->run;

	*out = (struct policy_soft){
		.stream = st->name, .step = r->step, .probation = r->probation};
	describe_units(f, r, out);
	if (out->count > 0)
		fold_next(f, sup_end(out->first_at_s, f->s->soft.window_s) + 1);
	if (r->probation)
		out->promotes_at_s = r->probation_s;
	retry_advise(f, r, out);
	return out->count > 0 || out->probation || out->due_at_s != 0;
}
