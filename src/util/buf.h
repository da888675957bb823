#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include <stddef.h>

/*
 * A growing byte buffer. data is never NULL after buf_init and always ends in
 * a NUL that len does not count. Bytes may contain NULs.
 */
struct buf {
	char *data;
	size_t len;
	size_t cap;
};

void buf_init(struct buf *b);
/* Frees the bytes; the buffer may be used again after buf_init. */
void buf_release(struct buf *b);
/* Empties it, keeps the memory. */
void buf_reset(struct buf *b);
void buf_reserve(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_add_str(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Cuts to n bytes where it is longer. */
void buf_truncate(struct buf *b, size_t n);
/* Hands the bytes over: caller frees with free(); b is empty again. */
char *buf_detach(struct buf *b, size_t *len_r);

#endif
