/*
 * The one place that decides about an address. The events go by in the order
 * of their time and leave what is known of each stream; nothing is ever
 * incremented in the database, so nothing can be counted twice.
 */
#include "policy/fold.h"

_Static_assert(REASON_COUNT <= 64, "reasons are kept as bits of 64");

void fold_next(struct fold *f, int64_t t_s)
{
	if (t_s > f->now_s && t_s < f->next_s)
		f->next_s = t_s;
}

/* A domain that is gone twice, a day apart, is gone (taxonomy). */
static int64_t hard_length(const struct policy_settings *s, struct sup *p,
			   const struct policy_event *e, bool fresh)
{
	int64_t length_s = sup_length(s, e->reason, 0);

	if (e->reason != REASON_DOMAIN_UNKNOWN)
		return length_s;
	if (p->unknown_s == 0)
		p->unknown_s = e->at_s;
	else if (fresh && e->at_s - p->unknown_s >= DAY_S &&
		 s->expiry_s[e->reason] == reason_info(e->reason)->expiry_s)
		return NO_END;
	return length_s;
}

static bool claim(struct fold *f, const struct item *item, struct sup *p,
		  int seen, bool full)
{
	const struct policy_event *e = item->event;
	struct send *sd = &f->sends[item->send];
	const uint64_t bit = UINT64_C(1) << e->reason;
	bool fresh = sd->sup_epoch[seen] != p->epoch;
	struct claim c = {.at_s = e->at_s,
			  .id = e->id,
			  .reason = e->reason,
			  .class_ = e->class_,
			  .evidence = e->evidence,
			  .full = full,
			  .fresh = fresh,
			  .length_s = -1};

	/* A late copy of what a release or a delivery has dealt with. */
	if (fresh && sd->sup_epoch[seen] != 0 && e->sent_at_s < p->cleared_s)
		return false;
	if (fresh)
		sd->sup_reasons[seen] = 0;
	sd->sup_epoch[seen] = p->epoch;
	/* The same told twice adds nothing but, perhaps, its proof. */
	if ((sd->sup_reasons[seen] & bit) == 0)
		c.length_s = hard_length(f->s, p, e, fresh);
	sd->sup_reasons[seen] |= bit;
	return sup_claim(f->s, p, &c);
}

/* Dead addresses are dead for all streams, the rest is for its own. */
static struct stream *target(struct fold *f, const struct item *item)
{
	return item->event->class_ == VERDICT_HARD ? &f->streams[0]
						   : &f->streams[item->stream];
}

static bool suppress_now(struct fold *f, const struct item *item, bool full)
{
	const struct policy_event *e = item->event;
	struct stream *st = target(f, item);
	enum slot slot = SLOT_HARD;
	int seen = e->class_ == VERDICT_HARD ? SEEN_ALL : SEEN_OWN;
	int64_t released_s = st->released_s;

	if (e->class_ == VERDICT_COMPLAINT) {
		/* A wish not to be mailed does not lapse for want of proof. */
		full = true;
		slot = SLOT_COMPLAINT;
		seen = SEEN_COMPLAINT;
		released_s = st->forced_s;
	}
	if (e->sent_at_s < released_s)
		return false;
	sup_settle(&st->sups[slot], e->at_s);
	return claim(f, item, &st->sups[slot], seen, full);
}

static bool count(struct fold *f, const struct item *item)
{
	struct stream *st = &f->streams[item->stream];

	if (item->event->sent_at_s < st->released_s)
		return false;
	run_settle(f->s, st, item->event->at_s);
	return run_count(f, item);
}

static void forget_ended(struct sup *p, int64_t t_s)
{
	sup_settle(p, t_s);
	if (!p->on)
		sup_clear(p, t_s);
}

static void delivered(struct fold *f, const struct item *item)
{
	struct stream *st = &f->streams[item->stream];
	int64_t at_s = item->event->at_s;

	run_settle(f->s, st, at_s);
	run_delivered(st, at_s);
	forget_ended(&st->sups[SLOT_HARD], at_s);
	forget_ended(&f->streams[0].sups[SLOT_HARD], at_s);
}

static bool perform(struct fold *f, const struct item *item, bool full)
{
	switch (item->effect) {
	case EFFECT_NONE:
		break;
	case EFFECT_COUNT:
		return count(f, item);
	case EFFECT_SUPPRESS:
		return suppress_now(f, item, full);
	case EFFECT_RESET:
		delivered(f, item);
		return true;
	}
	return false;
}

static enum policy_applied judge_verdict(struct fold *f,
					 const struct item *item)
{
	enum act act;

	if (item->effect == EFFECT_NONE)
		return APPLIED_NO;
	act = hold_act(f, item);
	if (act == ACT_NO)
		return APPLIED_NO;
	if (act == ACT_HELD)
		return APPLIED_HELD;
	return perform(f, item, act == ACT_FULL) ? APPLIED_YES : APPLIED_NO;
}

void fold_run(struct fold *f, const struct policy_settings *s,
	      const struct policy_event *events, size_t n, int64_t now_s,
	      struct arena *arena)
{
	*f = (struct fold){
		.s = s, .now_s = now_s, .arena = arena, .next_s = NO_END};
	fold_order(f, events, n);
	hold_prepare(f);
	f->applied = arena_array(arena, n + 1, sizeof(*f->applied));
	for (size_t i = 0; i < n; i++) {
		const struct item *item = &f->items[i];

		if (item->event->type == POLICY_VERDICT) {
			f->applied[item->index] = judge_verdict(f, item);
		} else {
			decide_event(f, item);
			f->applied[item->index] = APPLIED_YES;
		}
	}
	for (size_t i = 0; i < f->stream_count; i++) {
		struct stream *st = &f->streams[i];

		run_settle(s, st, now_s);
		for (size_t j = 0; j < SLOT_COUNT; j++)
			sup_settle(&st->sups[j], now_s);
	}
}

void policy_fold(const struct policy_settings *s,
		 const struct policy_event *events, size_t n, int64_t now_s,
		 struct arena *arena, struct policy_state *state_r)
{
	struct fold f;

	fold_run(&f, s, events, n, now_s, arena);
	fold_write(&f, state_r);
}
