/*
 * What a fact would do, for people who ask before it is recorded: its
 * address's history is folded twice, without it and with it.
 */
#include "store/foresee.h"

#include <string.h>

#include "store/fact.h"
#include "store/internal.h"
#include "store/state.h"

/* In the stream of the fact, or in all, where that has none. */
static const struct state_suppression *stop_of(const struct state *st,
					       const char *stream)
{
	const struct state_suppression *best = NULL;

	for (size_t i = 0; i < st->suppression_count; i++) {
		const struct state_suppression *x = &st->suppressions[i];

		if (*x->stream && strcmp(x->stream, stream) != 0)
			continue;
		if (!best || (best->until_s &&
			      (!x->until_s || x->until_s > best->until_s)))
			best = x;
	}
	return best;
}

static void describe(const struct state *st, const char *stream,
		     struct store_foresight *out)
{
	const struct state_suppression *stop = stop_of(st, stream);

	out->mailable = stop == NULL;
	out->source = stop ? stop->source : "";
	out->until_s = stop ? stop->until_s : 0;
	for (size_t i = 0; i < st->soft_count; i++) {
		const struct store_soft *soft = &st->softs[i];

		if (strcmp(soft->stream, stream) != 0)
			continue;
		out->count = soft->count;
		out->threshold = soft->threshold;
		out->promotes_at_s = soft->promotes_at_s;
	}
}

static int fold(struct store *s, const struct pending_fact *p,
		struct pending_fact *with, int64_t now_s, struct arena *arena,
		struct state *st, enum policy_applied *applied_r,
		struct error *err)
{
	enum policy_applied *applied;
	struct history h;
	int64_t id = 0;

	if (address_id(s, p->charge.folded, &id, err) ||
	    history_load_named(s, id, p->charge.folded, false, arena, &h, err))
		return -1;
	history_add(&h, with, arena);
	if (address_state_fold(s, &h, now_s, arena, st, &applied, err))
		return -1;
	*applied_r = APPLIED_NO;
	for (size_t i = 0; with && i < h.fact_count; i++)
		if (h.facts[i].pending == with)
			*applied_r = applied[i];
	return 0;
}

int store_foresee(struct store *s, const struct store_message *m,
		  const struct report *report, size_t i,
		  const struct store_verdict *verdict, int64_t now_s,
		  struct arena *arena, struct store_foresight *out_r,
		  struct error *err)
{
	enum policy_applied applied;
	struct state before, after;
	struct pending_fact *p;

	if (!s->in_batch) {
		arena_reset(&s->arena);
		arena_reset(&s->scratch);
	}
	p = fact_imagine(s, m, report, i, verdict);
	*out_r = (struct store_foresight){
		.address = "", .applied = "no", .source = ""};
	if (!*p->charge.folded)
		return 0;
	if (fold(s, p, NULL, now_s, arena, &before, &applied, err) ||
	    fold(s, p, p, now_s, arena, &after, &applied, err))
		return -1;
	out_r->address = arena_strdup(arena, p->charge.folded);
	out_r->was_mailable = stop_of(&before, p->charge.stream) == NULL;
	out_r->applied = policy_applied_name(applied);
	describe(&after, p->charge.stream, out_r);
	return 0;
}
