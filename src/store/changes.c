/*
 * What changed, for those who keep a list of their own beside ours: not by the
 * time at which something began, which late mail moves into the past, but in
 * the order in which it was recorded.
 */
#include <string.h>

#include "store/internal.h"
#include "store/note.h"
#include "util/buf.h"
#include "util/num.h"

/* A mark is the name of this database, a dash, and a number. */
#define NAME_BYTES 32

static int read_name(struct store *s, char name[NAME_BYTES], struct error *err)
{
	struct buf text;
	int got;

	buf_init(&text);
	got = note_get_text(s, "changes", &text, err);
	snprintf(name, NAME_BYTES, "%s", text.data);
	buf_release(&text);
	return got < 0 ? -1 : 0;
}

static int read_last(struct store *s, int64_t *n_r, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_CHANGES_LAST);
	return query_number(&q, n_r, err) < 0 ? -1 : 0;
}

/* The number of a mark; 0 where it is none. */
static int64_t number_of(const char *mark, const char *name)
{
	size_t n = strlen(name);
	int64_t number;

	if (strncmp(mark, name, n) != 0 || mark[n] != '-' ||
	    num_i64(mark + n + 1, strlen(mark + n + 1), &number) != 0)
		return 0;
	return number;
}

static int read_mark(const char *name, const char *mark, int64_t last,
		     int64_t *n_r, struct error *err)
{
	int64_t n = number_of(mark, name);

	if (n < 1 || n > last)
		return error_set(err, ERROR_MESSAGE,
				 "\"%.80s\" is no mark of this database, or "
				 "from before a backup was put back: begin "
				 "anew without one",
				 mark);
	*n_r = n;
	return 0;
}

/* The rows of one address come one after the other. */
struct gathering {
	struct arena arena;
	char name[NAME_BYTES];
	int64_t n;
	struct store_changed one;
	struct store_suppression *rows;
};

static const char *keep(struct gathering *g, const char *text)
{
	return arena_strdup(&g->arena, text);
}

static void keep_row(struct gathering *g, const struct store_suppression *x)
{
	size_t count = g->one.suppression_count;
	struct store_suppression *rows =
		arena_array(&g->arena, count + 1, sizeof(*rows));
	struct store_suppression *to = &rows[count];

	for (size_t i = 0; i < count; i++)
		rows[i] = g->rows[i];
	*to = *x;
	to->address = g->one.address;
	to->written = g->one.written;
	to->scope = g->one.scope;
	to->stream = keep(g, x->stream);
	to->class_ = keep(g, x->class_);
	to->reason = keep(g, x->reason);
	to->source = keep(g, x->source);
	to->evidence = keep(g, x->evidence);
	to->note = keep(g, x->note);
	g->rows = rows;
	g->one.suppressions = rows;
	g->one.suppression_count = count + 1;
}

static void set_mark(struct gathering *g, int64_t n)
{
	g->one.mark = arena_printf(&g->arena, "%s-%lld", g->name, (long long)n);
}

static void begin_one(struct gathering *g, int64_t n,
		      const struct store_suppression *x)
{
	arena_reset(&g->arena);
	g->n = n;
	g->rows = NULL;
	g->one = (struct store_changed){.address = keep(g, x->address),
					.written = keep(g, x->written),
					.scope = keep(g, x->scope)};
	set_mark(g, n);
}

/* 1 when each has had enough, 0, -1. */
static int each_change(struct gathering *g, struct query *q,
		       store_changed_fn each, void *ctx, struct error *err)
{
	int got;

	while ((got = query_step(q, err)) == 1) {
		int64_t n = row_int(q);
		struct store_suppression x;

		suppression_row(q, &x);
		if (g->n && g->n != n && each(ctx, &g->one)) {
			query_end(q);
			return 1;
		}
		if (g->n != n)
			begin_one(g, n, &x);
		if (*x.source)
			keep_row(g, &x);
	}
	return got;
}

int store_changes(struct store *s, const char *mark, store_changed_fn each,
		  void *ctx, struct error *err)
{
	struct gathering g = {.n = 0};
	int64_t after = 0, last = 0;
	struct query q;
	int rc;

	if (store_begin_read(s, err))
		return -1;
	arena_init(&g.arena);
	rc = read_name(s, g.name, err);
	if (rc == 0)
		rc = read_last(s, &last, err);
	if (rc == 0 && mark)
		rc = read_mark(g.name, mark, last, &after, err);
	if (rc == 0) {
		query_start(&q, s, Q_CHANGES);
		query_int(&q, after);
		rc = each_change(&g, &q, each, ctx, err);
	}
	if (rc == 0 && g.n) {
		/* Who begins need not hear of whom others were told last. */
		set_mark(&g, last);
		each(ctx, &g.one);
	}
	arena_release(&g.arena);
	store_end_read(s);
	return rc < 0 ? -1 : 0;
}

/* ---- What changes.command was told ---- */

int store_told(struct store *s, struct buf *mark, struct error *err)
{
	return note_get_text(s, "changes_told", mark, err) < 0 ? -1 : 0;
}

static int note_failure(struct store *s, const char *why, int64_t now_s,
			struct error *err)
{
	return note_put_text(s, "changes_error", why, err) ||
			       note_put(s, "changes_error_at", &now_s, 1, err)
		       ? -1
		       : 0;
}

/* mark may be NULL: what was told stays as it is. */
static int note_outcome(struct store *s, const char *mark, const char *why,
			int64_t now_s, struct error *err)
{
	if (store_begin(s, err))
		return -1;
	if ((mark && note_put_text(s, "changes_told", mark, err)) ||
	    note_failure(s, why, now_s, err)) {
		store_rollback(s);
		return -1;
	}
	return store_commit(s, err);
}

int store_told_put(struct store *s, const char *mark, struct error *err)
{
	return note_outcome(s, mark, "", 0, err);
}

int store_told_failed(struct store *s, const char *why, int64_t now_s,
		      struct error *err)
{
	return note_outcome(s, NULL, why, now_s, err);
}

static int count_untold(struct store *s, int64_t *count_r, struct error *err)
{
	char name[NAME_BYTES];
	struct query q;
	struct buf mark;
	int rc;

	buf_init(&mark);
	rc = read_name(s, name, err) || store_told(s, &mark, err) ? -1 : 0;
	if (rc == 0) {
		query_start(&q, s, Q_CHANGES_UNTOLD);
		query_int(&q, number_of(mark.data, name));
		rc = query_number(&q, count_r, err) < 0 ? -1 : 0;
	}
	buf_release(&mark);
	return rc;
}

int store_untold(struct store *s, struct store_untold *u, struct error *err)
{
	struct buf why;
	int rc = -1;

	memset(u, 0, sizeof(*u));
	if (store_begin_read(s, err))
		return -1;
	buf_init(&why);
	if (count_untold(s, &u->count, err) == 0 &&
	    note_get_text(s, "changes_error", &why, err) >= 0 &&
	    note_get(s, "changes_error_at", &u->error_s, 1, err) == 0)
		rc = 0;
	snprintf(u->error, sizeof(u->error), "%s", why.data);
	buf_release(&why);
	store_end_read(s);
	return rc;
}
