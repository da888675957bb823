/*
 * Opening and closing. Every connection is set up alike: durable commits, no
 * trust in what the schema says. Who writes has every query prepared, so that
 * a mistake in sql/ shows at the start and not in the night; who asks one
 * question prepares what it asks.
 */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/internal.h"
#include "store/migrate.h"
#include "util/xalloc.h"

#define ASK_BUSY_MS 1000
#define PAGE_BYTES 4096

static const char pragmas[] = "PRAGMA synchronous = FULL;"
			      "PRAGMA foreign_keys = ON;"
			      "PRAGMA trusted_schema = OFF;"
			      "PRAGMA cell_size_check = ON;"
			      "PRAGMA temp_store = MEMORY;"
			      "PRAGMA cache_size = -16384;"
			      "PRAGMA wal_autocheckpoint = 10000;"
			      "PRAGMA journal_size_limit = 67108864;";

static int settle(struct store *s, enum store_mode mode, struct error *err)
{
	int on = 1;

	sqlite3_extended_result_codes(s->db, 1);
	sqlite3_busy_timeout(s->db,
			     mode == STORE_ASK ? ASK_BUSY_MS : STORE_BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	if (mode == STORE_ALONE) {
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
				  NULL);
		sqlite3_exec(s->db, "PRAGMA locking_mode = EXCLUSIVE", NULL,
			     NULL, NULL);
	}
	/* Readers without write access need the -wal and -shm to stay. */
	if (mode == STORE_WRITE)
		sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_PERSIST_WAL,
				     &on);
	if (sqlite3_exec(s->db, pragmas, NULL, NULL, NULL) != SQLITE_OK)
		return store_error(s, "pragma", err);
	return 0;
}

static int pragma_number(struct store *s, const char *sql, int64_t *n_r,
			 struct error *err)
{
	sqlite3_stmt *st = NULL;
	int rc = -1;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW) {
		*n_r = sqlite3_column_int64(st, 0);
		rc = 0;
	} else {
		store_error(s, sql, err);
	}
	sqlite3_finalize(st);
	return rc;
}

int store_check_version(struct store *s, bool older_too, struct error *err)
{
	int64_t version;
	int64_t application;

	if (pragma_number(s, "PRAGMA user_version", &version, err) ||
	    pragma_number(s, "PRAGMA application_id", &application, err))
		return -1;
	if (application != STORE_APPLICATION_ID)
		return error_set(
			err, ERROR_FATAL,
			"database %s: not a database of dsnd; database "
			"in dsnd.conf, -c or --db name another",
			s->path);
	if (version != migration_count &&
	    !(older_too && version < migration_count))
		return error_set(err, ERROR_FATAL,
				 "database %s: has version %lld, this program "
				 "needs %d: %s",
				 s->path, (long long)version, migration_count,
				 version < migration_count
					 ? "start dsnd, which upgrades it"
					 : STORE_NEWER);
	return 0;
}

/* What uses a temporary table is prepared once somebody has made it. */
static int prepare_all(struct store *s, struct error *err)
{
	for (size_t i = 0; i < QUERY_COUNT; i++)
		if (!strstr(query_texts[i], "temp.") &&
		    sqlite3_prepare_v3(s->db, query_texts[i], -1,
				       SQLITE_PREPARE_PERSISTENT,
				       &s->queries[i], NULL) != SQLITE_OK)
			return store_error(s, query_texts[i], err);
	return 0;
}

struct store *store_connect_as(const char *path, const char *name, int flags,
			       enum store_mode mode, struct error *err)
{
	struct store *s = xcalloc(1, sizeof(*s));

	s->path = xstrdup(path);
	arena_init(&s->arena);
	arena_init(&s->scratch);
	touched_init(&s->touched);
	ripple_init(&s->ripple);
	/* No threads: locks and counters for them are left out. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	flags |= SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
	if (sqlite3_open_v2(name, &s->db, flags, NULL) != SQLITE_OK) {
		store_error(s, "open", err);
	} else if (settle(s, mode, err) == 0) {
		return s;
	}
	store_close(s);
	return NULL;
}

struct store *store_connect(const char *path, int flags, enum store_mode mode,
			    struct error *err)
{
	return store_connect_as(path, path, flags, mode, err);
}

/* 0 where there is none: a copy that no dsnd has started on has no log. */
static ino_t log_ino(struct store *s)
{
	const char *name = sqlite3_db_filename(s->db, "main");
	struct stat st;

	if (!name || name[0] == '\0' ||
	    stat(sqlite3_filename_wal(name), &st) < 0)
		return 0;
	return st.st_ino;
}

struct store *store_open(const char *path, enum store_mode mode,
			 const struct policy_settings *policy,
			 struct error *err)
{
	int flags = mode == STORE_WRITE ? SQLITE_OPEN_READWRITE
					: SQLITE_OPEN_READONLY;
	struct store *s = store_connect(path, flags, mode, err);

	if (!s)
		return NULL;
	s->policy = policy;
	if (store_check_version(s, false, err) == 0 &&
	    (mode != STORE_WRITE || prepare_all(s, err) == 0)) {
		s->log_ino = log_ino(s);
		return s;
	}
	store_close(s);
	return NULL;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < QUERY_COUNT; i++)
		sqlite3_finalize(s->queries[i]);
	sqlite3_close(s->db);
	due_release(&s->due);
	ripple_release(&s->ripple);
	touched_release(&s->touched);
	arena_release(&s->scratch);
	arena_release(&s->arena);
	free(s->path);
	free(s);
}

static int exec(struct store *s, const char *sql, struct error *err)
{
	store_look_end(s);
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_error(s, sql, err);
	return 0;
}

int store_begin(struct store *s, struct error *err)
{
	return exec(s, "BEGIN IMMEDIATE", err);
}

int store_begin_read(struct store *s, struct error *err)
{
	struct query q;

	query_start(&q, s, Q_BEGIN_READ);
	return query_run(&q, err);
}

void store_end_read(struct store *s)
{
	struct query q;

	query_start(&q, s, Q_END_READ);
	(void)query_run(&q, NULL);
}

void store_look_end(struct store *s)
{
	if (!s->looks)
		return;
	s->looks = false;
	store_end_read(s);
}

/* Whether the path is a link that leads to another file by now. */
static bool is_elsewhere(struct store *s)
{
	const char *name = sqlite3_db_filename(s->db, "main");
	struct stat there, held;

	if (!name || name[0] == '\0' || stat(name, &held) < 0)
		return false;
	if (stat(s->path, &there) < 0)
		return errno == ENOENT;
	return there.st_dev != held.st_dev || there.st_ino != held.st_ino;
}

/* A file that somebody took away goes on working, and nobody else sees it. */
static int check_in_place(struct store *s, struct error *err)
{
	ino_t log = s->log_ino;
	int moved = 0;

	sqlite3_file_control(s->db, NULL, SQLITE_FCNTL_HAS_MOVED, &moved);
	s->log_ino = log_ino(s);
	if (!moved && !is_elsewhere(s) && (log == 0 || log == s->log_ino))
		return 0;
	return error_set(err, ERROR_FATAL,
			 "database %s: it, or its -wal, was moved, replaced or "
			 "removed while in use: put back what was there, or a "
			 "backup with \"dsnctl restore BACKUP\"",
			 s->path);
}

/* What only a lost file has is not recorded: whoever asks shall do it again. */
int store_commit(struct store *s, struct error *err)
{
	if (exec(s, "COMMIT", err) == 0)
		return check_in_place(s, err);
	store_rollback(s);
	return -1;
}

void store_rollback(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int store_overwrite(struct store *s, struct error *err)
{
	return exec(s, "PRAGMA secure_delete = ON", err);
}

int store_checkpoint(struct store *s, struct error *err)
{
	int written = 0, moved = 0;
	int rc = sqlite3_wal_checkpoint_v2(
		s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &written, &moved);

	if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY)
		return store_error(s, "checkpoint", err);
	s->log_left = written - moved;
	return 0;
}

int64_t store_log_left(const struct store *s)
{
	return s->log_left * PAGE_BYTES;
}
