/*
 * The grammar of libconfig's files, read for its mistakes alone: what a text
 * means, and whether it is well-formed at all, is libconfig's to say.
 */
#include "util/syntax.h"

#define MAX_DEPTH 64
#define SHOWN_BYTES 40

struct syntax {
	struct span rest;
	unsigned line;	   /* where rest begins */
	struct span token; /* empty at the end of the text */
	unsigned at;	   /* its line */
	unsigned text_at;  /* of the last text with a line end in it; 0 */
	unsigned open_at;  /* of a text that the file's end cuts off; 0 */
	unsigned depth;
	unsigned fault; /* the line; 0 so far */
	struct buf *what;
};

static bool is_word_char(char c)
{
	return text_is_alnum(c) || c == '_' || c == '-' || c == '*' ||
	       c == '.' || c == '+';
}

static struct span take(struct syntax *s, size_t n)
{
	struct span taken = span_cut(s->rest, n);

	for (size_t i = 0; i < taken.n; i++)
		s->line += taken.p[i] == '\n';
	s->rest = span_from(s->rest, n);
	return taken;
}

static void skip_through(struct syntax *s, size_t from, struct span end)
{
	size_t at = span_find(span_from(s->rest, from), end);

	take(s, at == SPAN_NONE ? s->rest.n : from + at + end.n);
}

static void skip_blanks(struct syntax *s)
{
	for (;;) {
		take(s, s->rest.n - span_trim_start(s->rest).n);
		if (span_starts_ci(s->rest, SPAN("#")) ||
		    span_starts_ci(s->rest, SPAN("//")) ||
		    span_starts_ci(s->rest, SPAN("@include")))
			skip_through(s, 0, SPAN("\n"));
		else if (span_starts_ci(s->rest, SPAN("/*")))
			skip_through(s, 2, SPAN("*/"));
		else
			return;
	}
}

static size_t text_length(struct span s)
{
	size_t i = 1;

	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	return i + 1;
}

/* A letter of more than one byte stays whole. */
static size_t other_length(struct span s)
{
	size_t i = 1;

	while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i++;
	return i;
}

static void next(struct syntax *s)
{
	size_t n = 0;

	skip_blanks(s);
	s->at = s->line;
	while (n < s->rest.n && is_word_char(s->rest.p[n]))
		n++;
	if (n == 0 && s->rest.n > 0)
		n = s->rest.p[0] == '"' ? text_length(s->rest)
					: other_length(s->rest);
	if (n > s->rest.n)
		s->open_at = s->at;
	s->token = take(s, n);
	if (s->at != s->line && s->text_at == 0)
		s->text_at = s->at;
}

static bool is(const struct syntax *s, char c)
{
	return s->token.n == 1 && s->token.p[0] == c;
}

static bool is_name(const struct syntax *s)
{
	return s->token.n > 0 &&
	       (text_is_alpha(s->token.p[0]) || s->token.p[0] == '*');
}

/* "5xx" is none; whether it is too large, others say. */
static bool is_number(struct span t)
{
	bool hex = span_starts_ci(t, SPAN("0x"));

	for (size_t i = 0; i < t.n; i++)
		if (!hex && !text_is_digit(t.p[i]) &&
		    text_lower(t.p[i]) != 'l' && text_lower(t.p[i]) != 'e' &&
		    t.p[i] != '.' && t.p[i] != '-' && t.p[i] != '+')
			return false;
	return t.n > 0 && is_word_char(t.p[0]) && !text_is_alpha(t.p[0]);
}

/* "X where Y has to be"; always false. */
static bool wrong(struct syntax *s, const char *expected)
{
	struct span t = span_cut(s->token, SHOWN_BYTES);

	t = span_cut(t, span_find_char(t, '\n'));
	if (s->fault)
		return false;
	s->fault = s->at;
	buf_add_str(s->what, ": ");
	if (t.n == 0)
		buf_add_str(s->what, "the file ends");
	else if (t.p[0] == '"')
		buf_addf(s->what, "the text %.*s stands", (int)t.n, t.p);
	else
		buf_addf(s->what, "\"%.*s\" stands", (int)t.n, t.p);
	buf_addf(s->what, " where %s", expected);
	/* Behind a quote that is missing everything is inside out. */
	if (s->text_at)
		buf_addf(s->what,
			 "; the text that begins in line %u goes on into the "
			 "next: is there a quote missing?",
			 s->text_at);
	return false;
}

static bool read_value(struct syntax *s);

/* Of "[ ]" or "( )", at its first value or its end. */
static bool read_list(struct syntax *s, char open, char close)
{
	unsigned began = s->at;
	struct buf expected;
	bool good = true;

	next(s);
	if (is(s, close))
		return true;
	buf_init(&expected);
	buf_addf(&expected,
		 "a \",\" or \"%c\" has to be, for the \"%c\" in line %u",
		 close, open, began);
	while ((good = read_value(s)) && is(s, ','))
		next(s);
	if (good && !is(s, close))
		good = wrong(s, expected.data);
	buf_release(&expected);
	return good;
}

/* Up to what ends them, which is left. */
static bool read_settings(struct syntax *s)
{
	while (is_name(s)) {
		next(s);
		if (!is(s, '=') && !is(s, ':'))
			return wrong(s, "\"=\" or \":\" has to be, behind a "
					"key of one word");
		next(s);
		if (!read_value(s))
			return false;
		if (is(s, ';') || is(s, ','))
			next(s);
	}
	return true;
}

static bool read_group(struct syntax *s)
{
	unsigned began = s->at;
	struct buf expected;
	bool good;

	next(s);
	if (!read_settings(s))
		return false;
	good = is(s, '}');
	if (!good) {
		buf_init(&expected);
		buf_addf(&expected,
			 "a key or \"}\" has to be, for the \"{\" in line %u",
			 began);
		wrong(s, expected.data);
		buf_release(&expected);
	}
	return good;
}

static bool read_brackets(struct syntax *s)
{
	bool good;

	if (s->depth == MAX_DEPTH)
		return false;
	s->depth++;
	good = is(s, '{')   ? read_group(s)
	       : is(s, '[') ? read_list(s, '[', ']')
			    : read_list(s, '(', ')');
	s->depth--;
	if (good)
		next(s);
	return good;
}

/* And the token behind it. */
static bool read_value(struct syntax *s)
{
	if (is(s, '{') || is(s, '[') || is(s, '('))
		return read_brackets(s);
	if (s->token.n > 0 && s->token.p[0] == '"') {
		while (s->token.n > 0 && s->token.p[0] == '"')
			next(s);
		return true;
	}
	if (!is_number(s->token) && !span_eq_ci(s->token, SPAN("true")) &&
	    !span_eq_ci(s->token, SPAN("false")))
		return wrong(s, "a text in quotes, a number, true, false or a "
				"bracket has to be");
	next(s);
	return true;
}

unsigned syntax_fault(struct span text, const char *said, struct buf *what)
{
	struct syntax s = {.rest = text, .line = 1, .what = what};

	buf_add_str(what, said);
	if (strcmp(said, "duplicate setting name") == 0)
		buf_add_str(what, ": what has this name stands twice in the "
				  "same brackets or file: take one out");
	else if (strcmp(said, "mismatched element type in array") == 0)
		buf_add_str(what, ": in [ ] all stand in quotes, or none");
	if (strcmp(said, "syntax error") != 0)
		return 0;
	next(&s);
	if (read_settings(&s) && s.token.n > 0)
		wrong(&s, "a key has to be, which begins with a letter");
	if (!s.fault && s.open_at) {
		s.fault = s.open_at;
		buf_add_str(what, ": the last text is not closed, its second "
				  "quote is missing");
	}
	return s.fault;
}
