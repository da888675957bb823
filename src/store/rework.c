/*
 * Taking back or judging again what is recorded already. The counts that an
 * address shares with others change by the difference between its history
 * before and after, as they do for new mail; so the result is the same as if
 * the facts had never been, or had been judged so at once.
 */
#include "store/rework.h"

#include <string.h>

#include "store/contribution.h"
#include "store/internal.h"
#include "store/state.h"
#include "util/buf.h"
#include "util/xalloc.h"

int rework_prepare(struct store *s, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_REWORK_TABLE);
	if (query_run(&q, err))
		return -1;
	query_start(&q, s, Q_REWORK_CLEAR);
	return query_run(&q, err);
}

static int count_work(struct store *s, struct store_rework *r,
		      struct error *err)
{
	struct query q;

	query_start(&q, s, Q_REWORK_COUNT);
	if (query_step(&q, err) != 1)
		return -1;
	r->addresses = row_int(&q);
	r->verdicts = row_int(&q);
	query_end(&q);
	return 0;
}

static void told(const struct rework *w, int64_t done, int64_t total)
{
	if (w->watch && w->watch->progress)
		w->watch->progress(w->watch->ctx, done, total);
}

/* The history behind c lives for one address only, so its part is written. */
static int changed_key(struct store *s, const struct contribution *c,
		       struct error *err)
{
	struct contribution key = *c;

	if (contribution_write(s, c, err))
		return -1;
	s->ripple.written = true;
	if (c->table == CONTRIBUTION_CAMPAIGN)
		return 0;
	for (size_t i = 0; i < CONTRIBUTION_KEYS; i++)
		key.key[i] = arena_strdup(&s->arena, c->key[i]);
	ripple_add(&s->ripple, &key);
	return 0;
}

static int load_facts(struct store *s, int64_t address, int64_t **facts_r,
		      size_t *n_r, struct error *err)
{
	size_t cap = 0;
	struct query q;
	int got;

	*n_r = 0;
	*facts_r = NULL;
	query_start(&q, s, Q_REWORK_FACTS);
	query_int(&q, address);
	while ((got = query_step(&q, err)) == 1) {
		if (*n_r == cap) {
			cap = cap ? cap * 2 : 8;
			*facts_r =
				xreallocarray(*facts_r, cap, sizeof(**facts_r));
		}
		(*facts_r)[(*n_r)++] = row_int(&q);
	}
	return got;
}

static int change_address(struct store *s, const struct rework *w,
			  int64_t address, struct error *err)
{
	struct contribution *before, *after;
	size_t before_count, after_count, n;
	struct history h;
	int64_t *facts = NULL;
	int rc = -1;

	arena_reset(&s->scratch);
	if (history_load(s, address, &s->scratch, &h, err))
		return -1;
	before = contributions_of(&h, &s->scratch, &before_count);
	if (load_facts(s, address, &facts, &n, err) == 0 &&
	    w->change(s, address, facts, n, w->ctx, err) == 0 &&
	    history_load(s, address, &s->scratch, &h, err) == 0) {
		after = contributions_of(&h, &s->scratch, &after_count);
		rc = contributions_apply(s, address, before, before_count,
					 after, after_count, changed_key, err);
	}
	free(facts);
	work_refold(s, address);
	return rc;
}

static int change_all(struct store *s, const struct rework *w, int64_t total,
		      struct error *err)
{
	int64_t address = 0;
	int64_t done = 0;
	struct query q;
	int got;

	for (;;) {
		query_start(&q, s, Q_REWORK_NEXT);
		query_int(&q, address);
		got = query_number(&q, &address, err);
		if (got != 1)
			return got;
		if (change_address(s, w, address, err))
			return -1;
		/* Half the way: all of them are folded afterwards. */
		told(w, ++done, total * 2);
	}
}

/* What is in force, in a few words; in the arena. */
static const char *in_words(const struct state *st, int64_t now_s,
			    struct arena *a, bool *mailable_r)
{
	const char *words = "";

	*mailable_r = true;
	for (size_t i = 0; i < st->suppression_count; i++) {
		const struct state_suppression *x = &st->suppressions[i];

		if (x->until_s && x->until_s <= now_s)
			continue;
		*mailable_r = false;
		words = arena_printf(a, "%s%s%s", words, *words ? ", " : "",
				     *x->reason ? x->reason : x->source);
	}
	for (size_t i = 0; *mailable_r && i < st->soft_count; i++)
		words = arena_printf(a, "%s%ssoft %lld of %lld", words,
				     *words ? ", " : "",
				     (long long)st->softs[i].count,
				     (long long)st->softs[i].threshold);
	if (st->allowed)
		return "allowed";
	return *words ? words : "mailable";
}

static int tell_change(struct store *s, const struct rework *w, struct arena *a,
		       int64_t address, const char *before, const char *after,
		       struct error *err)
{
	struct store_change change = {.before = before, .after = after};
	struct query q;

	if (!w->watch || !w->watch->change)
		return 0;
	query_start(&q, s, Q_ADDRESS_BY_ID);
	query_int(&q, address);
	if (query_step(&q, err) != 1)
		return -1;
	change.address = row_dup(&q, a);
	query_end(&q);
	return w->watch->change(w->watch->ctx, &change);
}

static int fold_one(struct store *s, const struct rework *w, int64_t address,
		    int64_t now_s, struct arena *a, struct store_rework *r,
		    struct error *err)
{
	const char *before, *after;
	bool was, is;
	struct state st;

	arena_reset(a);
	if (address_state_read(s, address, a, &st, err))
		return -1;
	before = in_words(&st, now_s, a, &was);
	if (fold_address(s, address, now_s, err) ||
	    address_state_read(s, address, a, &st, err))
		return -1;
	after = in_words(&st, now_s, a, &is);
	r->released += is && !was;
	r->suppressed += was && !is;
	if (strcmp(before, after) == 0)
		return 0;
	r->changed++;
	return tell_change(s, w, a, address, before, after, err);
}

static int fold_all(struct store *s, const struct rework *w, int64_t now_s,
		    struct store_rework *r, struct error *err)
{
	struct arena a;
	int rc = 0;

	arena_init(&a);
	for (size_t i = 0; rc == 0 && i < s->touched.count; i++) {
		rc = fold_one(s, w, s->touched.items[i].id, now_s, &a, r, err);
		told(w, (int64_t)(s->touched.count + i + 1),
		     (int64_t)(s->touched.count * 2));
	}
	arena_release(&a);
	return rc;
}

int rework_run(struct store *s, const struct rework *w, int64_t now_s,
	       struct store_rework *result_r, struct error *err)
{
	int rc;

	memset(result_r, 0, sizeof(*result_r));
	if (count_work(s, result_r, err))
		return -1;
	if (result_r->verdicts == 0)
		return 0;
	if (work_begin(s, err))
		return -1;
	rc = change_all(s, w, result_r->addresses, err);
	if (rc == 0)
		rc = ripple_spread(s, &s->ripple, err);
	if (rc == 0)
		rc = fold_all(s, w, now_s, result_r, err);
	if (rc == 0 && !w->dry_run)
		rc = store_commit(s, err);
	work_abort(s);
	return rc;
}
