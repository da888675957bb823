/* Header canonicalisation of RFC 6376 3.4: what is hashed of a field. */
#include "trust/dkim.h"

#include <string.h>

static bool is_wsp(char c)
{
	return c == ' ' || c == '\t';
}

/* Unfolds and turns every run of white space into one space. */
static void add_relaxed(struct buf *out, struct span value)
{
	bool gap = false, started = false;

	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\r' || c == '\n' || is_wsp(c)) {
			gap = started;
			continue;
		}
		if (gap)
			buf_add_char(out, ' ');
		buf_add_char(out, c);
		gap = false;
		started = true;
	}
}

static void canon(struct buf *out, const struct header *f, struct span value,
		  bool simple)
{
	if (simple) {
		/* The colon and any space before it lie between the two. */
		buf_add(out, f->name.p, (size_t)(f->value.p - f->name.p));
		buf_add(out, value.p, value.n);
		return;
	}
	for (size_t i = 0; i < f->name.n; i++)
		buf_add_char(out, text_lower(f->name.p[i]));
	buf_add_char(out, ':');
	add_relaxed(out, value);
}

void dkim_canon_field(struct buf *out, const struct header *f, bool simple)
{
	canon(out, f, f->value, simple);
	buf_add(out, "\r\n", 2);
}

/* The offset behind "b=" (and its white space) of the tag b, or the end. */
static size_t signature_offset(struct span value)
{
	bool at_start = true;

	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == ';') {
			at_start = true;
		} else if (at_start && c == 'b') {
			size_t j = i + 1;

			while (j < value.n && text_is_space(value.p[j]))
				j++;
			if (j < value.n && value.p[j] == '=')
				return j + 1;
			at_start = false;
		} else if (!text_is_space(c)) {
			at_start = false;
		}
	}
	return value.n;
}

void dkim_canon_signature(struct buf *out, const struct header *f, bool simple)
{
	size_t at = signature_offset(f->value);
	struct span tail = span_from(f->value, at);
	size_t end = span_find_char(tail, ';');
	struct buf value;

	buf_init(&value);
	buf_add(&value, f->value.p, at);
	if (end != SPAN_NONE)
		buf_add(&value, tail.p + end, tail.n - end);
	canon(out, f, span_make(value.data, value.len), simple);
	buf_release(&value);
}
