/*
 * Folding a crowd, a few at a time. Who is done is known by a row id up to
 * which all are, so that a crash costs one step.
 */
#include "store/refold.h"

#include <string.h>

#include "store/internal.h"

#define FLAGS_FIRST (-1)

static int put(struct store *s, const char *domain, int64_t next,
	       struct error *err)
{
	struct query q;

	query_start(&q, s, Q_REFOLD_PUT);
	query_text(&q, domain);
	query_int(&q, next);
	return query_run(&q, err);
}

int refold_domain(struct store *s, const char *domain, struct error *err)
{
	return put(s, domain, 0, err);
}

int refold_everybody(struct store *s, struct error *err)
{
	return put(s, "", FLAGS_FIRST, err);
}

int refold_waits(struct store *s, int64_t address, struct error *err)
{
	struct query q;
	int64_t one;

	query_start(&q, s, Q_REFOLD_WAITS);
	query_int(&q, address);
	return query_number(&q, &one, err);
}

/* Touches the next ones; *last_r is the last of them, *n_r how many. */
static int touch_next(struct store *s, const char *domain, int64_t after,
		      size_t max, int64_t *last_r, size_t *n_r,
		      struct error *err)
{
	struct query q;
	int got;

	*n_r = 0;
	if (*domain) {
		query_start(&q, s, Q_REFOLD_DOMAIN);
		query_text(&q, domain);
	} else {
		query_start(&q, s, Q_REFOLD_ALL);
	}
	query_int(&q, after);
	query_int(&q, (int64_t)max);
	while ((got = query_step(&q, err)) == 1) {
		*last_r = row_int(&q);
		work_refold(s, *last_r);
		++*n_r;
	}
	return got;
}

static int fold_some(struct store *s, const char *domain, int64_t after,
		     size_t max, struct error *err)
{
	struct query q;
	int64_t last;
	size_t n;

	if (touch_next(s, domain, after, max, &last, &n, err))
		return -1;
	if (n == max)
		return put(s, domain, last, err);
	query_start(&q, s, Q_REFOLD_END);
	query_text(&q, domain);
	return query_run(&q, err);
}

static int step(struct store *s, const char *domain, int64_t next, size_t max,
		int64_t now_s, struct error *err)
{
	int rc;

	if (next == FLAGS_FIRST && ripple_everything(s, now_s, err))
		return -1;
	if (work_begin(s, err))
		return -1;
	rc = next == FLAGS_FIRST ? put(s, domain, 0, err)
				 : fold_some(s, domain, next, max, err);
	if (rc == 0)
		return work_commit(s, now_s, err) ? -1 : 1;
	work_abort(s);
	return -1;
}

int refold_step(struct store *s, size_t max, int64_t now_s, struct error *err)
{
	struct arena arena;
	const char *domain = "";
	int64_t next = 0;
	struct query q;
	int got;

	arena_init(&arena);
	query_start(&q, s, Q_REFOLD_GET);
	got = query_step(&q, err);
	if (got == 1) {
		domain = row_dup(&q, &arena);
		next = row_int(&q);
		query_end(&q);
		got = step(s, domain, next, max, now_s, err);
	}
	arena_release(&arena);
	return got;
}
