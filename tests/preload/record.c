/*
 * Writes down what a program does to files below one folder, in order, so that
 * a test can work out what would be left of it after a loss of power. The
 * memory map of SQLite's -shm file is left out: it is made anew after a crash.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define PATH_BYTES 4096

/* Before each record; the path and the data follow. Read by tests/lib/Power.pm.
 */
struct head {
	uint8_t op; /* W write, T truncate, S sync, C create, R rename, U
		       unlink, M mkdir */
	uint8_t unused[3];
	uint32_t path_bytes; /* R: both paths, a NUL between them */
	uint64_t ino;
	uint64_t offset; /* T: the length */
	uint64_t data_bytes;
};

static int out = -1;
static char root[PATH_BYTES];

/* By way of an object pointer, as POSIX has dlsym used. */
#define REAL(name, result, ...)                                                \
	static result (*real)(__VA_ARGS__);                                    \
	if (!real)                                                             \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("DSND_RECORD");
	const char *below = getenv("DSND_RECORD_BELOW");

	if (!path || !below || strlen(below) >= sizeof root)
		return;
	snprintf(root, sizeof root, "%s", below);
	out = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static bool is_below(const char *path)
{
	return out >= 0 && strncmp(path, root, strlen(root)) == 0;
}

/* One write, so that records of several processes do not mix. */
static void record(char op, const char *path, size_t path_bytes, uint64_t ino,
		   uint64_t offset, const void *data, size_t n)
{
	struct head head = {.op = (uint8_t)op,
			    .path_bytes = (uint32_t)path_bytes,
			    .ino = ino,
			    .offset = offset,
			    .data_bytes = n};
	struct iovec parts[] = {
		{&head, sizeof head},
		{(void *)(uintptr_t)path, path_bytes},
		{(void *)(uintptr_t)data, n},
	};
	int saved = errno;

	if (writev(out, parts, 3) != (ssize_t)(sizeof head + path_bytes + n)) {
		static const char text[] = "record: cannot be written\n";

		(void)!write(STDERR_FILENO, text, sizeof text - 1);
		_exit(126);
	}
	errno = saved;
}

/* The absolute path of what dirfd and path name. */
static void resolve(int dirfd, const char *path, char out_r[PATH_BYTES])
{
	char folder[PATH_BYTES] = "";
	char link[64];
	ssize_t n = 0;

	if (path[0] != '/') {
		if (dirfd == AT_FDCWD) {
			if (getcwd(folder, sizeof folder))
				n = (ssize_t)strlen(folder);
		} else {
			snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
			n = readlink(link, folder, sizeof folder - 1);
		}
		folder[n > 0 ? n : 0] = '\0';
	}
	if (snprintf(out_r, PATH_BYTES, "%s%s%s", folder,
		     path[0] == '/' ? "" : "/", path) >= PATH_BYTES)
		out_r[0] = '\0';
}

/* Whether the descriptor is a file or folder below the root; its inode. */
static bool watched(int fd, uint64_t *ino_r)
{
	char path[PATH_BYTES];
	char link[64];
	struct stat st;
	ssize_t n;

	if (out < 0 || fd == out || fstat(fd, &st) < 0 ||
	    !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)))
		return false;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	*ino_r = st.st_ino;
	return is_below(path);
}

ssize_t write(int fd, const void *p, size_t n)
{
	uint64_t ino;
	ssize_t rc;

	REAL(write, ssize_t, int, const void *, size_t);
	rc = real(fd, p, n);
	if (rc > 0 && watched(fd, &ino))
		record('W', "", 0, ino, (uint64_t)(lseek(fd, 0, SEEK_CUR) - rc),
		       p, (size_t)rc);
	return rc;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	uint64_t ino;
	ssize_t rc;

	REAL(pwrite64, ssize_t, int, const void *, size_t, off64_t);
	rc = real(fd, p, n, at);
	if (rc > 0 && watched(fd, &ino))
		record('W', "", 0, ino, (uint64_t)at, p, (size_t)rc);
	return rc;
}

int ftruncate64(int fd, off64_t n)
{
	uint64_t ino;
	int rc;

	REAL(ftruncate64, int, int, off64_t);
	rc = real(fd, n);
	if (rc == 0 && watched(fd, &ino))
		record('T', "", 0, ino, (uint64_t)n, "", 0);
	return rc;
}

static void synced(int fd)
{
	uint64_t ino;

	if (watched(fd, &ino))
		record('S', "", 0, ino, 0, "", 0);
}

int fsync(int fd)
{
	int rc;

	REAL(fsync, int, int);
	rc = real(fd);
	if (rc == 0)
		synced(fd);
	return rc;
}

int fdatasync(int fd)
{
	int rc;

	REAL(fdatasync, int, int);
	rc = real(fd);
	if (rc == 0)
		synced(fd);
	return rc;
}

static void created(int fd, int dirfd, const char *name)
{
	char path[PATH_BYTES];
	struct stat st;

	resolve(dirfd, name, path);
	if (fd >= 0 && is_below(path) && fstat(fd, &st) == 0)
		record('C', path, strlen(path), st.st_ino, 0, "", 0);
}

#define OPENS(name)                                                            \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		mode_t bits = 0;                                               \
		va_list ap;                                                    \
		int fd;                                                        \
                                                                               \
		REAL(name, int, const char *, int, ...);                       \
		va_start(ap, flags);                                           \
		if (flags & O_CREAT)                                           \
			bits = va_arg(ap, mode_t);                             \
		va_end(ap);                                                    \
		fd = real(path, flags, bits);                                  \
		if (flags & O_CREAT)                                           \
			created(fd, AT_FDCWD, path);                           \
		return fd;                                                     \
	}

#define OPENS_AT(name)                                                         \
	int name(int dirfd, const char *path, int flags, ...)                  \
	{                                                                      \
		mode_t bits = 0;                                               \
		va_list ap;                                                    \
		int fd;                                                        \
                                                                               \
		REAL(name, int, int, const char *, int, ...);                  \
		va_start(ap, flags);                                           \
		if (flags & O_CREAT)                                           \
			bits = va_arg(ap, mode_t);                             \
		va_end(ap);                                                    \
		fd = real(dirfd, path, flags, bits);                           \
		if (flags & O_CREAT)                                           \
			created(fd, dirfd, path);                              \
		return fd;                                                     \
	}

OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)

int mkostemp(char *path, int flags)
{
	int fd;

	REAL(mkostemp, int, char *, int);
	fd = real(path, flags);
	created(fd, AT_FDCWD, path);
	return fd;
}

static void renamed(int from_fd, const char *from, int to_fd, const char *to)
{
	char paths[2 * PATH_BYTES];
	char path[PATH_BYTES];
	struct stat st;
	size_t n;

	resolve(from_fd, from, paths);
	n = strlen(paths) + 1;
	resolve(to_fd, to, path);
	if (!is_below(path) || lstat(path, &st) < 0)
		return;
	memcpy(paths + n, path, strlen(path));
	record('R', paths, n + strlen(path), st.st_ino, 0, "", 0);
}

int rename(const char *from, const char *to)
{
	int rc;

	REAL(rename, int, const char *, const char *);
	rc = real(from, to);
	if (rc == 0)
		renamed(AT_FDCWD, from, AT_FDCWD, to);
	return rc;
}

int renameat2(int from_fd, const char *from, int to_fd, const char *to,
	      unsigned flags)
{
	int rc;

	REAL(renameat2, int, int, const char *, int, const char *, unsigned);
	rc = real(from_fd, from, to_fd, to, flags);
	if (rc == 0)
		renamed(from_fd, from, to_fd, to);
	return rc;
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	char path[PATH_BYTES];
	struct stat st;
	int rc;

	REAL(linkat, int, int, const char *, int, const char *, int);
	rc = real(from_fd, from, to_fd, to, flags);
	resolve(to_fd, to, path);
	if (rc == 0 && is_below(path) && lstat(path, &st) == 0)
		record('C', path, strlen(path), st.st_ino, 0, "", 0);
	return rc;
}

int unlinkat(int dirfd, const char *name, int flags)
{
	char path[PATH_BYTES];
	int rc;

	REAL(unlinkat, int, int, const char *, int);
	rc = real(dirfd, name, flags);
	resolve(dirfd, name, path);
	if (rc == 0 && is_below(path))
		record('U', path, strlen(path), 0, 0, "", 0);
	return rc;
}

int unlink(const char *name)
{
	return unlinkat(AT_FDCWD, name, 0);
}

int mkdirat(int dirfd, const char *name, mode_t mode)
{
	char path[PATH_BYTES];
	struct stat st;
	int rc;

	REAL(mkdirat, int, int, const char *, mode_t);
	rc = real(dirfd, name, mode);
	resolve(dirfd, name, path);
	if (rc == 0 && is_below(path) && lstat(path, &st) == 0)
		record('M', path, strlen(path), st.st_ino, 0, "", 0);
	return rc;
}
