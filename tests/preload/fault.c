/*
 * Makes one call of the C library fail, or kills the process at it: the n-th
 * of its kind since the test began, counted over all processes that were
 * started with this library preloaded. SQLite reaches the disk through the
 * same calls. dsnd-parse starts with an empty environment and is not touched;
 * tests/tools/parser_fault.c stands in for it.
 *
 * Memory is asked for a hundred thousand times, mostly in the same few ways:
 * of those calls the first of each way, told by its callers, is noted.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* The order is known to tests/lib/Fault.pm. */
enum kind {
	KIND_WRITE,
	KIND_SYNC,
	KIND_RENAME,
	KIND_UNLINK,
	KIND_READ,
	KIND_OPEN,
	KIND_TRUNCATE,
	KIND_MKDIR,
	KIND_CONNECT,
	KIND_FORK,
	KIND_MALLOC,
	KIND_COUNT
};

enum mode {
	MODE_COUNT,	 /* only counts */
	MODE_FAIL,	 /* the n-th call fails */
	MODE_KILL,	 /* the process dies before the n-th call */
	MODE_KILL_AFTER, /* the process dies after the n-th call */
	MODE_SHORT,	 /* the n-th call moves half of its bytes */
	MODE_FULL,	 /* from the n-th on no file has room to grow */
};

/* So many callers tell one way of asking for memory from another. */
#define CALLERS 8
#define WAYS 16384

/* The file $DSND_FAULT, shared by all; written and read by Fault.pm. */
struct page {
	int32_t kind;
	int32_t mode;
	int64_t n;
	_Atomic int64_t hits;
	_Atomic int64_t calls[KIND_COUNT];
	_Atomic int64_t ways;
	int64_t first[WAYS]; /* the call of malloc that was the first of each */
	_Atomic uint64_t seen[2 * WAYS];
};

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static struct page *page;

/* By way of an object pointer, as POSIX has dlsym used. */
#define REAL(name, result, ...)                                                \
	static result (*real)(__VA_ARGS__);                                    \
	if (!real)                                                             \
	*(void **)&real = find(#name)

static void *find(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (!f) {
		static const char text[] = "fault: a call is missing\n";

		(void)!write(STDERR_FILENO, text, sizeof text - 1);
		_exit(126);
	}
	return f;
}

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("DSND_FAULT");
	void *frames[1];
	void *map;
	int fd;

	if (!path)
		return;
	/* The first time it loads a library, and asks for memory itself. */
	(void)backtrace(frames, 1);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		   0);
	close(fd);
	if (map != MAP_FAILED)
		page = map;
}

static void die(void)
{
	kill(getpid(), SIGKILL);
}

/* What is to happen to this call: MODE_COUNT is nothing. */
static enum mode due(enum kind kind)
{
	int64_t n;

	if (!page)
		return MODE_COUNT;
	n = atomic_fetch_add(&page->calls[kind], 1) + 1;
	if (page->mode == MODE_COUNT || page->kind != (int32_t)kind)
		return MODE_COUNT;
	if (page->mode == MODE_FULL ? n < page->n : n != page->n)
		return MODE_COUNT;
	atomic_fetch_add(&page->hits, 1);
	if (page->mode == MODE_KILL)
		die();
	return (enum mode)page->mode;
}

/* Is this the first time that it is seen? */
static bool is_new(uint64_t way)
{
	for (size_t i = way % (2 * WAYS);; i = (i + 1) % (2 * WAYS)) {
		uint64_t none = 0;

		if (atomic_compare_exchange_strong(&page->seen[i], &none, way))
			return true;
		if (none == way)
			return false;
	}
}

/* Forked processes lie where their parent lay: addresses can be compared. */
static void note_way(int64_t n)
{
	static bool within;
	void *frames[CALLERS + 2];
	uint64_t way = 1469598103934665603u; /* FNV-1a, an address at once */
	int64_t at;
	int count;

	if (within || atomic_load(&page->ways) >= WAYS)
		return;
	within = true;
	count = backtrace(frames, CALLERS + 2);
	for (int i = 2; i < count; i++)
		way = (way ^ (uintptr_t)frames[i]) * 1099511628211u;
	if (is_new(way | 1)) {
		at = atomic_fetch_add(&page->ways, 1);
		if (at < WAYS)
			page->first[at] = n;
	}
	within = false;
}

static bool fails(enum mode mode)
{
	return mode == MODE_FAIL || mode == MODE_FULL;
}

static int failure(enum mode mode, int error)
{
	errno = mode == MODE_FULL ? ENOSPC : error;
	return -1;
}

static size_t at_most(enum mode mode, size_t n)
{
	return mode == MODE_SHORT && n > 1 ? n / 2 : n;
}

static void after(enum mode mode)
{
	if (mode == MODE_KILL_AFTER)
		die();
}

/* A full disk is no matter to a socket. */
static enum mode due_fd(enum kind kind, int fd)
{
	enum mode mode = due(kind);
	struct stat st;

	if (mode == MODE_FULL && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)))
		return MODE_COUNT;
	return mode;
}

/* ---- Calls that move bytes ---- */

#define MOVES(name, kind, result, parameters, arguments, n)                    \
	result name parameters;                                                \
	result name parameters                                                 \
	{                                                                      \
		enum mode mode = due_fd(kind, fd);                             \
		result rc;                                                     \
                                                                               \
		REAL(name, result, TYPES_##name);                              \
		if (fails(mode))                                               \
			return failure(mode, EIO);                             \
		n = at_most(mode, n);                                          \
		rc = real arguments;                                           \
		after(mode);                                                   \
		return rc;                                                     \
	}

#define TYPES_write int, const void *, size_t
#define TYPES_pwrite64 int, const void *, size_t, off64_t
#define TYPES_pwrite int, const void *, size_t, off_t
#define TYPES_send int, const void *, size_t, int
#define TYPES_read int, void *, size_t
#define TYPES_pread64 int, void *, size_t, off64_t
#define TYPES_pread int, void *, size_t, off_t
#define TYPES_recv int, void *, size_t, int

MOVES(write, KIND_WRITE, ssize_t, (int fd, const void *p, size_t n), (fd, p, n),
      n)
MOVES(pwrite64, KIND_WRITE, ssize_t,
      (int fd, const void *p, size_t n, off64_t at), (fd, p, n, at), n)
MOVES(pwrite, KIND_WRITE, ssize_t, (int fd, const void *p, size_t n, off_t at),
      (fd, p, n, at), n)
MOVES(send, KIND_WRITE, ssize_t, (int fd, const void *p, size_t n, int flags),
      (fd, p, n, flags), n)
MOVES(read, KIND_READ, ssize_t, (int fd, void *p, size_t n), (fd, p, n), n)
MOVES(pread64, KIND_READ, ssize_t, (int fd, void *p, size_t n, off64_t at),
      (fd, p, n, at), n)
MOVES(pread, KIND_READ, ssize_t, (int fd, void *p, size_t n, off_t at),
      (fd, p, n, at), n)
MOVES(recv, KIND_READ, ssize_t, (int fd, void *p, size_t n, int flags),
      (fd, p, n, flags), n)

/* ---- Calls that do or do not ---- */

#define DOES(name, kind, error, parameters, arguments)                         \
	int name parameters;                                                   \
	int name parameters                                                    \
	{                                                                      \
		enum mode mode = due(kind);                                    \
		int rc;                                                        \
                                                                               \
		REAL(name, int, TYPES_##name);                                 \
		if (fails(mode))                                               \
			return failure(mode, error);                           \
		rc = real arguments;                                           \
		after(mode);                                                   \
		return rc;                                                     \
	}

#define TYPES_fsync int
#define TYPES_fdatasync int
#define TYPES_rename const char *, const char *
#define TYPES_renameat int, const char *, int, const char *
#define TYPES_renameat2 int, const char *, int, const char *, unsigned
#define TYPES_link const char *, const char *
#define TYPES_linkat int, const char *, int, const char *, int
#define TYPES_unlink const char *
#define TYPES_unlinkat int, const char *, int
#define TYPES_ftruncate64 int, off64_t
#define TYPES_ftruncate int, off_t
#define TYPES_mkdir const char *, mode_t
#define TYPES_mkdirat int, const char *, mode_t
#define TYPES_connect int, __CONST_SOCKADDR_ARG, socklen_t

DOES(fsync, KIND_SYNC, EIO, (int fd), (fd))
DOES(fdatasync, KIND_SYNC, EIO, (int fd), (fd))
DOES(rename, KIND_RENAME, EIO, (const char *from, const char *to), (from, to))
DOES(renameat, KIND_RENAME, EIO,
     (int a, const char *from, int b, const char *to), (a, from, b, to))
DOES(renameat2, KIND_RENAME, EIO,
     (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags))
DOES(link, KIND_RENAME, EIO, (const char *from, const char *to), (from, to))
DOES(linkat, KIND_RENAME, EIO,
     (int a, const char *from, int b, const char *to, int flags),
     (a, from, b, to, flags))
DOES(unlink, KIND_UNLINK, EIO, (const char *path), (path))
DOES(unlinkat, KIND_UNLINK, EIO, (int fd, const char *path, int flags),
     (fd, path, flags))
DOES(ftruncate64, KIND_TRUNCATE, EIO, (int fd, off64_t n), (fd, n))
DOES(ftruncate, KIND_TRUNCATE, EIO, (int fd, off_t n), (fd, n))
DOES(mkdir, KIND_MKDIR, EIO, (const char *path, mode_t mode_), (path, mode_))
DOES(mkdirat, KIND_MKDIR, EIO, (int fd, const char *path, mode_t mode_),
     (fd, path, mode_))
DOES(connect, KIND_CONNECT, ECONNREFUSED,
     (int fd, __CONST_SOCKADDR_ARG address, socklen_t n), (fd, address, n))

/* ---- Opening: the mode is a variable argument ---- */

static mode_t mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | __O_TMPFILE) ? va_arg(ap, mode_t) : 0;
}

#define OPENS(name)                                                            \
	int name(const char *path, int flags, ...)                             \
	{                                                                      \
		enum mode mode = due(KIND_OPEN);                               \
		mode_t bits;                                                   \
		va_list ap;                                                    \
		int rc;                                                        \
                                                                               \
		REAL(name, int, const char *, int, ...);                       \
		va_start(ap, flags);                                           \
		bits = mode_of(flags, ap);                                     \
		va_end(ap);                                                    \
		if (fails(mode))                                               \
			return failure(mode, EMFILE);                          \
		rc = real(path, flags, bits);                                  \
		after(mode);                                                   \
		return rc;                                                     \
	}

#define OPENS_AT(name)                                                         \
	int name(int fd, const char *path, int flags, ...)                     \
	{                                                                      \
		enum mode mode = due(KIND_OPEN);                               \
		mode_t bits;                                                   \
		va_list ap;                                                    \
		int rc;                                                        \
                                                                               \
		REAL(name, int, int, const char *, int, ...);                  \
		va_start(ap, flags);                                           \
		bits = mode_of(flags, ap);                                     \
		va_end(ap);                                                    \
		if (fails(mode))                                               \
			return failure(mode, EMFILE);                          \
		rc = real(fd, path, flags, bits);                              \
		after(mode);                                                   \
		return rc;                                                     \
	}

OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)

/* ---- The rest ---- */

#define MESSAGES(name, kind, type)                                             \
	ssize_t name(int fd, type *message, int flags)                         \
	{                                                                      \
		enum mode mode = due_fd(kind, fd);                             \
		ssize_t rc;                                                    \
                                                                               \
		REAL(name, ssize_t, int, type *, int);                         \
		if (fails(mode))                                               \
			return failure(mode, EIO);                             \
		rc = real(fd, message, flags);                                 \
		after(mode);                                                   \
		return rc;                                                     \
	}

MESSAGES(sendmsg, KIND_WRITE, const struct msghdr)
MESSAGES(recvmsg, KIND_READ, struct msghdr)

#define VECTORS(name, kind)                                                    \
	ssize_t name(int fd, const struct iovec *v, int n)                     \
	{                                                                      \
		enum mode mode = due_fd(kind, fd);                             \
		ssize_t rc;                                                    \
                                                                               \
		REAL(name, ssize_t, int, const struct iovec *, int);           \
		if (fails(mode))                                               \
			return failure(mode, EIO);                             \
		rc = real(fd, v, n);                                           \
		after(mode);                                                   \
		return rc;                                                     \
	}

VECTORS(writev, KIND_WRITE)
VECTORS(readv, KIND_READ)

pid_t fork(void)
{
	enum mode mode = due(KIND_FORK);
	pid_t pid;

	REAL(fork, pid_t, void);
	if (fails(mode))
		return failure(mode, EAGAIN);
	pid = real();
	if (pid != 0)
		after(mode);
	return pid;
}

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

/* The same for all four of them. */
static bool no_memory_is_due(void)
{
	int64_t n = page ? atomic_load(&page->calls[KIND_MALLOC]) + 1 : 0;
	enum mode mode = due(KIND_MALLOC);

	if (page && page->mode == MODE_COUNT)
		note_way(n);
	return fails(mode);
}

void *malloc(size_t n)
{
	return no_memory_is_due() ? no_memory() : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return no_memory_is_due() ? no_memory() : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return no_memory_is_due() ? no_memory() : __libc_realloc(p, n);
}

void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (no_memory_is_due() || __builtin_mul_overflow(n, size, &bytes))
		return no_memory();
	return __libc_realloc(p, bytes);
}
