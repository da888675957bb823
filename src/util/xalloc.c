/*
 * Without memory there is nothing useful left to do: the service manager
 * restarts us, and no message is lost, because it leaves its mailbox last.
 */
#include "util/xalloc.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEEP_BYTES (4 * 1024 * 1024)

static void *check(void *p)
{
	static const char text[] = "out of memory\n";

	if (p == NULL) {
		if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
			abort();
		abort();
	}
	return p;
}

void *xmalloc(size_t size)
{
	return check(malloc(size > 0 ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
	return check(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *xrealloc(void *old, size_t size)
{
	return check(realloc(old, size > 0 ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
	if (count == 0 || size == 0)
		return xrealloc(old, 1);
	return check(reallocarray(old, count, size));
}

char *xstrdup(const char *s)
{
	return xmemdupz(s, strlen(s));
}

char *xmemdupz(const void *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		check(NULL);
	copy = xmalloc(n + 1);
	if (n > 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

void xalloc_keep(void)
{
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
}
