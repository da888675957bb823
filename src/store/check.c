/*
 * May it be mailed? Two look-ups by primary key: the address, its domain. A
 * state that is out of date, because housekeeping has not come round yet, is
 * folded on the spot.
 */
#include <string.h>

#include "store/internal.h"
#include "store/state.h"

/* One entry: an address, or a domain. */
struct entry {
	const char *folded, *written;
	struct state state;
};

static int load_entry(struct store *s, const char *folded, int64_t now_s,
		      struct arena *arena, struct entry *e, struct error *err)
{
	int64_t id = 0;
	struct query q;
	int got;

	memset(e, 0, sizeof(*e));
	e->folded = folded;
	e->written = folded;
	query_start(&q, s, Q_CHECK_ADDRESS);
	query_text(&q, folded);
	got = query_step(&q, err);
	if (got != 1)
		return got;
	id = row_int(&q);
	e->written = row_dup(&q, arena);
	query_end(&q);
	return address_state_at(s, id, now_s, arena, &e->state, err);
}

static bool in_force(const struct state_suppression *x, int64_t now_s)
{
	return x->since_s <= now_s && (x->until_s == 0 || x->until_s > now_s);
}

/* Does it stop mail of the stream that is asked about? */
static bool stops(const struct state_suppression *x, const char *stream)
{
	return !stream || !*x->stream || strcmp(x->stream, stream) == 0;
}

static int describe(struct store *s, const struct entry *e,
		    const struct state_suppression *x, struct arena *arena,
		    struct store_suppression *to, struct error *err)
{
	struct query q;
	int got;

	*to = (struct store_suppression){
		.address = e->folded,
		.written = e->written,
		.scope = *e->folded == '@' ? "domain" : "address",
		.stream = x->stream,
		.class_ = x->class_,
		.reason = x->reason,
		.source = x->source,
		.evidence = x->evidence,
		.hits = x->hits,
		.since_s = x->since_s,
		.until_s = x->until_s,
		.bounce_id = x->fact,
		.note = "",
	};
	if (x->decision == 0)
		return 0;
	query_start(&q, s, Q_DECISION_NOTE);
	query_int(&q, x->decision);
	got = query_step(&q, err);
	if (got == 1) {
		to->note = row_dup(&q, arena);
		query_end(&q);
	}
	return got < 0 ? -1 : 0;
}

/* The suppression of an entry that stops the stream for longest, or NULL. */
static const struct state_suppression *
find_stop(const struct entry *e, const char *stream, int64_t now_s)
{
	const struct state_suppression *best = NULL;

	for (size_t i = 0; i < e->state.suppression_count; i++) {
		const struct state_suppression *x = &e->state.suppressions[i];

		if (!in_force(x, now_s) || !stops(x, stream))
			continue;
		if (!best || (best->until_s &&
			      (!x->until_s || x->until_s > best->until_s)))
			best = x;
	}
	return best;
}

struct entries {
	struct entry address, domain; /* domain.folded NULL: none */
};

static int load_entries(struct store *s, struct span address, int64_t now_s,
			struct arena *arena, struct entries *e,
			struct error *err)
{
	const char *folded;
	const char *written;
	const char *at;

	memset(e, 0, sizeof(*e));
	if (address_parse(address, arena, &folded, &written, err) ||
	    load_entry(s, folded, now_s, arena, &e->address, err))
		return -1;
	at = strrchr(folded, '@');
	if (!at || at == folded)
		return 0;
	return load_entry(s, at, now_s, arena, &e->domain, err);
}

/* An allow entry of the address beats what is said of its whole domain. */
static int answer(struct store *s, const struct entries *e, const char *stream,
		  int64_t now_s, struct arena *arena,
		  struct store_answer *answer_r, struct error *err)
{
	const struct entry *by = &e->address;
	const struct state_suppression *stop = find_stop(by, stream, now_s);
	bool allowed = by->state.allowed || e->domain.state.allowed;

	memset(answer_r, 0, sizeof(*answer_r));
	answer_r->folded = e->address.folded;
	answer_r->allowed = allowed;
	answer_r->domain_allowed = e->domain.state.allowed;
	if (!stop && !by->state.allowed && e->domain.folded) {
		by = &e->domain;
		stop = find_stop(by, stream, now_s);
	}
	answer_r->mailable = stop == NULL;
	return stop ? describe(s, by, stop, arena, &answer_r->why, err) : 0;
}

int store_check(struct store *s, struct span address, const char *stream,
		int64_t now_s, struct arena *arena,
		struct store_answer *answer_r, struct error *err)
{
	struct entries e;
	bool own = sqlite3_get_autocommit(s->db);
	int rc;

	/* The address and its domain as of one moment. */
	if (own && store_begin_read(s, err))
		return -1;
	rc = load_entries(s, address, now_s, arena, &e, err);
	if (rc == 0)
		rc = answer(s, &e, stream, now_s, arena, answer_r, err);
	if (own)
		store_end_read(s);
	return rc;
}

static int add_stops(struct store *s, const struct entry *e, int64_t now_s,
		     struct arena *arena, struct store_state *to,
		     struct error *err)
{
	for (size_t i = 0; i < e->state.suppression_count; i++) {
		const struct state_suppression *x = &e->state.suppressions[i];

		if (in_force(x, now_s) &&
		    describe(s, e, x, arena,
			     &to->suppressions[to->suppression_count++], err))
			return -1;
	}
	return 0;
}

static int show(struct store *s, struct span address, int64_t now_s,
		struct arena *arena, struct store_state *to, struct error *err)
{
	struct entries e;

	memset(to, 0, sizeof(*to));
	if (load_entries(s, address, now_s, arena, &e, err) ||
	    answer(s, &e, NULL, now_s, arena, &to->answer, err))
		return -1;
	to->known = e.address.state.known;
	to->softs = e.address.state.softs;
	to->soft_count = e.address.state.soft_count;
	to->suppressions =
		arena_array(arena,
			    e.address.state.suppression_count +
				    e.domain.state.suppression_count + 1,
			    sizeof(*to->suppressions));
	if (add_stops(s, &e.address, now_s, arena, to, err))
		return -1;
	return e.domain.folded ? add_stops(s, &e.domain, now_s, arena, to, err)
			       : 0;
}

int store_show(struct store *s, struct span address, int64_t now_s,
	       struct arena *arena, struct store_state *state_r,
	       struct error *err)
{
	bool own = sqlite3_get_autocommit(s->db);
	int rc;

	if (own && store_begin_read(s, err))
		return -1;
	rc = show(s, address, now_s, arena, state_r, err);
	if (own)
		store_end_read(s);
	return rc;
}
