#ifndef PARSER_WIRE_IO_H
#define PARSER_WIRE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/buf.h"
#include "util/text.h"

/*
 * The smallest things that go over the wire. Reading is sticky: the first
 * value that is not right sets bad, and from then on everything reads as 0 or
 * "", so that a reader checks once at its end (and before it allocates).
 */
struct wire_in {
	const unsigned char *p;
	size_t n;
	bool bad;
};

/* The lowest bytes of v at p. */
void wire_format(char *p, unsigned bytes, uint64_t v);
void wire_put_u8(struct buf *out, unsigned v);
void wire_put_u16(struct buf *out, unsigned v);
void wire_put_u32(struct buf *out, uint32_t v);
void wire_put_u64(struct buf *out, uint64_t v);
void wire_put_i64(struct buf *out, int64_t v);
void wire_put_bytes(struct buf *out, struct span s);
/* At most max bytes of s (NULL: ""); returns false where it was cut. */
bool wire_put_text(struct buf *out, const char *s, size_t max);

/* A number in 0..max. */
uint64_t wire_take_u64(struct wire_in *in, uint64_t max);
uint32_t wire_take_u32(struct wire_in *in, uint32_t max);
unsigned wire_take_u16(struct wire_in *in, unsigned max);
unsigned wire_take_u8(struct wire_in *in, unsigned max);
bool wire_take_bool(struct wire_in *in);
/* A number in min..max. */
int64_t wire_take_i64(struct wire_in *in, int64_t min, int64_t max);
/* Any bytes, at most max; copied into the arena. */
struct span wire_take_bytes(struct wire_in *in, struct arena *arena,
			    size_t max);
/*
 * A text of at most max bytes: UTF-8 without control characters (C0, DEL,
 * C1). Never NULL; copied into the arena.
 */
const char *wire_take_text(struct wire_in *in, struct arena *arena, size_t max);

#endif
