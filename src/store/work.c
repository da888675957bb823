/*
 * The frame of everything that writes about addresses: begin, touch, change,
 * commit. Folding is left to the end, so that an address is folded once a
 * batch and the order inside the batch cannot show.
 */
#include "store/work.h"

#include "store/contribution.h"
#include "store/internal.h"
#include "store/state.h"

static void forget(struct store *s)
{
	touched_clear(&s->touched);
	ripple_clear(&s->ripple);
	arena_reset(&s->arena);
	s->in_batch = false;
}

int work_begin(struct store *s, struct error *err)
{
	forget(s);
	if (store_begin(s, err))
		return -1;
	s->in_batch = true;
	return 0;
}

void work_abort(struct store *s)
{
	store_rollback(s);
	forget(s);
}

int work_touch(struct store *s, int64_t address, struct error *err)
{
	struct touched_address *t;
	struct history h;
	bool is_new;

	t = touched_add(&s->touched, address, &is_new);
	if (t->changed)
		return 0;
	/* Its strings are needed until the end of the work. */
	if (history_load(s, address, &s->arena, &h, err))
		return -1;
	t->changed = true;
	t->before = contributions_of(&h, &s->arena, &t->before_count);
	return 0;
}

void work_refold(struct store *s, int64_t address)
{
	bool is_new;

	touched_add(&s->touched, address, &is_new)->wanted = true;
}

void work_refold_some(struct store *s, int64_t address)
{
	bool is_new;

	touched_add(&s->touched, address, &is_new);
}

static void changed_key(struct store *s, const struct contribution *c,
			int64_t delta)
{
	ripple_add(&s->ripple, c, delta);
}

/* Brings the shared counts up to date with one changed address. */
static int settle(struct store *s, const struct touched_address *t,
		  struct error *err)
{
	struct contribution *after;
	struct history h;
	size_t n;

	if (history_load(s, t->id, &s->arena, &h, err))
		return -1;
	after = contributions_of(&h, &s->arena, &n);
	return contributions_apply(s, t->id, t->before, t->before_count, after,
				   n, changed_key, err);
}

static int settle_all(struct store *s, struct error *err)
{
	for (size_t i = 0; i < s->touched.count; i++)
		if (s->touched.items[i].changed &&
		    settle(s, &s->touched.items[i], err))
			return -1;
	return ripple_spread(s, &s->ripple, err);
}

static int mark(struct store *s, int64_t address, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_STATE_MARK);
	query_int(&q, address);
	return query_run(&q, err);
}

static int fold_all(struct store *s, int64_t now_s, struct error *err)
{
	size_t refolds = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->touched.count; i++) {
		const struct touched_address *t = &s->touched.items[i];

		if (t->changed || t->wanted || refolds++ < WORK_MAX_REFOLDS)
			rc = fold_address(s, t->id, now_s, err);
		else
			rc = mark(s, t->id, err);
	}
	return rc;
}

int work_commit(struct store *s, int64_t now_s, struct error *err)
{
	int rc = settle_all(s, err);

	if (rc == 0)
		rc = fold_all(s, now_s, err);
	if (rc == 0)
		rc = store_commit(s, err);
	work_abort(s);
	return rc;
}
