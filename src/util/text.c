/*
 * What leaves the program as text: printable for people, valid UTF-8 for the
 * database. All classes are ASCII, whatever the locale says.
 */
#include "util/text.h"

#include "util/utf8.h"

bool text_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool text_is_alpha(char c)
{
	char lower = text_lower(c);

	return lower >= 'a' && lower <= 'z';
}

bool text_is_alnum(char c)
{
	return text_is_alpha(c) || text_is_digit(c);
}

bool text_is_print(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

char text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
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

static bool is_line_layout(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r';
}

void text_utf8(struct buf *out, struct span s)
{
	while (s.n > 0) {
		uint32_t code;
		size_t len = utf8_next(s, &code);

		if (len == 0 || code == 0)
			utf8_add(out, 0xfffd);
		else if (utf8_is_control(code) && !is_line_layout(code))
			buf_add_char(out, ' ');
		else
			buf_add(out, s.p, len);
		s = span_from(s, len == 0 ? 1 : len);
	}
}

bool text_is_utf8(struct span s)
{
	while (s.n > 0) {
		uint32_t code;
		size_t len = utf8_next(s, &code);

		if (len == 0)
			return false;
		s = span_from(s, len);
	}
	return true;
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
