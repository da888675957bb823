/*
 * One message that makes trouble: the process that tells SQLite a text with
 * $DSND_POISON in it dies of that, or with $DSND_HANG hangs there, at work or,
 * where that is "waits", without; who opens a file with $DSND_UNREAD in its
 * name dies, too; and one with $DSND_STUCK can neither be moved nor removed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sqlite3_stmt;

static bool is_about(const char *variable, const char *text)
{
	const char *word = getenv(variable);

	return word && text && strstr(text, word);
}

/* By way of an object pointer, as POSIX has dlsym used. */
#define REAL(name, result, ...)                                                \
	static result (*real)(__VA_ARGS__);                                    \
	if (!real)                                                             \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

/* Where others want the processor as well, one would look as if it waited. */
#define AT_WORK 4

static void *work(void *unused)
{
	static volatile bool forever = true;

	while (forever)
		;
	return unused;
}

static void die(void)
{
	const char *how = getenv("DSND_HANG");

	if (!how)
		abort();
	if (strcmp(how, "waits") != 0) {
		pthread_t threads[AT_WORK];

		for (int i = 1; i < AT_WORK; i++)
			pthread_create(&threads[i], NULL, work, NULL);
		work(NULL);
	}
	for (;;)
		pause();
}

int openat(int fd, const char *path, int flags, ...)
{
	REAL(openat, int, int, const char *, int, ...);
	va_list rest;
	mode_t mode;

	va_start(rest, flags);
	mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
	va_end(rest);
	if (is_about("DSND_UNREAD", path))
		die();
	return real(fd, path, flags, mode);
}

int sqlite3_bind_text(struct sqlite3_stmt *st, int i, const char *text, int n,
		      void (*done)(void *));
int sqlite3_bind_text(struct sqlite3_stmt *st, int i, const char *text, int n,
		      void (*done)(void *))
{
	REAL(sqlite3_bind_text, int, struct sqlite3_stmt *, int, const char *,
	     int, void (*)(void *));
	if (is_about("DSND_POISON", text))
		die();
	return real(st, i, text, n, done);
}

#define FAILS(name, path, parameters, arguments, ...)                          \
	int name parameters;                                                   \
	int name parameters                                                    \
	{                                                                      \
		REAL(name, int, __VA_ARGS__);                                  \
		if (is_about("DSND_STUCK", path)) {                            \
			errno = EPERM;                                         \
			return -1;                                             \
		}                                                              \
		return real arguments;                                         \
	}

FAILS(renameat, from, (int a, const char *from, int b, const char *to),
      (a, from, b, to), int, const char *, int, const char *)
FAILS(renameat2, from,
      (int a, const char *from, int b, const char *to, unsigned flags),
      (a, from, b, to, flags), int, const char *, int, const char *, unsigned)
FAILS(linkat, from, (int a, const char *from, int b, const char *to, int flags),
      (a, from, b, to, flags), int, const char *, int, const char *, int)
FAILS(unlinkat, path, (int fd, const char *path, int flags), (fd, path, flags),
      int, const char *, int)
