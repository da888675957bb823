/*
 * Descriptors, read and written to their end. Interrupted calls and short
 * writes are ordinary here, since every process of ours takes signals.
 */
#include "util/fdio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/xalloc.h"

#define CHUNK_BYTES 65536

void fdio_keep_standard(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			(void)!open("/dev/null",
				    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int fdio_read_all(int fd, size_t max, struct buf *out, struct error *err)
{
	size_t start = out->len;

	for (;;) {
		size_t room = max - (out->len - start);
		ssize_t n;

		/* One byte more than allowed tells "too much" from "all". */
		room = room < CHUNK_BYTES ? room + 1 : CHUNK_BYTES;
		buf_reserve(out, room);
		n = read(fd, out->data + out->len, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, ERROR_FATAL, "cannot read");
		out->len += (size_t)n;
		out->data[out->len] = '\0';
		if (n == 0)
			return 0;
		if (out->len - start > max) {
			buf_truncate(out, start + max);
			return 1;
		}
	}
}

static int read_regular(int fd, size_t max, struct buf *out, struct error *err)
{
	struct stat st;
	int more;

	if (fstat(fd, &st) < 0)
		return error_errno(err, ERROR_FATAL, "cannot stat");
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_FATAL, "not a regular file");
	more = fdio_read_all(fd, max, out, err);
	if (more > 0)
		return error_set(err, ERROR_FATAL, "larger than %zu bytes",
				 max);
	return more;
}

int fdio_read_size(int fd, size_t size, struct buf *out, struct error *err)
{
	while (size > 0) {
		size_t room = size < CHUNK_BYTES ? size : CHUNK_BYTES;
		ssize_t n;

		buf_reserve(out, room);
		n = read(fd, out->data + out->len, room);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, ERROR_FATAL, "cannot read");
		if (n == 0)
			break;
		out->len += (size_t)n;
		out->data[out->len] = '\0';
		size -= (size_t)n;
	}
	return 0;
}

int fdio_read_file(const char *path, size_t max, struct buf *out,
		   struct error *err)
{
	size_t start = out->len;
	int fd, rc;

	/* O_NONBLOCK: opening a FIFO must not wait for its writer. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return error_errno(err, ERROR_FATAL, "%s: cannot open", path);
	rc = read_regular(fd, max, out, err);
	if (rc < 0) {
		buf_truncate(out, start);
		error_wrap(err, "%s", path);
	}
	close(fd);
	return rc;
}

int fdio_write_all(int fd, const void *p, size_t n, struct error *err)
{
	const char *bytes = p;

	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return error_errno(err, ERROR_FATAL, "cannot write");
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

int fdio_sync(int fd, const char *what, struct error *err)
{
	while (fsync(fd) < 0)
		if (errno != EINTR)
			return error_errno(err, ERROR_FATAL, "%s: cannot fsync",
					   what);
	return 0;
}

char *fdio_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return xstrdup(".");
	return xmemdupz(path, slash == path ? 1 : (size_t)(slash - path));
}

int fdio_sync_folder_of(const char *path, struct error *err)
{
	char *folder = fdio_folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = -1;

	if (fd < 0) {
		error_errno(err, ERROR_FATAL, "%s: cannot open", folder);
	} else {
		rc = fdio_sync(fd, folder, err);
		close(fd);
	}
	free(folder);
	return rc;
}

void fdio_give(int fd, const struct stat *folder)
{
	if (geteuid() == 0 && folder->st_uid != 0)
		(void)!fchown(fd, folder->st_uid, folder->st_gid);
}

static int fill_temporary(int fd, mode_t mode, const void *p, size_t n,
			  struct error *err)
{
	if (fchmod(fd, mode) < 0)
		return error_errno(err, ERROR_FATAL, "cannot chmod");
	if (fdio_write_all(fd, p, n, err) < 0)
		return -1;
	return fdio_sync(fd, "temporary file", err);
}

int fdio_replace_file(const char *path, mode_t mode, const void *p, size_t n,
		      struct error *err)
{
	struct buf temporary;
	int fd, rc = -1;

	buf_init(&temporary);
	buf_addf(&temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary.data, O_CLOEXEC);
	if (fd < 0) {
		error_errno(err, ERROR_FATAL, "cannot create %s",
			    temporary.data);
		goto out;
	}
	rc = fill_temporary(fd, mode, p, n, err);
	close(fd);
	if (rc == 0 && rename(temporary.data, path) < 0)
		rc = error_errno(err, ERROR_FATAL, "cannot rename into place");
	if (rc < 0)
		unlink(temporary.data);
	else
		rc = fdio_sync_folder_of(path, err);
out:
	if (rc < 0)
		error_wrap(err, "%s", path);
	buf_release(&temporary);
	return rc;
}

int fdio_set_nonblocking(int fd, struct error *err)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return error_errno(err, ERROR_FATAL,
				   "cannot make a descriptor non-blocking");
	return 0;
}

int64_t fdio_monotonic_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		abort();
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
