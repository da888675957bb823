/*
 * Bringing the database up to this program's version: all steps in one
 * transaction, each recorded, the views made anew. Downgrades are refused: an
 * older program would misread what a newer one wrote.
 */
#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "store/access.h"
#include "store/internal.h"
#include "util/buf.h"

#ifndef DSND_VERSION
#define DSND_VERSION "unknown"
#endif

static int run(struct store *s, const char *sql, struct error *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_error(s, "migrate", err);
	return 0;
}

/* One number out of a query without parameters. */
static int number(struct store *s, const char *sql, int64_t *n_r,
		  struct error *err)
{
	sqlite3_stmt *st = NULL;
	int rc = 0;

	*n_r = 0;
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_ROW)
		rc = store_error(s, sql, err);
	else
		*n_r = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc;
}

#define NOTHING_IN_IT (-1)

/* Asked in one statement: another supervisor may be making the database. */
static const char whose[] =
	"SELECT iif(application_id = 0 AND "
	"           NOT EXISTS (SELECT 1 FROM sqlite_schema), -1, "
	"           application_id) FROM pragma_application_id";

static int refuse_foreign(struct store *s, int64_t version, struct error *err)
{
	int64_t application;

	if (number(s, whose, &application, err))
		return -1;
	if (application != STORE_APPLICATION_ID && application != NOTHING_IN_IT)
		return error_set(
			err, ERROR_FATAL,
			"database %s: not a database of dsnd; database "
			"in dsnd.conf, -c or --db name another",
			s->path);
	if (version > migration_count)
		return error_set(err, ERROR_FATAL,
				 "database %s: has version %lld, this program "
				 "knows %d: " STORE_NEWER,
				 s->path, (long long)version, migration_count);
	return 0;
}

static int note_upgrade(struct store *s, int version, int64_t now_s,
			struct error *err)
{
	sqlite3_stmt *st = NULL;
	int rc = 0;

	if (sqlite3_prepare_v2(s->db, "INSERT INTO upgrade VALUES (?, ?, ?)",
			       -1, &st, NULL) != SQLITE_OK ||
	    sqlite3_bind_int(st, 1, version) != SQLITE_OK ||
	    sqlite3_bind_text(st, 2, DSND_VERSION, -1, SQLITE_STATIC) !=
		    SQLITE_OK ||
	    sqlite3_bind_int64(st, 3, now_s) != SQLITE_OK ||
	    sqlite3_step(st) != SQLITE_DONE)
		rc = store_error(s, "upgrade", err);
	sqlite3_finalize(st);
	return rc;
}

/* Views depend on tables: they go before the steps and come after them. */
static int drop_views(struct store *s, struct error *err)
{
	sqlite3_stmt *st = NULL;
	struct buf sql;
	int rc = 0;

	buf_init(&sql);
	if (sqlite3_prepare_v2(s->db,
			       "SELECT name FROM sqlite_schema "
			       "WHERE type = 'view'",
			       -1, &st, NULL) != SQLITE_OK)
		rc = store_error(s, "views", err);
	while (rc == 0 && sqlite3_step(st) == SQLITE_ROW)
		buf_addf(&sql, "DROP VIEW \"%s\";",
			 (const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	if (rc == 0)
		rc = run(s, sql.data, err);
	buf_release(&sql);
	return rc;
}

/* The reasons are the program's: the views show their advice. */
static int write_reasons(struct store *s, struct error *err)
{
	sqlite3_stmt *st = NULL;
	int rc = run(s, "DELETE FROM reason", err);

	if (rc == 0 &&
	    sqlite3_prepare_v2(s->db, "INSERT INTO reason VALUES (?,?,?,?,?)",
			       -1, &st, NULL) != SQLITE_OK)
		rc = store_error(s, "reasons", err);
	for (enum reason r = 0; rc == 0 && r < REASON_COUNT; r++) {
		const struct reason_info *info = reason_info(r);
		const char *texts[] = {info->name,
				       verdict_class_name(info->class_),
				       verdict_effect_name(info->effect),
				       info->meaning, info->advice};

		for (int i = 0; i < 5; i++)
			sqlite3_bind_text(st, i + 1, texts[i], -1,
					  SQLITE_STATIC);
		if (sqlite3_step(st) != SQLITE_DONE)
			rc = store_error(s, "reasons", err);
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
	return rc;
}

/* Steps may write tables anew that others refer to: looked at when all is. */
static int check_references(struct store *s, struct error *err)
{
	int64_t broken;

	if (number(s, "SELECT count(*) FROM pragma_foreign_key_check", &broken,
		   err))
		return -1;
	if (broken)
		return error_set(err, ERROR_FATAL,
				 "database %s: migrate: %lld rows refer to "
				 "what is not there",
				 s->path, (long long)broken);
	return 0;
}

/* Is everything of ours in it, as it stands in a new database? */
static int compare_schema(struct store *s, struct store *fresh,
			  struct error *err)
{
	sqlite3_stmt *ours = NULL;
	sqlite3_stmt *have = NULL;
	int rc = 0;

	if (sqlite3_prepare_v2(fresh->db,
			       "SELECT type, name, sql FROM sqlite_schema "
			       "WHERE sql IS NOT NULL ORDER BY 1, 2",
			       -1, &ours, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(s->db,
			       "SELECT 1 FROM sqlite_schema WHERE type = ?1 "
			       "AND name = ?2 AND sql = ?3",
			       -1, &have, NULL) != SQLITE_OK)
		rc = store_error(s, "schema", err);
	while (rc == 0 && sqlite3_step(ours) == SQLITE_ROW) {
		for (int i = 0; i < 3; i++)
			sqlite3_bind_value(have, i + 1,
					   sqlite3_column_value(ours, i));
		if (sqlite3_step(have) != SQLITE_ROW)
			rc = error_set(err, ERROR_FATAL,
				       "database %s: was made by no released "
				       "version, or changed by hand (%s %s): "
				       "it cannot be upgraded and is left as "
				       "it is",
				       s->path, sqlite3_column_text(ours, 0),
				       sqlite3_column_text(ours, 1));
		sqlite3_reset(have);
	}
	sqlite3_finalize(have);
	sqlite3_finalize(ours);
	return rc;
}

/* The steps may succeed on what they were not written for. */
static int check_schema(struct store *s, struct error *err)
{
	struct store *fresh = store_connect(
		":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		STORE_READ, err);
	int rc = -1;

	if (fresh && migrate_build(fresh, err) == 0)
		rc = compare_schema(s, fresh, err);
	store_close(fresh);
	return rc;
}

static int upgrade(struct store *s, int64_t version, int64_t now_s,
		   struct error *err)
{
	char sql[64];

	if (refuse_foreign(s, version, err))
		return -1;
	if (version < migration_count) {
		if (drop_views(s, err))
			return -1;
		for (int v = (int)version; v < migration_count; v++)
			if (run(s, (const char *)migration_texts[v], err) ||
			    note_upgrade(s, v + 1, now_s, err))
				return -1;
		snprintf(sql, sizeof(sql),
			 "PRAGMA user_version = %d; PRAGMA application_id = %d",
			 migration_count, STORE_APPLICATION_ID);
		if (run(s, (const char *)views_text, err) || run(s, sql, err) ||
		    check_references(s, err) ||
		    (version > 0 && check_schema(s, err)))
			return -1;
	}
	return write_reasons(s, err);
}

/*
 * Addresses are nobody's business but ours: SQLite alone would let everybody
 * read the file. The files beside it get the mode and the owner of this one.
 */
static int create(const char *path, struct error *err)
{
	int fd;

	if (store_access(path, err) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0)
		return error_errno(err, ERROR_FATAL, "database %s: cannot open",
				   path);
	store_access_give(path, fd);
	close(fd);
	return 0;
}

int migrate_build(struct store *s, struct error *err)
{
	return upgrade(s, 0, 0, err);
}

int migrate_would(struct store *s, struct error *err)
{
	int64_t version;

	if (number(s, "PRAGMA user_version", &version, err))
		return -1;
	if (refuse_foreign(s, version, err))
		return -1;
	return version > 0 ? migration_count - (int)version : 0;
}

/*
 * SQLite does not wait where a reader becomes a writer, as it does here: of two
 * that make a database at once one would fail.
 */
static int use_wal(struct store *s, struct error *err)
{
	static const char sql[] = "PRAGMA journal_mode = WAL";
	int waited_ms = 0;
	int rc;

	while (((rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL)) & 0xff) ==
		       SQLITE_BUSY &&
	       waited_ms < STORE_BUSY_MS)
		waited_ms += sqlite3_sleep(10);
	return rc == SQLITE_OK ? 0 : store_error(s, sql, err);
}

int store_migrate(const char *path, int64_t now_s, struct error *err)
{
	struct store *s;
	int64_t version;
	int rc = -1;

	if (create(path, err))
		return -1;
	s = store_connect(path, SQLITE_OPEN_READWRITE, STORE_WRITE, err);
	if (!s)
		return -1;
	if (number(s, "PRAGMA user_version", &version, err) == 0 &&
	    refuse_foreign(s, version, err) == 0 && use_wal(s, err) == 0 &&
	    run(s, "PRAGMA foreign_keys = OFF", err) == 0 &&
	    store_begin(s, err) == 0) {
		/* Read again: another supervisor may have been faster. */
		rc = number(s, "PRAGMA user_version", &version, err);
		if (rc == 0)
			rc = upgrade(s, version, now_s, err);
		if (rc == 0)
			rc = store_commit(s, err);
		else
			store_rollback(s);
	}
	store_close(s);
	return rc;
}
