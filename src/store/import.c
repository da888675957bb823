/*
 * Lists of other programs become decisions of their own kind, which say that
 * they were imported: whoever looks at an address later sees where it is from.
 */
#include "store/import.h"

#include "store/decision.h"
#include "store/internal.h"

static int run(struct store *s, enum query_id id, struct error *err)
{
	struct query q;

	query_start(&q, s, id);
	return query_run(&q, err);
}

int store_import_begin(struct store *s, struct error *err)
{
	if (run(s, Q_IMPORT_TABLE, err))
		return -1;
	return run(s, Q_IMPORT_CLEAR, err);
}

int store_import_add(struct store *s, const struct store_import_row *row,
		     struct error *err)
{
	const char *folded, *written;
	struct query q;

	arena_reset(&s->scratch);
	if (address_parse(row->address, &s->scratch, &folded, &written, err))
		return -1;
	query_start(&q, s, Q_IMPORT_ADD);
	query_text(&q, folded);
	query_text(&q, row->stream);
	query_text(&q, written);
	query_int(&q, row->at_s);
	query_int(&q, row->until_s);
	query_text(&q, row->note);
	query_text(&q, row->reason);
	return query_run(&q, err);
}

static int count(struct store *s, int64_t *n_r, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_IMPORT_COUNT);
	return query_number(&q, n_r, err) < 0 ? -1 : 0;
}

/* What is known goes; what is left is to be added. */
static int sift(struct store *s, int64_t given, struct store_import_result *r,
		struct error *err)
{
	if (run(s, Q_IMPORT_FORGET_KNOWN, err) || count(s, &r->added, err))
		return -1;
	r->given = given;
	r->known = given - r->added;
	return 0;
}

static int add_row(struct store *s, struct query *q, const char *who,
		   int64_t now_s, struct error *err)
{
	struct decision_row r = {.action = "suppress", .imported = true};
	const char *written;

	r.who = who;
	r.folded = row_text(q);
	r.stream = row_text(q);
	written = row_text(q);
	r.at_s = row_int(q);
	r.until_s = row_int(q);
	r.note = row_text(q);
	r.reason = row_text(q);
	/* A clock of theirs that runs ahead must not begin it later. */
	if (r.at_s == 0 || r.at_s > now_s)
		r.at_s = now_s;
	if (address_ensure(s, r.folded, written, &r.address, err) ||
	    decision_insert(s, &r, err))
		return -1;
	work_refold(s, r.address);
	return 0;
}

static int add_all(struct store *s, const char *who, int64_t now_s,
		   store_progress_fn progress, void *ctx, int64_t total,
		   struct error *err)
{
	int64_t done = 0;
	struct query q;
	int got;

	query_start(&q, s, Q_IMPORT_ROWS);
	while ((got = query_step(&q, err)) == 1) {
		if (add_row(s, &q, who, now_s, err)) {
			query_end(&q);
			return -1;
		}
		if (progress)
			progress(ctx, ++done, total);
	}
	return got;
}

int store_import_apply(struct store *s, const char *who, int64_t now_s,
		       bool dry_run, store_progress_fn progress, void *ctx,
		       struct store_import_result *result_r, struct error *err)
{
	int64_t given;

	/* Once without the lock, for most of it; once more within. */
	if (count(s, &given, err) || sift(s, given, result_r, err))
		return -1;
	if (dry_run || result_r->added == 0)
		return 0;
	if (work_begin(s, err))
		return -1;
	if (sift(s, given, result_r, err) ||
	    add_all(s, who, now_s, progress, ctx, result_r->added, err)) {
		work_abort(s);
		return -1;
	}
	return work_commit(s, now_s, err);
}
