#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "queries.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/error.h"

/*
 * One use of one of the queries in sql/queries: start, bind the parameters in
 * their order, step or run. At its end or an error a query resets itself; one
 * that is left early needs query_end, for a statement that is not reset pins
 * the write-ahead log. The same query is never used twice at a time.
 */

struct store;

extern const char *const query_texts[];

struct query {
	struct store *store;
	sqlite3_stmt *st;
	int param;  /* parameters bound so far */
	int column; /* columns read of this row */
};

void query_start(struct query *q, struct store *s, enum query_id id);
void query_int(struct query *q, int64_t n);
/* The same, but 0 becomes NULL. */
void query_int_or_null(struct query *q, int64_t n);
/* Text is borrowed until the query is reset; NULL stands for "". */
void query_text(struct query *q, const char *s);
void query_text_copy(struct query *q, const char *s); /* not borrowed */
/*
 * What a person typed, as UTF-8: a terminal need not speak it, who reads the
 * views expects it. The text itself, or borrowed from the batch's arena.
 */
const char *store_utf8(struct store *s, const char *text);
void query_blob(struct query *q, const void *p, size_t n);

/* 1 with a row, 0 at the end, -1. */
int query_step(struct query *q, struct error *err);
/* For what gives no row: 0 or -1. */
int query_run(struct query *q, struct error *err);
/* For what gives one number: 1 with it, 0 without a row, -1. */
int query_number(struct query *q, int64_t *n_r, struct error *err);
/*
 * For what inserts one row: 1 with its id, 0 where there was a conflict, -1.
 * RETURNING would do the same by way of a temporary table.
 */
int query_insert(struct query *q, int64_t *id_r, struct error *err);
void query_end(struct query *q);
/* query_run and query_number of what takes one number. */
int query_do(struct store *s, enum query_id id, int64_t n, struct error *err);
int query_ask(struct store *s, enum query_id id, int64_t n, int64_t *number_r,
	      struct error *err);

/* The columns of a row in their order; NULL reads as 0 or "". */
int64_t row_int(struct query *q);
/* Borrowed until the next step. */
const char *row_text(struct query *q);
/* Taken from the arena. */
const char *row_dup(struct query *q, struct arena *a);
/* Copies n bytes; zeroes where the column holds another length. */
void row_bytes(struct query *q, void *p, size_t n);
/* Appends what the column holds. */
void row_blob(struct query *q, struct buf *out);
bool row_is_null(struct query *q); /* does not move on */

/* Sets err from the connection's last error. */
int store_error(struct store *s, const char *what, struct error *err);

#endif
