/*
 * The thin layer over SQLite's statements: parameters and columns are taken in
 * their order, so that a query and its use can be read side by side.
 */
#include "store/query.h"

#include <string.h>

#include "store/internal.h"

/* A statement that is missing is one nobody could use: SQLite says MISUSE. */
static sqlite3_stmt *prepared(struct store *s, enum query_id id)
{
	if (!s->queries[id])
		sqlite3_prepare_v3(s->db, query_texts[id], -1,
				   SQLITE_PREPARE_PERSISTENT, &s->queries[id],
				   NULL);
	return s->queries[id];
}

void query_start(struct query *q, struct store *s, enum query_id id)
{
	if (s->looks && id != Q_MESSAGE_KNOWN)
		store_look_end(s);
	q->store = s;
	q->st = prepared(s, id);
	q->param = 0;
	q->column = 0;
}

void query_int(struct query *q, int64_t n)
{
	sqlite3_bind_int64(q->st, ++q->param, n);
}

void query_int_or_null(struct query *q, int64_t n)
{
	if (n == 0)
		sqlite3_bind_null(q->st, ++q->param);
	else
		query_int(q, n);
}

void query_text(struct query *q, const char *s)
{
	sqlite3_bind_text(q->st, ++q->param, s ? s : "", -1, SQLITE_STATIC);
}

const char *store_utf8(struct store *s, const char *text)
{
	struct span all = span_of(text);
	const char *clean = text;
	struct buf b;

	if (text_is_utf8(all))
		return text;
	buf_init(&b);
	text_utf8(&b, all);
	clean = arena_memdupz(&s->arena, b.data, b.len);
	buf_release(&b);
	return clean;
}

void query_text_copy(struct query *q, const char *s)
{
	sqlite3_bind_text(q->st, ++q->param, s, -1, SQLITE_TRANSIENT);
}

void query_blob(struct query *q, const void *p, size_t n)
{
	sqlite3_bind_blob64(q->st, ++q->param, p, n, SQLITE_STATIC);
}

void query_end(struct query *q)
{
	sqlite3_reset(q->st);
	sqlite3_clear_bindings(q->st);
}

int query_step(struct query *q, struct error *err)
{
	int rc = sqlite3_step(q->st);

	q->column = 0;
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		store_error(q->store, "query", err);
	query_end(q);
	return rc == SQLITE_DONE ? 0 : -1;
}

int query_run(struct query *q, struct error *err)
{
	int got;

	while ((got = query_step(q, err)) == 1)
		;
	return got;
}

int query_number(struct query *q, int64_t *n_r, struct error *err)
{
	int got = query_step(q, err);

	if (got != 1)
		return got;
	*n_r = row_int(q);
	/* To its end: what RETURNING gives comes before the last checks. */
	return query_run(q, err) ? -1 : 1;
}

int query_do(struct store *s, enum query_id id, int64_t n, struct error *err)
{
	struct query q;

	query_start(&q, s, id);
	query_int(&q, n);
	return query_run(&q, err);
}

int query_ask(struct store *s, enum query_id id, int64_t n, int64_t *number_r,
	      struct error *err)
{
	struct query q;

	query_start(&q, s, id);
	query_int(&q, n);
	return query_number(&q, number_r, err);
}

int query_insert(struct query *q, int64_t *id_r, struct error *err)
{
	if (query_run(q, err))
		return -1;
	if (sqlite3_changes(q->store->db) == 0)
		return 0;
	*id_r = sqlite3_last_insert_rowid(q->store->db);
	return 1;
}

int64_t row_int(struct query *q)
{
	return sqlite3_column_int64(q->st, q->column++);
}

const char *row_text(struct query *q)
{
	const unsigned char *s = sqlite3_column_text(q->st, q->column++);

	return s ? (const char *)s : "";
}

const char *row_dup(struct query *q, struct arena *a)
{
	return arena_strdup(a, row_text(q));
}

void row_bytes(struct query *q, void *p, size_t n)
{
	const void *bytes = sqlite3_column_blob(q->st, q->column);

	if (bytes && (size_t)sqlite3_column_bytes(q->st, q->column) == n)
		memcpy(p, bytes, n);
	else
		memset(p, 0, n);
	q->column++;
}

void row_blob(struct query *q, struct buf *out)
{
	const void *bytes = sqlite3_column_blob(q->st, q->column);

	if (bytes)
		buf_add(out, bytes,
			(size_t)sqlite3_column_bytes(q->st, q->column));
	q->column++;
}

bool row_is_null(struct query *q)
{
	return sqlite3_column_type(q->st, q->column) == SQLITE_NULL;
}

/* What SQLite does not say: "disk I/O error" may be a full disk. */
static const char *more_of(struct store *s, int rc)
{
	int n = sqlite3_system_errno(s->db);

	if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB)
		return STORE_DAMAGED;
	if (rc == SQLITE_BUSY)
		return "another program is writing to it, \"fuser -v\" tells "
		       "which: try again";
	if ((rc == SQLITE_IOERR || rc == SQLITE_CANTOPEN) && n != 0)
		return strerror(n);
	return NULL;
}

int store_error(struct store *s, const char *what, struct error *err)
{
	int rc = sqlite3_errcode(s->db) & 0xff;
	enum error_scope scope = rc == SQLITE_BUSY || rc == SQLITE_LOCKED
					 ? ERROR_SOURCE
					 : ERROR_FATAL;
	const char *more = more_of(s, rc);

	return error_set(err, scope, "database %s: %s: %s%s%s", s->path, what,
			 sqlite3_errmsg(s->db), more ? "; " : "",
			 more ? more : "");
}
