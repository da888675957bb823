/*
 * Exchange and some filters send their report as HTML alone. The readers of
 * text formats want lines, so this keeps words and line ends, nothing else.
 */
#include "report/html.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "report/decode.h"
#include "util/utf8.h"

#define TAG_MAX 4096

static const char *const line_tags[] = {
	"br",	"p",	  "div",	"tr",	   "li",     "table",
	"h1",	"h2",	  "h3",		"h4",	   "ul",     "ol",
	"hr",	"pre",	  "blockquote", "h5",	   "h6",     "dl",
	"dt",	"dd",	  "section",	"article", "header", "footer",
	"main", "center", "address",	"caption",
};

static const struct {
	const char *name;
	const char *text;
} entities[] = {
	{"lt", "<"},	 {"gt", ">"},	  {"amp", "&"},	   {"quot", "\""},
	{"apos", "'"},	 {"nbsp", " "},	  {"#160", " "},   {"copy", "(c)"},
	{"ndash", "-"},	 {"mdash", "-"},  {"rsquo", "'"},  {"lsquo", "'"},
	{"rdquo", "\""}, {"ldquo", "\""}, {"bdquo", "\""}, {"hellip", "..."},
	{"laquo", "«"},	 {"raquo", "»"},
};

/* From U+00C0 on, as HTML names them; "" is no letter. */
static const char *const letters[] = {
	"Agrave", "Aacute", "Acirc",  "Atilde", "Auml",	  "Aring",  "AElig",
	"Ccedil", "Egrave", "Eacute", "Ecirc",	"Euml",	  "Igrave", "Iacute",
	"Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",
	"Otilde", "Ouml",   "",	      "Oslash", "Ugrave", "Uacute", "Ucirc",
	"Uuml",	  "Yacute", "THORN",  "szlig",	"agrave", "aacute", "acirc",
	"atilde", "auml",   "aring",  "aelig",	"ccedil", "egrave", "eacute",
	"ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
	"ntilde", "ograve", "oacute", "ocirc",	"otilde", "ouml",   "",
	"oslash", "ugrave", "uacute", "ucirc",	"uuml",	  "yacute", "thorn",
	"yuml",
};

static void add_code_point(struct buf *out, uint32_t c)
{
	if (c < 0x20 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		buf_add_char(out, ' ');
	else
		utf8_add(out, c);
}

/* "#1234" or "#x4d2"; false where it is no number. */
static bool numeric(struct span name, uint32_t *c_r)
{
	uint32_t c = 0, base = 10;
	size_t i = 1;

	if (name.n < 2 || name.p[0] != '#')
		return false;
	if (text_lower(name.p[1]) == 'x') {
		base = 16;
		i = 2;
	}
	for (; i < name.n; i++) {
		int digit = decode_hex_digit(name.p[i]);

		if (digit < 0 || (uint32_t)digit >= base || c > 0x10ffff)
			return false;
		c = c * base + (uint32_t)digit;
	}
	*c_r = c;
	return true;
}

/* Decodes the entity at the start of s ("&...;"): its length, or 0. */
static size_t entity(struct buf *out, struct span s)
{
	struct span name = span_cut(span_from(s, 1), 10);
	size_t end = span_find_char(name, ';');
	uint32_t c;

	if (end == SPAN_NONE)
		return 0;
	name = span_cut(name, end);
	if (numeric(name, &c)) {
		add_code_point(out, c);
		return end + 2;
	}
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
		if (span_eq(name, span_of(entities[i].name))) {
			buf_add_str(out, entities[i].text);
			return end + 2;
		}
	}
	for (uint32_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		if (name.n > 0 && span_eq(name, span_of(letters[i]))) {
			utf8_add(out, 0xc0 + i);
			return end + 2;
		}
	}
	return 0;
}

static struct span tag_name(struct span tag)
{
	size_t n = 0;

	if (tag.n > 0 && tag.p[0] == '/')
		tag = span_from(tag, 1);
	while (n < tag.n && text_is_alnum(tag.p[n]))
		n++;
	return span_cut(tag, n);
}

static bool breaks_line(struct span name)
{
	for (size_t i = 0; i < sizeof(line_tags) / sizeof(line_tags[0]); i++) {
		if (span_eq_ci(name, span_of(line_tags[i])))
			return true;
	}
	return false;
}

/* What is left of s from the closing tag on. */
static struct span skip_element(struct span s, struct span closing)
{
	size_t at = span_find_ci(s, closing);

	return span_from(s, at == SPAN_NONE ? s.n : at);
}

/* "<user@example.com>" and "<<< 550" in sloppy HTML are text. */
static bool is_text(struct span s, struct span name, size_t end)
{
	if (end == SPAN_NONE)
		return true;
	if (name.n == 0)
		return !span_starts_ci(s, SPAN("<!"));
	return span_find_char(span_cut(s, end), '@') == 1 + name.n;
}

/*
 * "out.<a href="mailto:a@b">a@b</a>Reason": an address that is a link is a word
 * of its own.
 */
static void part_link(struct buf *out, struct span tag, struct span rest)
{
	bool opens = span_find_ci(tag, SPAN("mailto:")) != SPAN_NONE;
	char before = out->len > 0 ? out->data[out->len - 1] : ' ';

	if ((opens && (text_is_alnum(before) || before == '.')) ||
	    (tag.p[0] == '/' && rest.n > 0 && text_is_alnum(rest.p[0])))
		buf_add_char(out, ' ');
}

/* Reads what begins with '<' at the start of s; returns its length. */
static size_t markup(struct buf *out, struct span s)
{
	struct span name = tag_name(span_from(s, 1));
	size_t end = span_find_char(span_cut(s, TAG_MAX), '>');
	struct span rest;

	if (is_text(s, name, end)) {
		buf_add_char(out, '<');
		return 1;
	}
	rest = span_from(s, end + 1);
	if (span_eq_ci(name, SPAN("script")) && s.p[1] != '/')
		rest = skip_element(rest, SPAN("</script"));
	else if (span_eq_ci(name, SPAN("style")) && s.p[1] != '/')
		rest = skip_element(rest, SPAN("</style"));
	else if (breaks_line(name))
		buf_add_char(out, '\n');
	else if (span_eq_ci(name, SPAN("a")))
		part_link(out, span_cut(span_from(s, 1), end), rest);
	else if (span_eq_ci(name, SPAN("td")) || span_eq_ci(name, SPAN("th")))
		buf_add_char(out, ' ');
	return (size_t)(rest.p - s.p);
}

/* The length of the comment at the start of s; all of s where it is open. */
static size_t comment(struct span s)
{
	size_t end = span_find(s, SPAN("-->"));

	return end == SPAN_NONE ? s.n : end + 3;
}

/*
 * A line end behind "<br>" and blanks is none of the text's, nor a space. Up to
 * *seen_io the blanks have been looked at: a page may hold a million of them.
 */
static void add_line_end(struct buf *out, char c, size_t *seen_io)
{
	size_t n = out->len;

	while (n > *seen_io &&
	       (out->data[n - 1] == ' ' || out->data[n - 1] == '\t'))
		n--;
	if (n > 0 && out->data[n - 1] == '\n')
		out->len = n;
	else if (c == '\n' && out->len > 0)
		buf_add_char(out, ' ');
	*seen_io = out->len;
}

void html_to_text(struct buf *out, struct span html)
{
	/* Without any such tag it is plain text that was labelled wrongly. */
	bool lines_are_markup = span_find_ci(html, SPAN("<br")) != SPAN_NONE ||
				span_find_ci(html, SPAN("<p>")) != SPAN_NONE ||
				span_find_ci(html, SPAN("<td")) != SPAN_NONE;
	bool preformatted = false;
	size_t seen = 0;

	while (html.n > 0) {
		char c = html.p[0];
		size_t n = 0;

		/* What a scanner put behind is plain text. */
		if (c == '<' && span_starts_ci(html, SPAN("</html>")))
			lines_are_markup = false;
		if (c == '<' && span_starts_ci(html, SPAN("<pre")))
			preformatted = true;
		else if (c == '<' && span_starts_ci(html, SPAN("</pre")))
			preformatted = false;

		if (c == '&')
			n = entity(out, html);
		else if (span_starts_ci(html, SPAN("<!--")))
			n = comment(html);
		else if (c == '<')
			n = markup(out, html);
		if (n == 0) {
			if (lines_are_markup && !preformatted &&
			    (c == '\n' || c == '\r'))
				add_line_end(out, c, &seen);
			else
				buf_add_char(out, c);
			n = 1;
		}
		html = span_from(html, n);
	}
}
