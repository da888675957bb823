/*
 * Messages that nobody could read: their bytes wait here for a better parser,
 * or for a person. Read at last, one leaves and is recorded as if it were new.
 */
#include "store/quarantine.h"

#include "store/internal.h"

int store_quarantine_list(struct store *s, store_quarantined_fn each, void *ctx,
			  struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_QUARANTINE_ROWS);
	while ((got = query_step(&q, err)) == 1) {
		struct store_quarantined row;

		row.id = row_int(&q);
		row.at_s = row_int(&q);
		row.mailbox = row_text(&q);
		row.why = row_text(&q);
		row.bytes = row_int(&q);
		if (each(ctx, &row)) {
			query_end(&q);
			return 0;
		}
	}
	return got;
}

int store_quarantine_read(struct store *s, int64_t id, struct arena *arena,
			  struct store_message *m_r, bool *due_r,
			  const char **why_r, struct buf *bytes,
			  struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_QUARANTINE_READ);
	query_int(&q, id);
	got = query_step(&q, err);
	if (got == 0)
		return error_set(err, ERROR_MESSAGE,
				 "message %lld is not in quarantine; \"dsnctl "
				 "quarantine list\" tells what is",
				 (long long)id);
	if (got < 0)
		return -1;
	m_r->at_s = row_int(&q);
	m_r->mailbox = row_dup(&q, arena);
	m_r->stream = row_dup(&q, arena);
	row_bytes(&q, m_r->key, sizeof(m_r->key));
	*due_r = row_int(&q) != 0;
	*why_r = row_dup(&q, arena);
	row_blob(&q, bytes);
	query_end(&q);
	return 0;
}

/* 1, or 0 where it stays, or is none. */
static int drop(struct store *s, int64_t id, struct error *err)
{
	if (query_do(s, Q_QUARANTINE_DROP, id, err))
		return -1;
	return sqlite3_changes(s->db) > 0;
}

static int refuse_drop(int64_t id, struct error *err)
{
	return error_set(err, ERROR_MESSAGE,
			 "message %lld is not in quarantine, or has not been "
			 "moved out of its mailbox yet: none is dropped",
			 (long long)id);
}

int store_quarantine_drop(struct store *s, const int64_t *ids, size_t n,
			  const struct store_drop *how, size_t *dropped_r,
			  struct error *err)
{
	int got = 0;

	*dropped_r = 0;
	if (store_begin(s, err))
		return -1;
	for (size_t i = 0; got >= 0 && i < n; i++) {
		got = drop(s, ids[i], err);
		if (got == 0 && !how->some)
			got = refuse_drop(ids[i], err);
		*dropped_r += got > 0;
	}
	if (got >= 0 && !how->dry_run)
		return store_commit(s, err);
	store_rollback(s);
	return got < 0 ? -1 : 0;
}

int store_quarantine_leave(struct store *s, int64_t id, struct error *err)
{
	if (query_do(s, Q_QUARANTINE_UNCOUNT, id, err) ||
	    query_do(s, Q_QUARANTINE_LEAVE, id, err))
		return -1;
	/* Counters only grow: what is counted again is told apart. */
	return sqlite3_changes(s->db) == 0
		       ? 0
		       : store_metric_add(s, "reread_total", "", 1, err);
}
