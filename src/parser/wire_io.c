/*
 * Numbers and texts of the wire. The only place that looks at bytes of a
 * frame; everything above it sees values that were checked.
 */
#include "parser/wire_io.h"

void wire_format(char *p, unsigned bytes, uint64_t v)
{
	for (unsigned i = 0; i < bytes; i++)
		p[i] = (char)(unsigned char)(v >> (8 * (bytes - 1 - i)));
}

static void put_number(struct buf *out, uint64_t v, unsigned bytes)
{
	char p[8];

	wire_format(p, bytes, v);
	buf_add(out, p, bytes);
}

void wire_put_u8(struct buf *out, unsigned v)
{
	put_number(out, v, 1);
}

void wire_put_u16(struct buf *out, unsigned v)
{
	put_number(out, v, 2);
}

void wire_put_u32(struct buf *out, uint32_t v)
{
	put_number(out, v, 4);
}

void wire_put_u64(struct buf *out, uint64_t v)
{
	put_number(out, v, 8);
}

void wire_put_i64(struct buf *out, int64_t v)
{
	put_number(out, (uint64_t)v, 8);
}

void wire_put_bytes(struct buf *out, struct span s)
{
	put_number(out, s.n, 4);
	buf_add(out, s.p, s.n);
}

bool wire_put_text(struct buf *out, const char *s, size_t max)
{
	struct span whole = span_of(s);
	struct span cut = text_cut_utf8(whole, max);

	wire_put_bytes(out, cut);
	return cut.n == whole.n;
}

static uint64_t take_number(struct wire_in *in, unsigned bytes)
{
	uint64_t v = 0;

	if (in->bad || in->n < bytes) {
		in->bad = true;
		return 0;
	}
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | in->p[i];
	in->p += bytes;
	in->n -= bytes;
	return v;
}

static uint64_t take_up_to(struct wire_in *in, unsigned bytes, uint64_t max)
{
	uint64_t v = take_number(in, bytes);

	if (v <= max)
		return v;
	in->bad = true;
	return 0;
}

uint64_t wire_take_u64(struct wire_in *in, uint64_t max)
{
	return take_up_to(in, 8, max);
}

uint32_t wire_take_u32(struct wire_in *in, uint32_t max)
{
	return (uint32_t)take_up_to(in, 4, max);
}

unsigned wire_take_u16(struct wire_in *in, unsigned max)
{
	return (unsigned)take_up_to(in, 2, max);
}

unsigned wire_take_u8(struct wire_in *in, unsigned max)
{
	return (unsigned)take_up_to(in, 1, max);
}

bool wire_take_bool(struct wire_in *in)
{
	return wire_take_u8(in, 1) == 1;
}

int64_t wire_take_i64(struct wire_in *in, int64_t min, int64_t max)
{
	int64_t v = (int64_t)take_number(in, 8);

	if (!in->bad && v >= min && v <= max)
		return v;
	in->bad = true;
	return 0;
}

/* The bytes where they stand; empty and bad where they do not fit. */
static struct span take_span(struct wire_in *in, size_t max)
{
	size_t n = take_number(in, 4);
	const char *p = (const char *)in->p;

	if (in->bad || n > max || n > in->n) {
		in->bad = true;
		return span_make("", 0);
	}
	in->p += n;
	in->n -= n;
	return span_make(p, n);
}

struct span wire_take_bytes(struct wire_in *in, struct arena *arena, size_t max)
{
	struct span s = take_span(in, max);

	return span_make(arena_memdupz(arena, s.p, s.n), s.n);
}

/* C1 is U+0080 to U+009F: 0xc2 and one byte below 0xa0. */
static bool has_controls(struct span s)
{
	for (size_t i = text_print_length(s); i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < s.n &&
		    (unsigned char)s.p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

const char *wire_take_text(struct wire_in *in, struct arena *arena, size_t max)
{
	struct span s = take_span(in, max);

	if (s.n == 0)
		return "";
	if (text_print_length(s) < s.n &&
	    (has_controls(s) || !text_is_utf8(s))) {
		in->bad = true;
		return "";
	}
	return arena_memdupz(arena, s.p, s.n);
}
