/*
 * The two escapes that addresses wear in reports, and the "type;" before
 * them. A decoder that is too kind lets a report name another address than
 * its writer could have seen, so both are strict.
 */
#include "report/xtext.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "report/decode.h"
#include "util/address.h"
#include "util/utf8.h"

/* A digit of RFC 3461 xtext: upper case only. */
static int upper_hex(char c)
{
	return c >= 'a' && c <= 'f' ? -1 : decode_hex_digit(c);
}

int xtext_decode(struct buf *out, struct span s)
{
	size_t start = out->len;

	for (size_t i = 0; i < s.n; i++) {
		int high, low;

		if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '=')
			goto malformed;
		if (s.p[i] != '+') {
			buf_add_char(out, s.p[i]);
			continue;
		}
		if (i + 2 >= s.n)
			goto malformed;
		high = upper_hex(s.p[i + 1]);
		low = upper_hex(s.p[i + 2]);
		if (high < 0 || low < 0 || high > 7 ||
		    !text_is_print((char)(high * 16 + low)))
			goto malformed;
		buf_add_char(out, (char)(high * 16 + low));
		i += 2;
	}
	return 0;
malformed:
	buf_truncate(out, start);
	return -1;
}

/* Reads "\x{HEX}" at the start of s: its length, or 0. */
static size_t escaped(struct span s, uint32_t *code_r)
{
	uint32_t code = 0;
	size_t i = 3;

	if (!span_starts_ci(s, SPAN("\\x{")))
		return 0;
	for (; i < s.n && i < 9; i++) {
		int digit = decode_hex_digit(s.p[i]);

		if (digit < 0)
			break;
		code = code * 16 + (uint32_t)digit;
	}
	if (i < 5 || i >= s.n || s.p[i] != '}')
		return 0;
	*code_r = code;
	return i + 1;
}

static bool may_be_escaped(uint32_t code)
{
	if (code == '+' || code == '=' || code == '\\')
		return true;
	return code > 0x9f && code <= 0x10ffff &&
	       !(code >= 0xd800 && code <= 0xdfff) &&
	       !utf8_is_unprintable(code);
}

int xtext_decode_utf8(struct buf *out, struct span s)
{
	size_t start = out->len;

	for (size_t i = 0; i < s.n;) {
		uint32_t code = 0;
		size_t n;

		if (s.p[i] != '\\') {
			buf_add_char(out, s.p[i++]);
			continue;
		}
		n = escaped(span_from(s, i), &code);
		if (n == 0 || !may_be_escaped(code)) {
			buf_truncate(out, start);
			return -1;
		}
		utf8_add(out, code);
		i += n;
	}
	return 0;
}

static bool is_type(struct span s)
{
	if (s.n == 0 || s.n > 40)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		/* "rfc/822" has been seen, and names with dots and '_'. */
		if (!text_is_alnum(s.p[i]) && !strchr("-_./", s.p[i]))
			return false;
	}
	return true;
}

struct span xtext_typed(struct span field, struct span *type_r)
{
	size_t at = span_find_char(field, ';');
	struct span type = span_trim(span_cut(field, at == SPAN_NONE ? 0 : at));

	if (!is_type(type)) {
		type.n = 0;
		at = SPAN_NONE;
	}
	if (type_r)
		*type_r = type;
	return span_trim(at == SPAN_NONE ? field : span_from(field, at + 1));
}

/* A relay that forgot to decode ORCPT shows by the missing '@'. */
static int left_encoded(struct buf *out, struct span s)
{
	struct buf plain;
	int r = -1;

	buf_init(&plain);
	if (span_find_char(s, '@') == SPAN_NONE && xtext_decode(&plain, s) == 0)
		r = address_clean(out, span_make(plain.data, plain.len));
	buf_release(&plain);
	return r;
}

int xtext_address(struct buf *out, struct span field)
{
	struct span type, s = xtext_typed(field, &type);
	struct buf plain;
	int r;

	if (!span_eq_ci(type, SPAN("utf-8"))) {
		r = address_clean(out, s);
		return r == 0 ? 0 : left_encoded(out, s);
	}
	buf_init(&plain);
	r = xtext_decode_utf8(&plain, s);
	if (r == 0)
		r = address_clean(out, span_make(plain.data, plain.len));
	buf_release(&plain);
	return r;
}
