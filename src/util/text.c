/*
 * What leaves the program as text: printable for people, valid UTF-8 for the
 * database. All classes are ASCII, whatever the locale says.
 */
#include "util/text.h"

#include <stdint.h>
#include <string.h>

#include "util/utf8.h"

/* Of a rank from which another letter would save less than finding it. */
#define RARE 22

unsigned text_rank(char c)
{
	/* " etaoinsrlhdcmupgfywbv-.kxjzq", the commonest 0; any other 30. */
	static const unsigned char ranks[256] = {
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		0,  30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 22, 23, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 3,	20, 12, 11, 1,	17, 16, 10, 5,	26, 24, 9,  13, 6,  4,
		15, 28, 8,  7,	2,  14, 21, 19, 25, 18, 27, 30, 30, 30, 30, 30,
		30, 3,	20, 12, 11, 1,	17, 16, 10, 5,	26, 24, 9,  13, 6,  4,
		15, 28, 8,  7,	2,  14, 21, 19, 25, 18, 27, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
		30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
	};

	return ranks[(unsigned char)c];
}

size_t text_rarest(struct span word)
{
	unsigned best_rank = 0;
	size_t best = 0;

	for (size_t i = 0; i < word.n && best_rank < RARE; i++) {
		unsigned rank = text_rank(word.p[i]);

		if (rank > best_rank) {
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

#define EACH(byte) (UINT64_MAX / 0xff * (byte))

/* Whether each of eight bytes is printable ASCII (0x20..0x7e). */
static bool are_print(const char *p)
{
	uint64_t x;

	memcpy(&x, p, sizeof(x));
	/* The top bit of a byte stays where it is above 0x7e or below 0x20. */
	return ((x | (x + EACH(1)) | (x - EACH(0x20))) & EACH(0x80)) == 0;
}

static bool is_line_layout(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r';
}

size_t text_print_length(struct span s)
{
	size_t i = 0;

	while (s.n - i >= 8 && are_print(s.p + i))
		i += 8;
	while (i < s.n && text_is_print(s.p[i]))
		i++;
	return i;
}

size_t text_plain_length(struct span s)
{
	size_t i = 0;

	for (;;) {
		i += text_print_length(span_from(s, i));
		if (i >= s.n || !is_line_layout((unsigned char)s.p[i]))
			return i;
		i++;
	}
}

static void add_escaped(struct buf *out, struct span bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		buf_addf(out, "\\x%02x", (unsigned char)bytes.p[i]);
}

void text_printable(struct buf *out, struct span s)
{
	while (s.n > 0) {
		uint32_t code;
		size_t len = utf8_next(s, &code);

		if (len == 0 || utf8_is_unprintable(code)) {
			len = len == 0 ? 1 : len;
			add_escaped(out, span_cut(s, len));
		} else if (code == '\\') {
			buf_add_str(out, "\\\\");
		} else {
			buf_add(out, s.p, len);
		}
		s = span_from(s, len);
	}
}

void text_utf8(struct buf *out, struct span s)
{
	buf_reserve(out, s.n);
	while (s.n > 0) {
		size_t plain = text_plain_length(s), len;
		uint32_t code;

		buf_add(out, s.p, plain);
		s = span_from(s, plain);
		if (s.n == 0)
			break;
		len = utf8_next(s, &code);
		if (len == 0 || code == 0)
			utf8_add(out, 0xfffd);
		else if (utf8_is_control(code) && !is_line_layout(code))
			buf_add_char(out, ' ');
		else
			buf_add(out, s.p, len);
		s = span_from(s, len == 0 ? 1 : len);
	}
}

bool text_has_letter(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (text_is_letter(s.p[i]))
			return true;
	return false;
}

bool text_is_utf8(struct span s)
{
	for (;;) {
		uint32_t code;
		size_t len;

		s = span_from(s, text_plain_length(s));
		if (s.n == 0)
			return true;
		len = utf8_next(s, &code);
		if (len == 0)
			return false;
		s = span_from(s, len);
	}
}

struct span text_cut_utf8(struct span s, size_t max)
{
	size_t n = max;

	if (s.n <= max)
		return s;
	/* A sequence has at most 3 tail bytes; more is no UTF-8 anyway. */
	while (n > 0 && max - n < 3 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return span_cut(s, n);
}
