/*
 * What retention keeps. The history before the cutoff is folded as if the
 * cutoff were now, and what a later event could still depend on is written
 * down: suppressions with their ends, steps and probation, open runs.
 */
#include "policy/fold.h"

#include <string.h>

struct carried {
	struct policy_event *events;
	size_t count;
};

static void add_suppression(struct carried *c, const struct stream *st,
			    enum slot slot)
{
	const struct sup *p = &st->sups[slot];

	if (p->hits == 0)
		return;
	c->events[c->count++] = (struct policy_event){
		.type = POLICY_CARRY,
		.id = p->event_id,
		.at_s = p->since_s,
		.sent_at_s = p->unknown_s,
		.stream = st->name,
		.send = "",
		.reason = p->reason,
		.class_ = p->class_,
		.evidence = p->evidence,
		.until_s = p->until_s == NO_END ? POLICY_NO_END : p->until_s,
		.source = (enum policy_source)slot,
		.hits = p->hits,
		.bounded = !p->proven,
	};
}

static void add_memory(struct carried *c, const struct stream *st,
		       int64_t cutoff_s)
{
	const struct run *r = &st->run;

	if (r->step == 0 && !r->probation)
		return;
	c->events[c->count++] = (struct policy_event){
		.type = POLICY_CARRY,
		.at_s = cutoff_s,
		.sent_at_s = r->probation_s,
		.stream = st->name,
		.send = "",
		.reason = r->probation_reason,
		.step = r->step,
		.probation = r->probation,
	};
}

static void add_stream(struct carried *c, const struct stream *st,
		       int64_t cutoff_s)
{
	const struct run *r = &st->run;

	add_suppression(c, st, SLOT_HARD);
	add_suppression(c, st, SLOT_COMPLAINT);
	/* An ended one lives on in the memory of its run. */
	if (st->sups[SLOT_PROMOTED].on)
		add_suppression(c, st, SLOT_PROMOTED);
	add_memory(c, st, cutoff_s);
	for (size_t i = r->head; i < r->tail; i++)
		c->events[c->count++] = *r->units[i];
}

/* Held verdicts have not had their turn yet. */
static bool is_waiting(const struct fold *f, const struct item *item)
{
	enum policy_hold hold = item->event->hold;

	return (hold == HOLD_WAITING || hold == HOLD_REVIEW) &&
	       f->applied[item->index] == APPLIED_HELD;
}

static size_t before(const struct policy_event *events, size_t n,
		     int64_t cutoff_s, struct policy_event *out)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		if (events[i].at_s < cutoff_s)
			out[count++] = events[i];
	}
	return count;
}

size_t policy_carry(const struct policy_settings *s,
		    const struct policy_event *events, size_t n,
		    int64_t cutoff_s, struct arena *arena,
		    struct policy_event **carry_r)
{
	struct policy_event *old = arena_array(arena, n + 1, sizeof(*old));
	size_t count = before(events, n, cutoff_s, old);
	struct carried c = {.count = 0};
	struct fold f;

	fold_run(&f, s, old, count, cutoff_s, arena);
	c.events = arena_array(arena, count + 4 * f.stream_count,
			       sizeof(*c.events));
	for (size_t i = 0; i < f.stream_count; i++)
		add_stream(&c, &f.streams[i], cutoff_s);
	for (size_t i = 0; i < f.count; i++) {
		if (is_waiting(&f, &f.items[i]))
			c.events[c.count++] = *f.items[i].event;
	}
	*carry_r = c.events;
	return c.count;
}
