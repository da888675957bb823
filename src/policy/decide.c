/*
 * Decisions of operators, and what retention carried over. A later decision
 * wins over an earlier one; complaints give way only to force.
 */
#include "policy/fold.h"

static enum slot import_slot(const struct policy_event *e)
{
	return e->class_ == VERDICT_COMPLAINT ? SLOT_IMPORT_COMPLAINT
					      : SLOT_IMPORT;
}

static int64_t end_of(const struct policy_event *e)
{
	return e->until_s == POLICY_NO_END ? NO_END : e->until_s;
}

static void suppress(struct stream *st, const struct policy_event *e)
{
	enum slot slot = e->imported ? import_slot(e) : SLOT_OPERATOR;
	struct sup *p = &st->sups[slot];

	sup_settle(p, e->at_s);
	if (end_of(e) <= e->at_s)
		return;
	if (!p->on)
		p->since_s = e->at_s;
	/* Of two imports the longer holds; a person's later word is final. */
	else if (e->imported && p->until_s >= end_of(e))
		return;
	p->on = true;
	p->proven = true;
	p->hits = 1;
	p->reason = e->reason;
	p->class_ = e->class_;
	p->evidence = e->evidence;
	p->event_id = e->id;
	p->until_s = end_of(e);
}

static void release(struct stream *st, const struct policy_event *e)
{
	run_released(st, e->at_s);
	st->released_s = e->at_s;
	sup_clear(&st->sups[SLOT_HARD], e->at_s);
	sup_clear(&st->sups[SLOT_OPERATOR], e->at_s);
	sup_clear(&st->sups[SLOT_IMPORT], e->at_s);
	if (!e->force)
		return;
	st->forced_s = e->at_s;
	sup_clear(&st->sups[SLOT_COMPLAINT], e->at_s);
	sup_clear(&st->sups[SLOT_IMPORT_COMPLAINT], e->at_s);
}

static void allow(struct stream *st, const struct policy_event *e)
{
	st->allowed = true;
	st->allow_force = e->force;
	sup_clear(&st->sups[SLOT_OPERATOR], e->at_s);
}

/* An end that retention found, in force at its time or not. */
static void carry_suppression(struct fold *f, struct stream *st,
			      const struct policy_event *e)
{
	struct sup *p = &st->sups[e->source];

	p->on = true;
	p->proven = !e->bounded;
	p->reason = e->reason;
	p->class_ = e->class_;
	p->evidence = e->evidence;
	p->hits = e->hits;
	p->since_s = e->at_s;
	p->until_s = end_of(e);
	p->event_id = e->id;
	p->short_s = p->until_s;
	p->full_s = p->until_s;
	if (e->bounded)
		p->full_s = sup_end(e->at_s, sup_length(f->s, e->reason, 0));
	p->unknown_s = e->sent_at_s;
}

static void carry(struct fold *f, struct stream *st,
		  const struct policy_event *e)
{
	struct run *r = &st->run;

	if (e->hits > 0) {
		carry_suppression(f, st, e);
		return;
	}
	r->step = e->step;
	r->probation = e->probation;
	r->probation_reason = e->reason;
	r->probation_s = e->sent_at_s;
}

static void decide_stream(struct fold *f, struct stream *st,
			  const struct policy_event *e)
{
	switch (e->type) {
	case POLICY_SUPPRESS:
		suppress(st, e);
		break;
	case POLICY_RELEASE:
		release(st, e);
		break;
	case POLICY_ALLOW:
		allow(st, e);
		break;
	case POLICY_DISALLOW:
		st->allowed = false;
		break;
	case POLICY_CARRY:
		carry(f, st, e);
		break;
	case POLICY_VERDICT:
		break;
	}
}

/* What is let go for no stream in particular is let go in all of them. */
static bool is_for_all(const struct fold *f, const struct item *item)
{
	enum policy_event_type type = item->event->type;

	return f->streams[item->stream].name[0] == '\0' &&
	       (type == POLICY_RELEASE || type == POLICY_ALLOW ||
		type == POLICY_DISALLOW);
}

void decide_event(struct fold *f, const struct item *item)
{
	size_t first = item->stream, last = item->stream;

	if (is_for_all(f, item))
		last = f->stream_count - 1;
	for (size_t i = first; i <= last; i++) {
		run_settle(f->s, &f->streams[i], item->event->at_s);
		decide_stream(f, &f->streams[i], item->event);
	}
}
