/*
 * Transfer encodings. libetpan's own decoders read a byte or two past the end
 * of a body that stops inside "=X", so they are not used.
 */
#include "report/decode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "report/headers.h"

enum encoding encoding_find(struct span value)
{
	struct buf token;
	enum encoding e = ENCODING_IDENTITY;
	struct span t;

	buf_init(&token);
	headers_token(&token, value);
	t = span_make(token.data, token.len);
	if (span_eq(t, SPAN("base64")))
		e = ENCODING_BASE64;
	else if (span_eq(t, SPAN("quoted-printable")))
		e = ENCODING_QP;
	buf_release(&token);
	return e;
}

int decode_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	if (c == '/')
		return 63;
	return -1;
}

void decode_base64(struct buf *out, struct span in)
{
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < in.n; i++) {
		int digit = base64_digit(in.p[i]);

		/* Padding in mid-text ends one stream and begins the next. */
		if (in.p[i] == '=')
			have = 0;
		if (digit < 0)
			continue;
		bits = (bits << 6 | (uint32_t)digit) & 0xffffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_add_char(out, (char)(bits >> have & 0xff));
		}
	}
}

/* Decodes "=XX" at the start of s; false where it is something else. */
static bool qp_byte(struct span s, char *byte_r)
{
	int high, low;

	if (s.n < 3 || s.p[0] != '=')
		return false;
	high = decode_hex_digit(s.p[1]);
	low = decode_hex_digit(s.p[2]);
	if (high < 0 || low < 0)
		return false;
	*byte_r = (char)(high * 16 + low);
	return true;
}

/* The length of a soft line break at the start of s, or 0. */
static size_t soft_break(struct span s)
{
	size_t i = 1;

	while (i < s.n && (s.p[i] == ' ' || s.p[i] == '\t'))
		i++;
	if (i < s.n && s.p[i] == '\r')
		i++;
	if (i < s.n && s.p[i] == '\n')
		return i + 1;
	return i == s.n ? i : 0;
}

/* What programs fill of a line, and people with no single word. */
#define BASE64_LINE_MIN 60

static bool is_base64(struct span words)
{
	struct span line;
	bool filled = false;

	while (span_next_line(&words, &line)) {
		line = span_trim(line);
		for (size_t i = 0; i < line.n; i++)
			if (base64_digit(line.p[i]) < 0 && line.p[i] != '=')
				return false;
		filled = filled || line.n >= BASE64_LINE_MIN;
	}
	return filled;
}

/* Lines that go on in the next, and no "=" that means anything else. */
static bool is_qp(struct span words)
{
	unsigned breaks = 0;
	size_t at;
	char byte;

	while ((at = span_find_char(words, '=')) != SPAN_NONE) {
		words = span_from(words, at);
		if (soft_break(words) > 0)
			breaks++;
		else if (!qp_byte(words, &byte))
			return false;
		words = span_from(words, 1);
	}
	return breaks > 1;
}

enum encoding encoding_unsaid(struct span words)
{
	if (is_base64(words))
		return ENCODING_BASE64;
	return is_qp(words) ? ENCODING_QP : ENCODING_IDENTITY;
}

void decode_qp(struct buf *out, struct span in)
{
	size_t i = 0;

	while (i < in.n) {
		struct span rest = span_from(in, i);
		const char *equals = memchr(rest.p, '=', rest.n);
		size_t plain = equals ? (size_t)(equals - rest.p) : rest.n;
		size_t skip;
		char byte;

		buf_add(out, rest.p, plain);
		i += plain;
		if (!equals)
			break;
		rest = span_from(in, i);
		skip = soft_break(rest);
		if (skip) {
			i += skip;
		} else if (qp_byte(rest, &byte)) {
			buf_add_char(out, byte);
			i += 3;
		} else {
			buf_add_char(out, '=');
			i++;
		}
	}
}

void decode_q(struct buf *out, struct span in)
{
	char byte;

	for (size_t i = 0; i < in.n; i++) {
		if (qp_byte(span_from(in, i), &byte)) {
			buf_add_char(out, byte);
			i += 2;
		} else {
			buf_add_char(out, in.p[i] == '_' ? ' ' : in.p[i]);
		}
	}
}
