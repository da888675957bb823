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

#include "store/access.h"
#include "store/internal.h"
#include "store/mend.h"
#include "store/migrate.h"
#include "util/buf.h"
#include "util/fdio.h"

#define PAGES_A_STEP 1024

/* The copy is one file from now on. Nothing depends on it yet. */
static const char plain[] = "PRAGMA synchronous = OFF;"
			    "PRAGMA journal_mode = DELETE";

/* What is put back is another database to those who follow its changes. */
static const char renamed[] =
	"PRAGMA synchronous = OFF;"
	"PRAGMA journal_mode = DELETE;"
	"UPDATE setting SET value = lower(hex(randomblob(4))) "
	"WHERE name = 'changes'";

static int copy_pages(struct store *from, sqlite3 *to, const char *finish,
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
	if (sqlite3_exec(to, finish, NULL, NULL, NULL) != SQLITE_OK)
		return error_set(err, ERROR_FATAL, "backup: %s",
				 sqlite3_errmsg(to));
	return 0;
}

/*
 * 1, 0, or -1 with errno. How such a file begins, and STORE_APPLICATION_ID in
 * it: SQLite's fileformat2.html 1.3.
 */
static int is_ours(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char front[72];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, front, sizeof(front));
	close(fd);
	if (n < 0)
		return -1;
	return n == sizeof(front) && memcmp(front, magic, sizeof(magic)) == 0 &&
	       memcmp(front + 68, "dsnd", 4) == 0;
}

/* One moment's content: the snapshot is held while pages are copied. */
static int copy_to(struct store *from, const char *path, const char *finish,
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
		rc = copy_pages(from, to, finish, watch, err);
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

/* A copy that is whole and on the disk, but has not got its name yet. */
struct copy {
	struct buf name;
	const char *finish; /* what makes it what it is for */
	int fd;		    /* -1: there is none */
};

#define SUFFIX ".XXXXXX"
#define SUFFIX_LENGTH (sizeof(SUFFIX) - 1)

static void copy_start(struct copy *c, const char *path, const char *finish)
{
	c->finish = finish;
	buf_init(&c->name);
	buf_addf(&c->name, "%s" SUFFIX, path);
	c->fd = -1;
}

static void copy_end(struct copy *c)
{
	if (c->fd >= 0) {
		unlink(c->name.data);
		close(c->fd);
	}
	buf_release(&c->name);
}

/* Copies into a file beside the place it is for, and looks at it. */
static int copy_make(struct copy *c, struct store *from, mode_t mode,
		     const struct stat *owner, const struct store_watch *watch,
		     struct error *err)
{
	c->fd = mkostemp(c->name.data, O_CLOEXEC);
	if (c->fd < 0)
		return error_errno(
			err, ERROR_FATAL, "%.*s: cannot make a file beside it",
			(int)(c->name.len - SUFFIX_LENGTH), c->name.data);
	if (owner && fchown(c->fd, owner->st_uid, owner->st_gid) != 0)
		return error_errno(err, ERROR_FATAL, "%s: owner", c->name.data);
	if (copy_to(from, c->name.data, c->finish, watch, err) ||
	    check_copy(c->name.data, err))
		return -1;
	if (fchmod(c->fd, mode) != 0)
		return error_errno(err, ERROR_FATAL, "%s: mode", c->name.data);
	return fdio_sync(c->fd, c->name.data, err);
}

static int copy_place(struct copy *c, const char *path, struct error *err)
{
	if (rename(c->name.data, path) != 0)
		return error_errno(err, ERROR_FATAL, "%s", path);
	close(c->fd);
	c->fd = -1;
	return fdio_sync_folder_of(path, err);
}

/* A new name, an empty file, or a copy: nothing else is written over. */
static int refuse_other_file(const char *path, off_t size, struct error *err)
{
	int is = size == 0 ? 1 : is_ours(path);

	if (is > 0)
		return 0;
	if (is < 0)
		return error_errno(err, ERROR_MESSAGE, "%s", path);
	return error_set(err, ERROR_MESSAGE,
			 "%s: is there and is no copy of a database of dsnd: "
			 "it is left as it is; name another file",
			 path);
}

int store_backup(struct store *s, const char *path,
		 const struct store_watch *watch, struct error *err)
{
	struct stat ours, there;
	mode_t mode = 0600;
	struct copy copy;
	int rc;

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
		if (refuse_other_file(path, there.st_size, err) < 0)
			return -1;
	}
	copy_start(&copy, path, plain);
	rc = copy_make(&copy, s, mode, NULL, watch, err);
	if (rc == 0)
		rc = copy_place(&copy, path, err);
	copy_end(&copy);
	return rc;
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

/* What SQLite keeps beside a database and takes for a part of it. */
static const char *const logs[] = {"-journal", "-wal", "-shm"};
#define LOGS (sizeof(logs) / sizeof(*logs))

/* to NULL removes them. One that is not there is none to move. */
static int move_logs(const char *from, const char *to, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < LOGS; i++) {
		struct buf old, new;
		int moved;

		buf_init(&old);
		buf_init(&new);
		buf_addf(&old, "%s%s", from, logs[i]);
		buf_addf(&new, "%s%s", to ? to : "", logs[i]);
		moved = to ? rename(old.data, new.data) : unlink(old.data);
		if (moved != 0 && errno != ENOENT)
			rc = error_errno(err, ERROR_FATAL, "%s", old.data);
		buf_release(&new);
		buf_release(&old);
	}
	return rc;
}

/*
 * Keeps what was there under another name, for whoever wants to look at it;
 * its log goes with it: the copy must never meet it.
 */
static int set_aside(const char *path, const struct stat *old,
		     const char *aside, struct error *err)
{
	struct stat kept;
	bool is_kept = stat(aside, &kept) == 0 && kept.st_dev == old->st_dev &&
		       kept.st_ino == old->st_ino;

	/* It is kept where a restore was killed: the log may be there too. */
	if (!is_kept) {
		/* A second name, so that path is never without a file. */
		if (link(path, aside) != 0)
			return error_errno(err, ERROR_FATAL, "%s", aside);
		if (move_logs(aside, NULL, err))
			return -1;
	}
	return move_logs(path, aside, err);
}

/* In its place from now on; where that fails, what was there has its log. */
static int replace(struct copy *c, const char *path, const struct stat *old,
		   const char *aside, struct error *err)
{
	/* Copying takes its time: somebody may have come. */
	if (refuse_in_use(path, err))
		return -1;
	if (old ? set_aside(path, old, aside, err) : move_logs(path, NULL, err))
		return -1;
	if (copy_place(c, path, err) == 0)
		return 0;
	if (old && c->fd >= 0)
		(void)move_logs(aside, path, NULL);
	return -1;
}

/* SQLite would speak of it as of the database. */
static int check_backup(const char *path, struct error *err)
{
	int is = is_ours(path);

	if (is < 0)
		return error_errno(err, ERROR_MESSAGE, "backup %s", path);
	return is ? 0
		  : error_set(err, ERROR_MESSAGE,
			      "backup %s: is no copy of a database of dsnd",
			      path);
}

/* NULL where it is not sound, or newer than this program. */
static struct store *open_backup(const char *path, struct error *err)
{
	struct store *s =
		store_connect(path, SQLITE_OPEN_READONLY, STORE_READ, err);

	if (s && store_check_version(s, true, err) == 0 &&
	    check_sound(s, err) == 0)
		return s;
	store_close(s);
	error_wrap(err, "the backup cannot be used, nothing was changed");
	return NULL;
}

/* What is there is not touched until the copy is ready; it may be the backup.
 */
int store_restore(const char *path, const char *backup, const char *aside,
		  const struct store_watch *watch, struct error *err)
{
	struct store *from;
	struct copy copy;
	struct stat old;
	bool there = stat(path, &old) == 0;
	int rc;

	if (check_backup(backup, err) || refuse_in_use(path, err))
		return -1;
	from = open_backup(backup, err);
	if (!from)
		return -1;
	copy_start(&copy, path, renamed);
	rc = copy_make(&copy, from, there ? old.st_mode & 07777 : 0640,
		       there ? &old : NULL, watch, err);
	store_close(from);
	if (rc == 0 && !there)
		store_access_give(path, copy.fd);
	if (rc == 0)
		rc = replace(&copy, path, there ? &old : NULL, aside, err);
	copy_end(&copy);
	return rc;
}
