/*
 * Writes the answer of a fold: what is in force once allow entries and the
 * mode have had their say. What they hide is known all the same, and comes
 * back when they go.
 */
#include "policy/fold.h"

#include <string.h>

static bool is_hidden(const struct fold *f, const struct stream *st,
		      enum slot slot)
{
	bool observe = f->s->mode == POLICY_OBSERVE;

	switch (slot) {
	case SLOT_HARD:
	case SLOT_PROMOTED:
		return observe || st->allowed;
	case SLOT_COMPLAINT:
		return observe || (st->allowed && st->allow_force);
	case SLOT_IMPORT:
		return st->allowed;
	case SLOT_IMPORT_COMPLAINT:
		return st->allowed && st->allow_force;
	case SLOT_OPERATOR:
	case SLOT_COUNT:
		break;
	}
	return false;
}

static bool in_force(const struct fold *f, const struct stream *st, size_t slot)
{
	return st->sups[slot].on && !is_hidden(f, st, (enum slot)slot);
}

static bool is_covered(const struct fold *f, const struct stream *st)
{
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		if (in_force(f, st, i) || in_force(f, &f->streams[0], i))
			return true;
	}
	return false;
}

static enum policy_source source_of(size_t slot)
{
	return slot == SLOT_IMPORT_COMPLAINT ? SOURCE_IMPORT
					     : (enum policy_source)slot;
}

static void write_suppressions(struct fold *f, struct policy_state *state)
{
	state->suppressions =
		arena_array(f->arena, f->stream_count * SLOT_COUNT,
			    sizeof(*state->suppressions));
	for (size_t i = 0; i < f->stream_count * SLOT_COUNT; i++) {
		const struct stream *st = &f->streams[i / SLOT_COUNT];
		const struct sup *p = &st->sups[i % SLOT_COUNT];
		bool endless = p->until_s == NO_END;

		if (p->on && !endless)
			fold_next(f, p->until_s);
		if (!in_force(f, st, i % SLOT_COUNT))
			continue;
		state->suppressions[state->suppression_count++] =
			(struct policy_suppression){
				.stream = st->name,
				.source = source_of(i % SLOT_COUNT),
				.reason = p->reason,
				.class_ = p->class_,
				.evidence = p->evidence,
				.hits = p->hits,
				.since_s = p->since_s,
				.until_s = endless ? POLICY_NO_END : p->until_s,
				.event_id = p->event_id,
				.bounded = !p->proven && p->short_s < p->full_s,
			};
	}
}

static void forget_advice(struct policy_soft *soft)
{
	soft->due_reason = (enum reason)0;
	soft->tried_at_s = 0;
	soft->due_at_s = 0;
	soft->attempt = 0;
	soft->attempts_left = 0;
	soft->give_up_at_s = 0;
}

static void write_softs(struct fold *f, struct policy_state *state)
{
	state->softs =
		arena_array(f->arena, f->stream_count, sizeof(*state->softs));
	for (size_t i = 0; i < f->stream_count; i++) {
		struct stream *st = &f->streams[i];
		struct policy_soft *soft = &state->softs[state->soft_count];

		if (!run_describe(f, st, soft))
			continue;
		if (is_covered(f, st))
			forget_advice(soft);
		if (soft->count > 0 || soft->probation || soft->due_at_s != 0)
			state->soft_count++;
	}
}

/* What an allow entry or the mode keeps from acting has not been applied. */
static bool is_overruled(const struct fold *f, const struct item *item)
{
	const struct policy_event *e = item->event;
	const struct stream *st = &f->streams[item->stream];

	if (item->effect == EFFECT_SUPPRESS) {
		if (e->class_ == VERDICT_COMPLAINT)
			return is_hidden(f, st, SLOT_COMPLAINT);
		if (e->class_ == VERDICT_HARD)
			st = &f->streams[0];
		return is_hidden(f, st, SLOT_HARD);
	}
	return item->effect == EFFECT_COUNT && is_hidden(f, st, SLOT_PROMOTED);
}

static void write_applied(struct fold *f, struct policy_state *state)
{
	for (size_t i = 0; i < f->count; i++) {
		const struct item *item = &f->items[i];

		if (f->applied[item->index] == APPLIED_YES &&
		    is_overruled(f, item))
			f->applied[item->index] = APPLIED_NO;
	}
	state->applied = f->applied;
}

void fold_write(struct fold *f, struct policy_state *state_r)
{
	*state_r = (struct policy_state){.allowed = f->streams[0].allowed};
	write_suppressions(f, state_r);
	write_softs(f, state_r);
	write_applied(f, state_r);
	state_r->next_change_s = f->next_s == NO_END ? 0 : f->next_s;
}

static bool lasts_longer(const struct policy_suppression *a,
			 const struct policy_suppression *b)
{
	if (a->until_s == POLICY_NO_END || b->until_s == POLICY_NO_END)
		return a->until_s == POLICY_NO_END &&
		       b->until_s != POLICY_NO_END;
	return a->until_s > b->until_s;
}

const struct policy_suppression *
policy_suppressed(const struct policy_state *state, const char *stream)
{
	const struct policy_suppression *best = NULL;

	for (size_t i = 0; i < state->suppression_count; i++) {
		const struct policy_suppression *p = &state->suppressions[i];

		if (stream && p->stream[0] != '\0' &&
		    strcmp(p->stream, stream) != 0)
			continue;
		if (!best || lasts_longer(p, best))
			best = p;
	}
	return best;
}

const char *policy_applied_name(enum policy_applied a)
{
	switch (a) {
	case APPLIED_YES:
		return "yes";
	case APPLIED_HELD:
		return "held";
	case APPLIED_NO:
		break;
	}
	return "no";
}
