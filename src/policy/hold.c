/*
 * Whether a verdict may act: what its evidence allows, what a guard or a
 * person said, and whether a delivery has contradicted it meanwhile.
 */
#include "policy/fold.h"

static enum trust_act trusted(const struct fold *f,
			      const struct policy_event *e)
{
	return trust_act(&f->s->trust, e->evidence, e->recipients,
			 e->class_ == VERDICT_COMPLAINT);
}

static bool is_open(const struct policy_event *e)
{
	return e->hold == HOLD_NONE || e->hold == HOLD_APPLIED;
}

/* A delivery clears a failure only with proof that it was our mail. */
static bool proves_delivery(const struct fold *f, const struct item *item)
{
	return item->effect == EFFECT_RESET && is_open(item->event) &&
	       trusted(f, item->event) == TRUST_FULL;
}

void hold_prepare(struct fold *f)
{
	f->deliveries =
		arena_array(f->arena, f->count + 1, sizeof(*f->deliveries));
	for (size_t i = 0; i < f->count; i++) {
		if (proves_delivery(f, &f->items[i]))
			f->deliveries[f->delivery_count++] =
				f->items[i].event->at_s;
	}
}

static bool delivered_between(const struct fold *f, int64_t from_s,
			      int64_t to_s)
{
	size_t low = 0, high = f->delivery_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->deliveries[mid] < from_s)
			low = mid + 1;
		else
			high = mid;
	}
	return low < f->delivery_count && f->deliveries[low] <= to_s;
}

static enum act act_on_trust(enum trust_act act)
{
	switch (act) {
	case TRUST_RECORD:
		return ACT_NO;
	case TRUST_HOLD:
		return ACT_HELD;
	case TRUST_BOUNDED:
		return ACT_BOUNDED;
	case TRUST_FULL:
		return ACT_FULL;
	}
	return ACT_NO;
}

enum act hold_act(struct fold *f, const struct item *item)
{
	const struct policy_event *e = item->event;
	enum act act = act_on_trust(trusted(f, e));

	if (item->effect == EFFECT_RESET)
		return proves_delivery(f, item) ? ACT_FULL : ACT_NO;
	switch (e->hold) {
	case HOLD_NONE:
		return act;
	case HOLD_REVIEW:
		return act == ACT_NO ? ACT_NO : ACT_HELD;
	case HOLD_DROPPED:
		return ACT_NO;
	case HOLD_APPLIED:
		/* A person vouches for it, but not for a wrong proof. */
		return e->evidence == EVIDENCE_FAILED ? ACT_NO : ACT_FULL;
	case HOLD_WAITING:
		break;
	}
	if (act == ACT_NO || delivered_between(f, e->at_s, e->hold_until_s))
		return ACT_NO;
	if (f->now_s >= e->hold_until_s)
		return act;
	fold_next(f, e->hold_until_s);
	return ACT_HELD;
}
