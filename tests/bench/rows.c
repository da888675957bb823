/*
 * The floor of the store: the rows that it ends with, inserted in the order of
 * the messages, with what store_open sets, and nothing else done. Triggers and
 * foreign keys are the schema's.
 */
#include "bench.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "util/xalloc.h"

#define MAX_TABLES 64

/* One table: its rows, read one after another, go into the other database. */
struct table {
	sqlite3_stmt *read, *insert;
	sqlite3_value **values; /* of a batch, read before the clock runs */
	size_t batch_rows;
	int64_t rows, done;
	size_t lead; /* batches that it is ahead of those that refer to it */
	int columns;
};

static const char pragmas[] =
	"PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;"
	"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	"PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;"
	"PRAGMA wal_autocheckpoint = 10000;"
	"PRAGMA journal_size_limit = 67108864;";

/* What others refer to comes first; of the rest each batch has its share. */
static const struct order {
	const char *table;
	size_t lead;
	const char *by; /* NULL: its own order is that of the messages */
} orders[] = {
	{"metric", SIZE_MAX, NULL},
	{"rule_set", SIZE_MAX, NULL},
	{"message", 8, NULL},
	{"address", 8, NULL},
	{"fact", 4, NULL},
	{"decision", 4, NULL},
	{"suppression", 0, "max(address, coalesce(fact, 0))"},
	{"domain_event", 0, "address"},
};

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

static int64_t count_rows(sqlite3 *db, const char *name)
{
	struct buf sql;
	sqlite3_stmt *st;
	int64_t n;

	buf_init(&sql);
	buf_addf(&sql, "SELECT count(*) FROM \"%s\"", name);
	st = prepare(db, sql.data);
	sqlite3_step(st);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	buf_release(&sql);
	return n;
}

static void table_open(struct table *t, sqlite3 *from, sqlite3 *to,
		       const char *name)
{
	struct buf sql;

	buf_init(&sql);
	memset(t, 0, sizeof *t);
	t->rows = count_rows(from, name);
	buf_addf(&sql, "SELECT * FROM \"%s\"", name);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		if (strcmp(name, orders[i].table) != 0)
			continue;
		t->lead = orders[i].lead;
		if (orders[i].by)
			buf_addf(&sql, " ORDER BY %s", orders[i].by);
	}
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

/* Reads a table's share of what is left. */
static void read_rows(struct table *t, size_t batch, size_t batches)
{
	size_t ahead =
		batches - batch - 1 < t->lead ? batches - batch - 1 : t->lead;
	int64_t until =
		t->rows * (int64_t)(batch + 1 + ahead) / (int64_t)batches;

	t->batch_rows = (size_t)(until - t->done);
	t->values = xcalloc(t->batch_rows * (size_t)t->columns + 1,
			    sizeof(sqlite3_value *));
	for (size_t i = 0; t->done < until; t->done++) {
		if (sqlite3_step(t->read) != SQLITE_ROW)
			bench_fail("rows", "fewer than were counted");
		for (int k = 0; k < t->columns; k++)
			t->values[i++] = sqlite3_value_dup(
				sqlite3_column_value(t->read, k));
	}
}

static void insert_rows(struct table *t, sqlite3 *to)
{
	for (size_t i = 0; i < t->batch_rows; i++) {
		sqlite3_value **row = &t->values[i * (size_t)t->columns];

		for (int k = 0; k < t->columns; k++)
			sqlite3_bind_value(t->insert, k + 1, row[k]);
		if (sqlite3_step(t->insert) != SQLITE_DONE)
			bench_fail("insert", sqlite3_errmsg(to));
		sqlite3_reset(t->insert);
	}
}

static void forget_rows(struct table *t)
{
	for (size_t i = 0; i < t->batch_rows * (size_t)t->columns; i++)
		sqlite3_value_free(t->values[i]);
	free(t->values);
}

static void copy_batch(struct table *tables, size_t n, sqlite3 *to,
		       struct clocks *sum)
{
	struct clocks before = clocks_read();

	run(to, "BEGIN IMMEDIATE");
	/* Some tables refer to one that comes after them here. */
	run(to, "PRAGMA defer_foreign_keys = ON");
	for (size_t i = 0; i < n; i++)
		insert_rows(&tables[i], to);
	run(to, "COMMIT");
	clocks_add(sum, before);
}

struct clocks bench_insert_rows(const char *from, const char *to,
				size_t batches)
{
	sqlite3 *source = open_database(from), *target = open_database(to);
	struct table *tables = xcalloc(MAX_TABLES, sizeof *tables);
	size_t n = tables_open(tables, source, target);
	struct clocks sum = {0}, before;

	run(target, "PRAGMA foreign_keys = ON");
	for (size_t batch = 0; batch < batches; batch++) {
		for (size_t i = 0; i < n; i++)
			read_rows(&tables[i], batch, batches);
		copy_batch(tables, n, target, &sum);
		for (size_t i = 0; i < n; i++)
			forget_rows(&tables[i]);
	}
	for (size_t i = 0; i < n; i++) {
		sqlite3_finalize(tables[i].read);
		sqlite3_finalize(tables[i].insert);
	}
	free(tables);
	sqlite3_close(source);
	before = clocks_read();
	sqlite3_close(target);
	clocks_add(&sum, before);
	return sum;
}
