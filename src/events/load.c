/*
 * Strangers' mail servers write into what providers send, and one string that
 * no JSON may hold is not to lose a file of events. What cannot be read as it
 * is, is read once more with such places mended.
 */
#include "events/reader.h"
#include "util/buf.h"

#define FLAGS (JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL)
#define ESCAPE_BYTES 6 /* "\ud83d" */

/* An escape of half a character at the start of s: its first digits differ. */
static bool is_half(struct span s, char first, char last)
{
	return s.n >= ESCAPE_BYTES && s.p[0] == '\\' && s.p[1] == 'u' &&
	       text_lower(s.p[2]) == 'd' && text_lower(s.p[3]) >= first &&
	       text_lower(s.p[3]) <= last;
}

static bool is_high(struct span s)
{
	return is_half(s, '8', '9') || is_half(s, 'a', 'b');
}

static bool is_low(struct span s)
{
	return is_half(s, 'c', 'f');
}

/* Halves of characters, left where a program cut a text, become U+FFFD. */
static void mend_halves(struct buf *out, struct span s)
{
	while (s.n > 0) {
		/* A backslash takes what it escapes along. */
		size_t n = s.p[0] == '\\' ? 2 : 1;

		if (is_high(s) && is_low(span_from(s, ESCAPE_BYTES)))
			n = 2 * ESCAPE_BYTES;
		else if (is_high(s) || is_low(s))
			n = ESCAPE_BYTES;
		if (n == ESCAPE_BYTES)
			buf_add_str(out, "\\ufffd");
		else
			buf_add(out, s.p, span_cut(s, n).n);
		s = span_from(s, n);
	}
}

json_t *event_load(struct span bytes, json_error_t *bad_r)
{
	json_t *root = json_loadb(bytes.p, bytes.n, FLAGS, bad_r);
	struct buf utf8, mended;

	if (root != NULL)
		return root;
	buf_init(&utf8);
	buf_init(&mended);
	text_utf8(&utf8, bytes);
	mend_halves(&mended, span_make(utf8.data, utf8.len));
	/* Numbers that no integer holds: a customer's, not one of ours. */
	root = json_loadb(mended.data, mended.len,
			  FLAGS | JSON_DECODE_INT_AS_REAL, bad_r);
	buf_release(&mended);
	buf_release(&utf8);
	return root;
}
