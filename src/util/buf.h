#ifndef UTIL_BUF_H
#define UTIL_BUF_H

#include <stddef.h>
#include <string.h>

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
/* For what does not fit: buf_add. */
void buf_add_grown(struct buf *b, const void *p, size_t n);

/* Inline, as most of what is added is short and fits. */
static inline void buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	if (n >= b->cap - b->len) {
		buf_add_grown(b, p, n);
		return;
	}
	memcpy(b->data + b->len, p, n);
	b->len += n;
	b->data[b->len] = '\0';
}

static inline void buf_add_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

static inline void buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_addf(struct buf *b, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Cuts to n bytes where it is longer. */
void buf_truncate(struct buf *b, size_t n);
/* Hands the bytes over: caller frees with free(); b is empty again. */
char *buf_detach(struct buf *b, size_t *len_r);

#endif
