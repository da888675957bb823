/*
 * Folders that others deliver to, read and empty meanwhile: a file that is
 * gone is not our business any more, and what is no file must not hold us up.
 */
#include "mailbox/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/fdio.h"
#include "util/xalloc.h"

/* ---- Names ---- */

static void clear(struct folder_names *n)
{
	while (n->count > 0)
		free(n->names[--n->count]);
	n->at = 0;
}

void folder_names_close(struct folder_names *n)
{
	clear(n);
	if (n->dir)
		closedir(n->dir);
	n->dir = NULL;
}

int folder_names_open(struct folder_names *n, int fd)
{
	/* A second descriptor: readdir has its own place in the folder. */
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	folder_names_close(n);
	if (own < 0)
		return -1;
	n->dir = fdopendir(own);
	if (n->dir)
		return 0;
	close(own);
	return -1;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int fill(struct folder_names *n,
		bool (*is_due)(const void *ctx, const char *name),
		const void *ctx)
{
	struct dirent *entry;

	clear(n);
	while (n->count < FOLDER_WINDOW) {
		errno = 0;
		entry = readdir(n->dir);
		if (!entry && errno != 0)
			return -1;
		if (!entry)
			break;
		if (is_due(ctx, entry->d_name))
			n->names[n->count++] = xstrdup(entry->d_name);
	}
	qsort(n->names, n->count, sizeof *n->names, by_name);
	return n->count > 0;
}

int folder_names_next(struct folder_names *n,
		      bool (*is_due)(const void *ctx, const char *name),
		      const void *ctx, const char **name_r)
{
	if (!n->dir)
		return 0;
	if (n->at == n->count) {
		int rc = fill(n, is_due, ctx);

		if (rc == 0)
			folder_names_close(n);
		if (rc <= 0)
			return rc;
	}
	*name_r = n->names[n->at++];
	return 1;
}

/* ---- Reading ---- */

/* A time of change in the future is a wrong clock and proves nothing. */
static bool came_after(const struct timespec *since, const struct stat *st)
{
	struct timespec now;
	const struct timespec *at = &st->st_ctim;

	if (!since || at->tv_sec < since->tv_sec ||
	    (at->tv_sec == since->tv_sec && at->tv_nsec <= since->tv_nsec))
		return false;
	clock_gettime(CLOCK_REALTIME, &now);
	return at->tv_sec <= now.tv_sec;
}

static int open_file(int fd, const char *name, struct error *err)
{
	/* Neither a link nor a FIFO nor a terminal may hold us up. */
	int file = openat(fd, name,
			  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				  O_CLOEXEC);
	bool its_own = errno == EACCES || errno == EPERM || errno == EIO;

	if (file >= 0 || errno == ENOENT || errno == ELOOP || errno == ENXIO)
		return file;
	error_errno(err, its_own ? ERROR_MESSAGE : ERROR_SOURCE, "cannot open");
	return -2;
}

int folder_read(int fd, const char *name,
		const struct mailbox_settings *settings,
		const struct timespec *since, struct mailbox_message *msg,
		struct buf *bytes, struct error *err)
{
	int file = open_file(fd, name, err);
	size_t before = bytes->len;
	struct stat st;
	int rc = 0;

	if (file < 0)
		return file == -1 ? 0 : -1;
	if (fstat(file, &st) < 0 || !S_ISREG(st.st_mode) ||
	    came_after(since, &st))
		goto out;
	msg->at_s = st.st_mtim.tv_sec;
	msg->size_bytes = (size_t)st.st_size;
	msg->truncated = msg->size_bytes > settings->max_message_bytes;
	rc = fdio_read_size(file,
			    msg->truncated ? settings->max_message_bytes
					   : msg->size_bytes,
			    bytes, err);
	if (rc < 0) {
		buf_truncate(bytes, before);
		if (err)
			err->scope = ERROR_MESSAGE;
		goto out;
	}
	rc = 1;
out:
	close(file);
	return rc;
}

/* ---- Changing ---- */

void folder_give(int parent_fd, int fd)
{
	struct stat st;

	if (fstat(parent_fd, &st) == 0)
		fdio_give(fd, &st);
}

int folder_make(int parent_fd, const char *name, mode_t mode)
{
	int fd, rc;

	if (mkdirat(parent_fd, name, mode | S_IRUSR) < 0)
		return errno == EEXIST ? 0 : -1;
	/* A link that somebody puts in its place must not be followed. */
	fd = openat(parent_fd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	/* The process's umask is not the operator's choice for it. */
	rc = fchmod(fd, mode);
	folder_give(parent_fd, fd);
	close(fd);
	return rc < 0 ? -1 : 1;
}

/* As rename, but fails with EEXIST. */
static int rename_new(int from_fd, const char *from, int to_fd, const char *to)
{
	if (renameat2(from_fd, from, to_fd, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* File systems without that (NFS): a second name, then one less. */
	if (linkat(from_fd, from, to_fd, to, 0) < 0)
		return -1;
	return unlinkat(from_fd, from, 0);
}

static bool same_file(int a_fd, const char *a, int b_fd, const char *b)
{
	struct stat sa, sb;

	return fstatat(a_fd, a, &sa, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(b_fd, b, &sb, AT_SYMLINK_NOFOLLOW) == 0 &&
	       sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

bool folder_is_at(int at_fd, const char *path, int fd)
{
	struct stat there, held;

	/* What cannot be told, a folder above being closed, is no change. */
	if (fstatat(at_fd, path, &there, 0) < 0)
		return errno != ENOENT && errno != ENOTDIR;
	return fstat(fd, &held) < 0 ||
	       (there.st_dev == held.st_dev && there.st_ino == held.st_ino);
}

/* 1 where the source is what ENOENT spoke of, -1 where it was the folder. */
static int who_is_gone(int from_fd, const char *from)
{
	struct stat st;

	if (fstatat(from_fd, from, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : -1;
	errno = ENOENT;
	return -1;
}

int folder_move(int from_fd, const char *from, int to_fd, const char *to)
{
	if (rename_new(from_fd, from, to_fd, to) == 0)
		return 0;
	if (errno == ENOENT)
		return who_is_gone(from_fd, from);
	if (errno != EEXIST)
		return -1;
	/* A crash between the two steps left both names. */
	if (!same_file(from_fd, from, to_fd, to)) {
		errno = EEXIST;
		return -1;
	}
	if (unlinkat(from_fd, from, 0) == 0)
		return 0;
	return errno == ENOENT ? 1 : -1;
}

enum error_scope folder_scope(int error)
{
	return error == ENOENT || error == EROFS || error == ENOSPC ||
			       error == EDQUOT || error == EIO ||
			       error == ESTALE
		       ? ERROR_SOURCE
		       : ERROR_MESSAGE;
}
