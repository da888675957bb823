/*
 * Brings a history into its one order, so that the fold gives the same state
 * however the events were read. Streams and sends become numbers here, which
 * keeps the fold linear: a forger chooses both, and how many there are.
 */
#include "policy/fold.h"

#include <stdlib.h>
#include <string.h>

static const char *name_of(const char *s)
{
	return s ? s : "";
}

static int compare_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* A send without a name is the day on which it was sent. */
static int compare_sends(const struct policy_event *a,
			 const struct policy_event *b)
{
	int c = strcmp(name_of(a->send), name_of(b->send));

	if (c != 0 || *name_of(a->send) != '\0')
		return c;
	return compare_i64(a->sent_at_s / DAY_S, b->sent_at_s / DAY_S);
}

static int by_name(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c = strcmp(name_of(a->event->stream), name_of(b->event->stream));

	return c != 0 ? c : compare_sends(a->event, b->event);
}

/* A carry stands for what came before everything else of its time. */
static int type_rank(enum policy_event_type type)
{
	return type == POLICY_CARRY ? -1 : (int)type;
}

static bool is_decision(const struct policy_event *e)
{
	return e->type != POLICY_VERDICT && e->type != POLICY_CARRY;
}

/* Everything that may decide, so that only true twins are left equal. */
static int compare_content(const struct policy_event *a,
			   const struct policy_event *b)
{
	const int64_t fields[][2] = {
		{a->reason, b->reason},
		{a->class_, b->class_},
		{a->effect, b->effect},
		{a->evidence, b->evidence},
		{a->sent_at_s, b->sent_at_s},
		{a->recipients, b->recipients},
		{a->forwarded, b->forwarded},
		{a->shared, b->shared},
		{a->reply, b->reply},
		{a->hold, b->hold},
		{a->hold_until_s, b->hold_until_s},
		{a->force, b->force},
		{a->until_s, b->until_s},
		{a->imported, b->imported},
		{a->step, b->step},
		{a->source, b->source},
		{a->hits, b->hits},
		{a->bounded, b->bounded},
		{a->probation, b->probation},
		{a->id, b->id},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i][0] != fields[i][1])
			return compare_i64(fields[i][0], fields[i][1]);
	}
	return 0;
}

static int by_time(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c = compare_i64(a->event->at_s, b->event->at_s);

	/* Of what people decide in one second the later is what they want. */
	if (c == 0 && is_decision(a->event) && is_decision(b->event))
		c = compare_i64(a->event->sequence, b->event->sequence);
	if (c == 0)
		c = type_rank(a->event->type) - type_rank(b->event->type);
	if (c == 0)
		c = memcmp(a->event->key, b->event->key, MESSAGE_KEY_BYTES);
	if (c == 0)
		c = compare_i64((int64_t)a->stream, (int64_t)b->stream);
	if (c == 0)
		c = compare_i64((int64_t)a->send, (int64_t)b->send);
	return c != 0 ? c : compare_content(a->event, b->event);
}

enum verdict_effect fold_effect(const struct policy_settings *s,
				const struct policy_event *e)
{
	if (e->type != POLICY_VERDICT)
		return EFFECT_NONE;
	if (e->class_ == VERDICT_NONE)
		return e->effect == EFFECT_RESET ? EFFECT_RESET : EFFECT_NONE;
	if (s->effect[e->reason] != reason_info(e->reason)->effect)
		return s->effect[e->reason];
	if (e->class_ == VERDICT_BLOCK)
		return EFFECT_NONE;
	if (e->forwarded && e->class_ == VERDICT_HARD)
		return s->forwarded_hard;
	return e->effect;
}

/* The items are sorted by name: gives each stream and send its number. */
static void number_names(struct fold *f)
{
	size_t streams = 1, sends = 0;

	f->streams = arena_array(f->arena, f->count + 1, sizeof(*f->streams));
	f->streams[0].name = "";
	for (size_t i = 0; i < f->count; i++) {
		struct item *it = &f->items[i];
		const char *name = name_of(it->event->stream);

		if (strcmp(f->streams[streams - 1].name, name) != 0)
			f->streams[streams++].name = name;
		if (i == 0 || by_name(it - 1, it) != 0)
			sends++;
		it->stream = streams - 1;
		it->send = sends - 1;
		f->streams[it->stream].events++;
	}
	f->stream_count = streams;
	f->sends = arena_array(f->arena, sends + 1, sizeof(*f->sends));
}

void fold_order(struct fold *f, const struct policy_event *events, size_t n)
{
	const struct policy_event **units =
		arena_array(f->arena, n + 1, sizeof(*units));

	f->count = n;
	f->items = arena_array(f->arena, n + 1, sizeof(*f->items));
	for (size_t i = 0; i < n; i++) {
		f->items[i].event = &events[i];
		f->items[i].index = i;
		f->items[i].effect = fold_effect(f->s, &events[i]);
	}
	qsort(f->items, n, sizeof(*f->items), by_name);
	number_names(f);
	for (size_t i = 0; i < f->stream_count; i++) {
		struct stream *st = &f->streams[i];

		st->run.units = units;
		st->run.epoch = 1;
		for (size_t j = 0; j < SLOT_COUNT; j++)
			st->sups[j].epoch = 1;
		units += st->events;
	}
	qsort(f->items, n, sizeof(*f->items), by_time);
}
