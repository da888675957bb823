/*
 * The one UTF-8 decoder. Bytes from mail claim to be UTF-8 far more often than
 * they are, and a terminal obeys what it is shown: both questions are answered
 * here and nowhere else.
 */
#include "util/utf8.h"

static bool is_tail(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t utf8_next(struct span s, uint32_t *code_r)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char first = (unsigned char)s.p[0];
	size_t len;
	uint32_t code;

	if (first < 0x80) {
		*code_r = first;
		return 1;
	}
	len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	if (first < 0xc2 || first > 0xf4 || s.n < len)
		return 0;
	code = first & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if (!is_tail(s.p[i]))
			return 0;
		code = code << 6 | ((unsigned char)s.p[i] & 0x3f);
	}
	if (code < smallest[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*code_r = code;
	return len;
}

void utf8_add(struct buf *out, uint32_t code)
{
	if (code < 0x80) {
		buf_add_char(out, (char)code);
		return;
	}
	if (code >= 0x10000) {
		buf_add_char(out, (char)(0xf0 | code >> 18));
		buf_add_char(out, (char)(0x80 | (code >> 12 & 0x3f)));
	} else if (code >= 0x800) {
		buf_add_char(out, (char)(0xe0 | code >> 12));
	}
	if (code >= 0x800)
		buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3f)));
	else
		buf_add_char(out, (char)(0xc0 | code >> 6));
	buf_add_char(out, (char)(0x80 | (code & 0x3f)));
}

/* U+0386 to U+038F, of which some are no letters. */
static uint32_t small_greek(uint32_t code)
{
	static const uint32_t plain[] = {0x3b1, 0,     0x3b5, 0x3b7, 0x3b9,
					 0,	0x3bf, 0,     0x3c5, 0x3c9};
	uint32_t letter = plain[code - 0x386];

	return letter != 0 ? letter : code;
}

/* U+0100 to U+017F: pairs, of which either half may come first. */
static uint32_t small_latin(uint32_t code)
{
	bool odd = (code >= 0x139 && code <= 0x148) || code >= 0x179;

	if (code == 0x130)
		return 'i';
	if (code == 0x178)
		return 0xff;
	if (code == 0x138 || code == 0x149 || code == 0x17f)
		return code;
	return (code & 1) == (odd ? 1U : 0U) ? code + 1 : code;
}

uint32_t utf8_small(uint32_t code)
{
	if (code >= 0xc0 && code <= 0xde && code != 0xd7)
		return code + 0x20;
	if (code >= 0x100 && code <= 0x17f)
		return small_latin(code);
	if (code >= 0x386 && code <= 0x38f)
		return small_greek(code);
	if ((code >= 0x391 && code <= 0x3a9) ||
	    (code >= 0x410 && code <= 0x42f))
		return code + 0x20;
	if (code >= 0x400 && code <= 0x40f)
		return code + 0x50;
	return code < 0x80 ? (uint32_t)text_lower((char)code) : code;
}

bool utf8_is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

bool utf8_is_unprintable(uint32_t code)
{
	return utf8_is_control(code) || code == 0x061c ||
	       (code >= 0x200e && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}
