#ifndef UTIL_XALLOC_H
#define UTIL_XALLOC_H

#include <stddef.h>

/*
 * Allocation that cannot fail: without memory the process aborts. Sizes that
 * come from mail or from a file are capped by the caller first. The caller
 * frees with free().
 */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *old, size_t size);
/* Aborts as well when count * size overflows. */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *s);
char *xmemdupz(const void *p, size_t n); /* n bytes and a NUL */
/*
 * For a process that works on one message after the other: some MiB of what it
 * frees stay its own. Without this the C library gives them back to the kernel
 * after each message, and each page costs a fault when the next one takes it.
 */
void xalloc_keep(void);

#endif
