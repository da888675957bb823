/*
 * Structured field values: the leading token and the parameters (RFC 2045 5.1,
 * RFC 2231), read leniently because semicolons and quotes are often missing.
 */
#include "report/headers.h"

#include "report/decode.h"

/* The bytes of a comment at the start of s, nested ones included. */
static size_t comment_length(struct span s)
{
	size_t depth = 0, i = 0;

	while (i < s.n) {
		char c = s.p[i++];

		if (c == '\\' && i < s.n)
			i++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0)
			break;
	}
	return i;
}

void headers_token(struct buf *out, struct span raw)
{
	size_t i = 0;
	bool space = false;
	char last = '\0';

	while (i < raw.n && raw.p[i] != ';') {
		char c = raw.p[i];

		if (c == '(') {
			i += comment_length(span_from(raw, i));
			continue;
		}
		i++;
		if (text_is_space(c)) {
			space = last != '\0' && last != '/';
			continue;
		}
		if (space && c != '/')
			break;
		space = false;
		if (text_is_print(c) && c != '"')
			buf_add_char(out, last = text_lower(c));
	}
}

/* A parameter as it stands: name="value" or name*0*=value. */
struct param {
	struct span name;
	struct span value; /* without the quotes, not unescaped */
	bool quoted;
};

static bool is_separator(char c)
{
	return text_is_space(c) || c == ';' || c == ',';
}

/* Reads the value behind '=' at the start of *rest. */
static void param_value(struct span *rest, struct param *p)
{
	size_t i = 0, n;

	while (rest->n > 0 && text_is_space(rest->p[0]))
		*rest = span_from(*rest, 1);
	p->quoted = rest->n > 0 && rest->p[0] == '"';
	if (p->quoted)
		*rest = span_from(*rest, 1);
	while (i < rest->n &&
	       (p->quoted ? rest->p[i] != '"' : !is_separator(rest->p[i])))
		i += p->quoted && rest->p[i] == '\\' ? 2 : 1;
	n = i < rest->n ? i : rest->n;
	p->value = span_cut(*rest, n);
	*rest = span_from(*rest, p->quoted ? n + 1 : n);
}

static bool param_next(struct span *rest, struct param *p)
{
	while (rest->n > 0) {
		size_t i = 0;

		if (rest->p[0] == '(') {
			*rest = span_from(*rest, comment_length(*rest));
			continue;
		}
		while (i < rest->n && !is_separator(rest->p[i]) &&
		       rest->p[i] != '=' && rest->p[i] != '"')
			i++;
		p->name = span_cut(*rest, i);
		while (i < rest->n && text_is_space(rest->p[i]))
			i++;
		*rest = span_from(*rest, i);
		if (rest->n == 0 || rest->p[0] != '=') {
			if (i == 0)
				*rest = span_from(*rest, 1);
			continue;
		}
		*rest = span_from(*rest, 1);
		param_value(rest, p);
		return true;
	}
	return false;
}

static void unquote(struct buf *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		if (s.p[i] != '\r' && s.p[i] != '\n')
			buf_add_char(out, s.p[i]);
	}
}

/* RFC 2231 4: charset'language'text with percent signs. */
static void unpercent(struct buf *out, struct span s, bool first)
{
	size_t quote = first ? span_find_char(s, '\'') : SPAN_NONE;

	if (quote != SPAN_NONE) {
		s = span_from(s, quote + 1);
		quote = span_find_char(s, '\'');
		s = span_from(s, quote == SPAN_NONE ? 0 : quote + 1);
	}
	for (size_t i = 0; i < s.n; i++) {
		int high = i + 2 < s.n ? decode_hex_digit(s.p[i + 1]) : -1;
		int low = i + 2 < s.n ? decode_hex_digit(s.p[i + 2]) : -1;

		if (s.p[i] == '%' && high >= 0 && low >= 0) {
			buf_add_char(out, (char)(high * 16 + low));
			i += 2;
		} else {
			buf_add_char(out, s.p[i]);
		}
	}
}

bool headers_param(struct buf *out, struct span raw, const char *name)
{
	struct span wanted = span_of(name), rest = raw;
	struct param p;
	bool found = false;

	while (param_next(&rest, &p)) {
		struct span tail = span_from(p.name, wanted.n);

		if (!span_starts_ci(p.name, wanted) ||
		    (tail.n > 0 && tail.p[0] != '*'))
			continue;
		if (tail.n > 0 && tail.p[tail.n - 1] == '*')
			unpercent(out, p.value, !found);
		else
			unquote(out, p.value);
		found = true;
		if (tail.n == 0)
			break;
	}
	return found;
}
