/*
 * Copies of the database: made while others write, and put back. A copy is
 * one plain file, without a write-ahead log; it is looked at before it gets
 * its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/internal.h"
#include "store/mend.h"
#include "store/migrate.h"
#include "util/buf.h"
#include "util/fdio.h"

#define PAGES_A_STEP 1024

/* The copy is one file from now on. Nothing depends on it yet. */
static const char plain[] = "PRAGMA synchronous = OFF;"
			    "PRAGMA journal_mode = DELETE";

static int copy_pages(struct store *from, sqlite3 *to,
		      const struct store_watch *watch, struct error *err)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from->db, "main");
	int rc = SQLITE_OK;

	if (!b)
		return error_set(err, ERROR_FATAL, "database %s: backup: %s",
				 from->path, sqlite3_errmsg(to));
	while (rc == SQLITE_OK) {
		int total;

		rc = sqlite3_backup_step(b, PAGES_A_STEP);
		total = sqlite3_backup_pagecount(b);
		if (watch && watch->progress)
			watch->progress(watch->ctx,
					total - sqlite3_backup_remaining(b),
					total);
	}
	sqlite3_backup_finish(b);
	if (rc != SQLITE_DONE)
		return error_set(err, ERROR_FATAL, "database %s: backup: %s",
				 from->path, sqlite3_errstr(rc));
	if (sqlite3_exec(to, plain, NULL, NULL, NULL) != SQLITE_OK)
		return error_set(err, ERROR_FATAL, "backup: %s",
				 sqlite3_errmsg(to));
	return 0;
}

/* One moment's content: the snapshot is held while pages are copied. */
static int copy_to(struct store *from, const char *path,
		   const struct store_watch *watch, struct error *err)
{
	sqlite3 *to = NULL;
	int rc = -1;

	if (store_begin_read(from, err))
		return -1;
	if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) !=
	    SQLITE_OK)
		error_set(err, ERROR_FATAL, "%s: %s", path, sqlite3_errmsg(to));
	else
		rc = copy_pages(from, to, watch, err);
	store_end_read(from);
	sqlite3_close(to);
	return rc;
}

/* Fails where the file or a reference in it is not sound. */
static int check_sound(struct store *s, struct error *err)
{
	static const enum query_id checks[] = {Q_VERIFY_INTEGRITY,
					       Q_VERIFY_REFERENCES};

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		struct query q;
		int got;

		query_start(&q, s, checks[i]);
		got = query_step(&q, err);
		if (got == 0)
			continue;
		if (got == 1) {
			row_text(&q);
			error_set(err, ERROR_FATAL, "%s: it is damaged: %s",
				  s->path, row_text(&q));
			query_end(&q);
		}
		return -1;
	}
	return 0;
}

static int check_copy(const char *path, struct error *err)
{
	struct store *s =
		store_connect(path, SQLITE_OPEN_READONLY, STORE_READ, err);
	int rc = s ? check_sound(s, err) : -1;

	store_close(s);
	return rc;
}

/* Its bytes on the disk, its mode, its name; fd is the file's. */
static int place(int fd, const char *temporary, const char *path, mode_t mode,
		 struct error *err)
{
	if (fchmod(fd, mode) != 0)
		return error_errno(err, ERROR_FATAL, "%s: mode", temporary);
	if (fdio_sync(fd, temporary, err))
		return -1;
	if (rename(temporary, path) != 0)
		return error_errno(err, ERROR_FATAL, "%s", path);
	return 0;
}

static int sync_folder(const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	struct buf folder;
	int rc = -1;
	int fd;

	buf_init(&folder);
	if (slash)
		buf_add(&folder, path, (size_t)(slash - path) + 1);
	else
		buf_add_char(&folder, '.');
	fd = open(folder.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		error_errno(err, ERROR_FATAL, "%s", folder.data);
	} else {
		rc = fdio_sync(fd, folder.data, err);
		close(fd);
	}
	buf_release(&folder);
	return rc;
}

/* Copies into a file beside path, looks at it and gives it its name. */
static int copy_and_place(struct store *from, const char *path, mode_t mode,
			  const struct stat *owner,
			  const struct store_watch *watch, struct error *err)
{
	struct buf temporary;
	int rc = -1;
	int fd;

	buf_init(&temporary);
	buf_addf(&temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary.data, O_CLOEXEC);
	if (fd < 0) {
		error_errno(err, ERROR_FATAL, "%s", path);
		goto out;
	}
	if (owner && fchown(fd, owner->st_uid, owner->st_gid) != 0)
		error_errno(err, ERROR_FATAL, "%s: owner", temporary.data);
	else if (copy_to(from, temporary.data, watch, err) == 0 &&
		 check_copy(temporary.data, err) == 0)
		rc = place(fd, temporary.data, path, mode, err);
	if (rc)
		unlink(temporary.data);
	close(fd);
	if (rc == 0)
		rc = sync_folder(path, err);
out:
	buf_release(&temporary);
	return rc;
}

int store_backup(struct store *s, const char *path,
		 const struct store_watch *watch, struct error *err)
{
	struct stat ours, there;
	mode_t mode = 0600;

	if (stat(s->path, &ours) == 0)
		mode = ours.st_mode & 0640;
	else
		return error_errno(err, ERROR_FATAL, "%s", s->path);
	if (stat(path, &there) == 0) {
		if (!S_ISREG(there.st_mode))
			return error_set(err, ERROR_MESSAGE,
					 "%s: is there and is no file", path);
		if (there.st_dev == ours.st_dev && there.st_ino == ours.st_ino)
			return error_set(err, ERROR_MESSAGE,
					 "%s: is the database itself", path);
	}
	return copy_and_place(s, path, mode, NULL, watch, err);
}

/*
 * Whoever has a database open in WAL mode holds a lock on these bytes of it,
 * whatever state the file is in (SQLite's file format, "locking bytes").
 */
static int refuse_in_use(const char *path, struct error *err)
{
	struct flock lock = {.l_type = F_WRLCK,
			     .l_whence = SEEK_SET,
			     .l_start = 0x40000000,
			     .l_len = 512};
	int fd = open(path, O_RDWR | O_CLOEXEC);
	int rc = 0;

	if (fd < 0)
		return errno == ENOENT
			       ? 0
			       : error_errno(err, ERROR_FATAL, "%s", path);
	if (fcntl(fd, F_GETLK, &lock) != 0)
		rc = error_errno(err, ERROR_FATAL, "%s: lock", path);
	else if (lock.l_type != F_UNLCK)
		rc = error_set(err, ERROR_SOURCE,
			       "database %s: process %lld has it open: stop "
			       "dsnd and whoever else uses it",
			       path, (long long)lock.l_pid);
	close(fd);
	return rc;
}

/*
 * Keeps what was there under another name, for whoever wants to look at it.
 * Its log goes first: the copy must never meet it.
 */
static int set_aside(const char *path, const char *aside, struct error *err)
{
	static const char *const parts[] = {"-wal", "-shm"};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < 2; i++) {
		struct buf from, to;

		buf_init(&from);
		buf_init(&to);
		buf_addf(&from, "%s%s", path, parts[i]);
		buf_addf(&to, "%s%s", aside, parts[i]);
		if (rename(from.data, to.data) != 0 && errno != ENOENT)
			rc = error_errno(err, ERROR_FATAL, "%s", from.data);
		buf_release(&to);
		buf_release(&from);
	}
	if (rc == 0 && unlink(aside) != 0 && errno != ENOENT)
		rc = error_errno(err, ERROR_FATAL, "%s", aside);
	/* A second name, so that path is never without a file. */
	if (rc == 0 && link(path, aside) != 0 && errno != ENOENT)
		rc = error_errno(err, ERROR_FATAL, "%s", aside);
	return rc;
}

int store_restore(const char *path, const char *backup, const char *aside,
		  const struct store_watch *watch, struct error *err)
{
	struct store *from;
	struct stat old;
	bool there = stat(path, &old) == 0;
	int rc = -1;

	if (refuse_in_use(path, err))
		return -1;
	from = store_connect(backup, SQLITE_OPEN_READONLY, STORE_READ, err);
	if (!from)
		return -1;
	if (store_check_version(from, true, err) == 0 &&
	    check_sound(from, err) == 0 &&
	    (!there || set_aside(path, aside, err) == 0))
		rc = copy_and_place(from, path,
				    there ? old.st_mode & 07777 : 0640,
				    there ? &old : NULL, watch, err);
	store_close(from);
	return rc;
}
