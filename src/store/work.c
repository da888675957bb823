/*
 * The frame of everything that writes about addresses: begin, touch, change,
 * commit. Folding is left to the end, so that an address is folded once a
 * batch and the order inside the batch cannot show.
 */
#include "store/work.h"

#include "store/contribution.h"
#include "store/fact.h"
#include "store/internal.h"
#include "store/state.h"

static void forget(struct store *s)
{
	touched_clear(&s->touched);
	ripple_clear(&s->ripple);
	tally_clear(&s->tally);
	due_forget(&s->due);
	arena_reset(&s->arena);
	s->in_batch = false;
	s->decided = (struct decided){0};
	s->ledger_is_empty = false;
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

/* Reads what is known of an address, and what it adds to shared counts. */
static int begin_change(struct store *s, struct touched_address *t,
			const char *folded, bool is_new, struct error *err)
{
	struct history *h = arena_alloc(&s->arena, sizeof(*h));
	/* Its strings are needed until the end of the work. */
	int rc = folded ? history_load_named(s, t->id, folded, is_new,
					     &s->arena, h, err)
			: history_load(s, t->id, &s->arena, h, err);

	if (rc)
		return -1;
	t->changed = true;
	t->before = contributions_of(h, &s->arena, &t->before_count);
	t->history = h;
	return 0;
}

/* From here on the address's facts are in the database, and read from there. */
static int write_facts(struct store *s, struct touched_address *t,
		       struct error *err)
{
	if (fact_write_rest(s, t->facts, err))
		return -1;
	t->facts = NULL;
	t->history = NULL;
	return 0;
}

int work_touch(struct store *s, int64_t address, struct error *err)
{
	struct touched_address *t;
	bool is_new;

	t = touched_add(&s->touched, address, &is_new);
	if (!t->changed && begin_change(s, t, NULL, false, err))
		return -1;
	return write_facts(s, t, err);
}

/* Is there little enough to know it by heart? */
static int find_decided(struct store *s, struct error *err)
{
	struct decided few = {.known = true};
	const size_t room = sizeof(few.domains) / sizeof(*few.domains);
	struct query q;
	int got;

	query_start(&q, s, Q_DECISION_FIRST);
	query_int(&q, (int64_t)room + 1);
	while ((got = query_step(&q, err)) == 1) {
		const char *folded = row_text(&q);

		if (*folded != '@' || few.count == room) {
			query_end(&q);
			return 0;
		}
		few.domains[few.count++] = arena_strdup(&s->arena, folded + 1);
	}
	if (got == 0)
		s->decided = few;
	return got;
}

int work_keep_facts(struct store *s, struct error *err)
{
	struct query q;
	int64_t n;

	if (find_decided(s, err))
		return -1;
	query_start(&q, s, Q_FACT_LAST);
	if (query_number(&q, &n, err) < 0)
		return -1;
	s->next_fact = n + 1;
	return 0;
}

int work_record(struct store *s, struct pending_fact *p, struct error *err)
{
	const struct charge *c = &p->charge;
	struct touched_address *t;
	bool is_new;

	t = touched_add(&s->touched, c->address, &is_new);
	t->is_new = t->is_new || c->is_new;
	if (!t->changed && begin_change(s, t, c->folded, c->is_new, err))
		return -1;
	if (!t->history)
		return fact_write_rest(s, p, err);
	p->next = t->facts;
	t->facts = p;
	return 0;
}

int work_write_message(struct store *s, int64_t message, struct error *err)
{
	for (size_t i = 0; i < s->touched.count; i++) {
		struct touched_address *t = &s->touched.items[i];
		const struct pending_fact *p = t->facts;

		while (p && p->message != message)
			p = p->next;
		if (p && write_facts(s, t, err))
			return -1;
	}
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

/* Sums that several addresses of a batch share are written once. */
static int join_ripple(struct store *s, const struct contribution *delta,
		       struct error *err)
{
	(void)err;
	ripple_add(&s->ripple, delta);
	return 0;
}

/* Brings the shared counts up to date with one changed address. */
static int settle(struct store *s, const struct touched_address *t,
		  struct error *err)
{
	struct contribution *after;
	struct history read;
	struct history *h = t->history;
	size_t n;

	if (h) {
		history_add(h, t->facts, &s->arena);
	} else {
		h = &read;
		if (history_load(s, t->id, &s->arena, h, err))
			return -1;
	}
	after = contributions_of(h, &s->arena, &n);
	return contributions_apply(s, t->id, t->before, t->before_count, after,
				   n, join_ripple, err);
}

static int settle_all(struct store *s, struct error *err)
{
	for (size_t i = 0; i < s->touched.count; i++)
		if (s->touched.items[i].changed &&
		    settle(s, &s->touched.items[i], err))
			return -1;
	return ripple_spread(s, &s->ripple, err);
}

/* The addresses whose facts are kept come first: a domain's entry asks the
 * database for them. */
static int fold_kept(struct store *s, int64_t now_s, struct error *err)
{
	for (size_t i = 0; i < s->touched.count; i++) {
		struct touched_address *t = &s->touched.items[i];

		if (!t->history)
			continue;
		arena_reset(&s->scratch);
		if (fold_history(s, t->history, t->is_new, now_s, err) ||
		    fact_write_rest(s, t->facts, err))
			return -1;
	}
	return 0;
}

static int fold_others(struct store *s, int64_t now_s, struct error *err)
{
	size_t refolds = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < s->touched.count; i++) {
		const struct touched_address *t = &s->touched.items[i];

		if (t->history)
			continue;
		if (t->changed || t->wanted || refolds++ < WORK_MAX_REFOLDS)
			rc = fold_address(s, t->id, now_s, err);
		else
			rc = query_do(s, Q_STATE_MARK, t->id, err);
	}
	return rc;
}

int work_fold(struct store *s, int64_t now_s, struct error *err)
{
	if (settle_all(s, err) || fold_kept(s, now_s, err))
		return -1;
	return fold_others(s, now_s, err);
}

int work_commit(struct store *s, int64_t now_s, struct error *err)
{
	int rc = work_fold(s, now_s, err);

	if (rc == 0)
		rc = store_commit(s, err);
	work_abort(s);
	return rc;
}
