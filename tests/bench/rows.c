/* The floor of the store: the rows it ends with, and nothing else. */
#include "bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/xalloc.h"

#define MAX_TABLES 64

/* One table: its rows, read one after another, go into the other database. */
struct table {
	sqlite3_stmt *read, *insert;
	int64_t rows, done;
	int columns;
};

/* What store_open sets; foreign keys are left out, which only helps the floor.
 */
static const char pragmas[] =
	"PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
	"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;"
	"PRAGMA wal_autocheckpoint = 10000;";

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		bench_fail(sql, sqlite3_errmsg(db));
	return st;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bench_fail(sql, sqlite3_errmsg(db));
}

static void table_open(struct table *t, sqlite3 *from, sqlite3 *to,
		       const char *name)
{
	sqlite3_stmt *count;
	struct buf sql;

	buf_init(&sql);
	buf_addf(&sql, "SELECT count(*) FROM \"%s\"", name);
	count = prepare(from, sql.data);
	sqlite3_step(count);
	t->rows = sqlite3_column_int64(count, 0);
	t->done = 0;
	sqlite3_finalize(count);
	buf_reset(&sql);
	buf_addf(&sql, "SELECT * FROM \"%s\"", name);
	t->read = prepare(from, sql.data);
	t->columns = sqlite3_column_count(t->read);
	buf_reset(&sql);
	buf_addf(&sql, "INSERT INTO \"%s\" VALUES (?1", name);
	for (int i = 1; i < t->columns; i++)
		buf_addf(&sql, ", ?%d", i + 1);
	buf_add_str(&sql, ")");
	t->insert = prepare(to, sql.data);
	buf_release(&sql);
}

static void copy_row(struct table *t, sqlite3 *to)
{
	if (sqlite3_step(t->read) != SQLITE_ROW)
		bench_fail("rows", "fewer than were counted");
	for (int i = 0; i < t->columns; i++)
		sqlite3_bind_value(t->insert, i + 1,
				   sqlite3_column_value(t->read, i));
	if (sqlite3_step(t->insert) != SQLITE_DONE)
		bench_fail("insert", sqlite3_errmsg(to));
	sqlite3_reset(t->insert);
	t->done++;
}

static size_t tables_open(struct table *tables, sqlite3 *from, sqlite3 *to)
{
	sqlite3_stmt *st = prepare(
		from, "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
		      "name NOT LIKE 'sqlite%' ORDER BY rowid");
	size_t n = 0;

	while (n < MAX_TABLES && sqlite3_step(st) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(st, 0);
		struct buf clear;

		buf_init(&clear);
		buf_addf(&clear, "DELETE FROM \"%s\"", name);
		run(to, clear.data);
		buf_release(&clear);
		table_open(&tables[n++], from, to, name);
	}
	sqlite3_finalize(st);
	return n;
}

static sqlite3 *open_database(const char *path)
{
	sqlite3 *db;

	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_open_v2(path, &db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
			    NULL) != SQLITE_OK)
		bench_fail(path, sqlite3_errmsg(db));
	run(db, pragmas);
	return db;
}

/* A transaction of the floor: each table's share of what is left. */
static void copy_batch(struct table *tables, size_t n, sqlite3 *to,
		       size_t batch, size_t batches)
{
	run(to, "BEGIN IMMEDIATE");
	for (size_t i = 0; i < n; i++) {
		int64_t until = tables[i].rows * (int64_t)(batch + 1) /
				(int64_t)batches;

		while (tables[i].done < until)
			copy_row(&tables[i], to);
	}
	run(to, "COMMIT");
}

void bench_insert_rows(const char *from, const char *to, size_t batches)
{
	sqlite3 *source = open_database(from), *target = open_database(to);
	struct table *tables = xcalloc(MAX_TABLES, sizeof *tables);
	size_t n = tables_open(tables, source, target);

	for (size_t i = 0; i < batches; i++)
		copy_batch(tables, n, target, i, batches);
	for (size_t i = 0; i < n; i++) {
		sqlite3_finalize(tables[i].read);
		sqlite3_finalize(tables[i].insert);
	}
	free(tables);
	sqlite3_close(source);
	sqlite3_close(target);
}
