/*
 * Where an address begins and ends in a text that people were to read: between
 * the brackets, quotation marks and bullets of any language.
 */
#include "report/format_text.h"

#include <string.h>

#include "report/languages.h"
#include "report/reply.h"
#include "report/reply_scan.h"
#include "report/words.h"
#include "util/utf8.h"

/* The backslash, too: Exim writes other bytes as \303\274. */
static bool is_atom(char c)
{
	switch (c) {
	case '"':
	case '(':
	case ')':
	case ',':
	case ':':
	case ';':
	case '<':
	case '>':
	case '@':
	case '[':
	case ']':
		return false;
	}
	return (c > ' ' && c < 0x7f) || (c & 0x80) != 0;
}

/*
 * Quotation marks, bullets, arrows, pictures, and the punctuation of Arabic,
 * Urdu, Hindi and Armenian, and of Chinese and Japanese, which write no space
 * before an address. Joiners of Indian scripts and the letters of names are
 * left out.
 */
static const struct {
	uint32_t first, last;
} marks[] = {
	{0x80, 0xbf},	    {0x589, 0x58a},   {0x60c, 0x60d},
	{0x61b, 0x61f},	    {0x6d4, 0x6d4},   {0x964, 0x965},
	{0x2000, 0x200b},   {0x200e, 0x2bff}, {0x3000, 0x3004},
	{0x3008, 0x303f},   {0xfe10, 0xfe19}, {0xfe50, 0xfe57},
	{0xfeff, 0xfeff},   {0xff01, 0xff20}, {0xff61, 0xff64},
	{0x1f000, 0x1ffff},
};

size_t text_mark_at(struct span text, size_t at)
{
	uint32_t code;
	size_t i, n;

	if (at >= text.n || (text.p[at] & 0x80) == 0)
		return 0;
	n = utf8_next(span_from(text, at), &code);
	if (n == 0)
		return 0;
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (code >= marks[i].first && code <= marks[i].last)
			return n;
	return 0;
}

static bool is_atom_at(struct span text, size_t at)
{
	return is_atom(text.p[at]) &&
	       ((text.p[at] & 0x80) == 0 || text_mark_at(text, at) == 0);
}

/* The end of a quoted local part that begins at `at`, or `at`. */
static size_t quoted_end(struct span text, size_t at)
{
	size_t i;

	for (i = at + 1; i < text.n && i - at < 128; i++) {
		if (text.p[i] == '\\')
			i++;
		else if (text.p[i] == '"')
			return i + 1;
		else if (text.p[i] == '\n')
			break;
	}
	return at;
}

/* "rcpt=user@example.com": what a log says before an address. */
static size_t key_length(struct span address)
{
	static const char *const keys[] = {
		"to=",	    "rcpt=",   "recipient=", "email=",
		"address=", "user=",   "mail=",	     "mailto:",
		"from=",    "sender=", NULL};

	for (size_t i = 0; keys[i] != NULL; i++)
		if (span_starts_ci(address, span_of(keys[i])))
			return strlen(keys[i]);
	return 0;
}

/*
 * "**user@example.com**", "`user@example.com'": no address ends so, nor begins
 * where one did.
 */
static struct span without_markup(struct span address, char next)
{
	size_t n = address.n;

	if (next == '\'' && address.p[0] == '`')
		return span_from(address, 1);
	while (address.n > 0 && strchr("*_`|~", address.p[address.n - 1]))
		address.n--;
	while (address.n < n && address.n > 0 && strchr("*_`|~", address.p[0]))
		address = span_from(address, 1);
	return address;
}

/*
 * "op@example.comまで": no domain ends in letters of both kinds, and Chinese,
 * Japanese and Thai write no space behind one. "ann@example.com's mailbox".
 * Where it really ends.
 */
static size_t domain_end(struct span text, size_t sign, size_t end)
{
	size_t i = end;

	while (i > sign + 1 && text.p[i - 1] != '.')
		i--;
	if (i == end || (text.p[i] & 0x80) != 0)
		return end;
	while (i < end && (unsigned char)text.p[i] < 0xe0 && text.p[i] != '\'')
		i++;
	return i;
}

/* "550-'user@example.com... No such user'": IronPort quotes after the code. */
static struct span behind_code(struct span address)
{
	bool quoted = address.n > strlen("550-'") &&
		      text_is_digit(address.p[0]) && address.p[3] == '-' &&
		      address.p[4] == '\'';

	return quoted ? span_from(address, strlen("550-'")) : address;
}

/* A bare address: atoms, one '@' or more, atoms. */
static size_t bare_address_at(struct span text, size_t at, struct span *out_r)
{
	size_t i = at, sign = SPAN_NONE;

	if (at < text.n && text.p[at] == '"') {
		i = quoted_end(text, at);
		/* a word in quotation marks, and what is beside it */
		if (i >= text.n || (text.p[i] != '@' && text.p[i] != '.'))
			return 0;
	}
	while (i < text.n && i - at <= REPORT_MAX_ADDRESS &&
	       (is_atom_at(text, i) || text.p[i] == '@')) {
		if (text.p[i] == '@')
			sign = i;
		i++;
	}
	while (i > at && (text.p[i - 1] == '.' || text.p[i - 1] == '\'' ||
			  text.p[i - 1] == '!' || text.p[i - 1] == '?'))
		i--;
	if (sign == SPAN_NONE || sign == at || i <= sign + 1)
		return 0;
	i = domain_end(text, sign, i);
	*out_r = behind_code(without_markup(span_make(text.p + at, i - at),
					    i < text.n ? text.p[i] : '\0'));
	if (span_find_char(span_cut(*out_r, sign - at), '=') != SPAN_NONE)
		*out_r = span_from(*out_r, key_length(*out_r));
	return out_r->p[0] != '@' ? i : 0;
}

static size_t bracketed_at(struct span text, size_t at, char close,
			   struct span *out_r)
{
	size_t i;

	for (i = at; i < text.n && i - at <= REPORT_MAX_ADDRESS; i++) {
		if (text.p[i] == '"' && close == '>') {
			i = quoted_end(text, i);
			if (i >= text.n)
				return 0;
		}
		if (text.p[i] == close || text.p[i] == '\n' || text.p[i] == '<')
			break;
	}
	if (i == at || i >= text.n || text.p[i] != close)
		return 0;
	*out_r = span_trim(span_make(text.p + at, i - at));
	return out_r->n > 0 ? i + 1 : 0;
}

/* "@relay.example.net:user@host": behind the route, or where it would begin. */
static size_t behind_route(struct span text, size_t at)
{
	size_t i = at;

	if (text.p[at] != '@')
		return at;
	while (i < text.n && i - at <= REPORT_MAX_ADDRESS &&
	       (is_atom_at(text, i) || text.p[i] == '@' || text.p[i] == ','))
		i++;
	return i + 1 < text.n && text.p[i] == ':' ? i + 1 : at;
}

/* 'said "no". To a@example.com we said "yes"': from one quotation to another.
 */
static bool is_between_quotes(struct span quoted)
{
	return text_is_any_of(quoted.p[0], " \t\r.,;:!?)") ||
	       text_is_space(quoted.p[quoted.n - 1]);
}

size_t text_address_at(struct span text, size_t at, struct span *out_r)
{
	char c;
	size_t end;

	if (at >= text.n)
		return 0;
	at = behind_route(text, at);
	c = text.p[at];
	if (c == '<')
		return bracketed_at(text, at + 1, '>', out_r);
	end = bare_address_at(text, at, out_r);
	if (end > 0 && c != '\'')
		return end;
	if (c != '"' && c != '\'')
		return 0;
	end = bracketed_at(text, at + 1, c, out_r);
	return end > 0 && span_find_char(*out_r, '@') != SPAN_NONE &&
			       !is_between_quotes(
				       span_make(text.p + at + 1, end - at - 2))
		       ? end
		       : 0;
}

/* U+2192 and the like: those that point to the right. */
static bool is_wide_arrow(struct span mark)
{
	static const char *const arrows[] = {"→", "⇒", "⟶", "⟹", "➔",
					     "➜", "➝", "➞", "➡", NULL};

	return words_start_any(mark, arrows);
}

size_t text_arrow_at(struct span text, size_t at, struct span *out_r)
{
	size_t start, end, mark;
	struct span address;

	at += text_indent(span_from(text, at));
	start = at;
	while (at < text.n && strchr("-=>", text.p[at]))
		at++;
	mark = text_mark_at(text, at);
	if (mark > 0 && is_wide_arrow(span_from(text, at)))
		at += mark;
	else if (at < start + 2 || text.p[at - 1] != '>')
		return 0;
	at += text_indent(span_from(text, at));
	end = text_address_at(text, at, &address);
	if (end == 0 || span_find_char(address, '@') == SPAN_NONE)
		return 0;
	*out_r = address;
	return end;
}

bool text_recipient_line(struct span line, struct span *address_r)
{
	size_t end;

	if (line.n == 0 || line.p[0] != '<')
		return false;
	end = text_address_at(line, 0, address_r);
	return end > 0 && end < line.n && line.p[end] == ':' &&
	       text_is_blank(span_from(line, end + 1));
}

size_t text_address_find(struct span text, size_t at, struct span *out_r)
{
	size_t end, mark;

	if (span_find_char(span_from(text, at), '@') == SPAN_NONE)
		return 0;
	while (at < text.n) {
		if (text.p[at] != '<' && text.p[at] != '"' &&
		    !is_atom_at(text, at)) {
			mark = text_mark_at(text, at);
			at += mark > 0 ? mark : 1;
			continue;
		}
		end = text_address_at(text, at, out_r);
		if (end > 0 && span_find_char(*out_r, '@') != SPAN_NONE)
			return end;
		if (!is_atom(text.p[at]))
			at++;
		else
			while (at < text.n && is_atom_at(text, at))
				at++;
	}
	return 0;
}

size_t text_origin_at(struct span text, size_t at, struct span *out_r)
{
	static const char *const phrases[] = {
		"(generated from ",   "(ultimately generated from ",
		"(expanded from: ",   "(expanded from ",
		"original address: ", NULL};
	size_t i, end = SPAN_NONE;
	bool in_brackets = at < text.n && text.p[at] == '(';

	for (i = 0; phrases[i] != NULL && end == SPAN_NONE; i++)
		end = reply_phrase_at(text, at, phrases[i]);
	if (end == SPAN_NONE)
		return 0;
	end = text_address_at(text, end, out_r);
	if (end == 0 || span_find_char(*out_r, '@') == SPAN_NONE ||
	    (in_brackets && (end >= text.n || text.p[end] != ')')))
		return 0;
	return end + in_brackets;
}

static bool names_another(struct span paragraph, struct span address)
{
	struct span word;
	size_t at = 0;

	while ((at = text_address_find(paragraph, at, &word)) > 0)
		if (!span_eq_ci(word, address))
			return true;
	return false;
}

bool text_has_reply(struct span text)
{
	struct reply reply;
	size_t digit = 0;

	/* Most of what is asked for has none: to look for one is dear. */
	while (digit < text.n && text.p[digit] != '4' && text.p[digit] != '5')
		digit++;
	if (digit == text.n)
		return false;
	reply_read_codes(text, &reply);
	return reply.code >= 400 || reply.status.class_ >= 4;
}

bool text_begins_with_reply(struct span text)
{
	text = span_from(text, text_indent(text));
	return text.n > 3 && (text.p[0] == '4' || text.p[0] == '5') &&
	       text_is_digit(text.p[1]) && text_is_digit(text.p[2]) &&
	       (text_is_space(text.p[3]) || text.p[3] == '-');
}

/* What was read of some words so far. */
struct telling {
	struct span words, address;
	size_t asked; /* up to here a reply was looked for */
	bool replied;
};

static bool has_reply_before(struct telling *t, size_t end)
{
	if (!t->replied && end > t->asked) {
		t->replied = text_has_reply(
			span_from(span_cut(t->words, end), t->asked));
		t->asked = end;
	}
	return t->replied;
}

static bool is_beside(struct telling *t, struct span part)
{
	return !text_has_reply(part) &&
	       has_reply_before(t, text_offset(t->words, part));
}

/*
 * "550 user unknown. Questions? help@example.net": where in a line that names
 * another that begins; its end where it does not.
 */
static size_t help_in_line(struct telling *t, struct span line)
{
	struct span rest;
	size_t i;

	if (!languages_offer_help(line))
		return line.n;
	if (is_beside(t, line))
		return 0;
	for (i = 0; i < line.n; i++) {
		rest = span_from(line, i + 1);
		if (text_ends_sentence(line, i) &&
		    names_another(rest, t->address) &&
		    languages_offer_help(rest) && is_beside(t, rest))
			return i + 1;
	}
	return line.n;
}

/*
 * "452 full b@example.net 550 unknown": where in the line one begins whom
 * something else was answered; its end where nobody does.
 */
static size_t next_in_line(struct telling *t, struct span line)
{
	size_t end = 0, at;
	struct span other;

	while ((end = text_address_find(line, end, &other)) > 0) {
		size_t behind = end;

		while (behind < line.n &&
		       text_is_any_of(line.p[behind], ">)]:;,( "))
			behind++;
		if (span_eq_ci(other, t->address) ||
		    !text_begins_with_reply(span_from(line, behind)))
			continue;
		at = text_offset(line, other);
		while (at > 0 && text_is_any_of(line.p[at - 1], "<([ "))
			at--;
		if (has_reply_before(t, text_offset(t->words, line) + at))
			return at;
	}
	return line.n;
}

struct span text_without_label(struct span words)
{
	struct span rest = words, line;

	while (rest.n > 0 && text_is_space(rest.p[rest.n - 1]))
		rest.n--;
	while (rest.n > 0 && rest.p[rest.n - 1] != '\n')
		rest.n--;
	line = span_trim(span_from(words, rest.n));
	return line.n <= TEXT_LABEL_MAX && languages_refer(line) &&
			       !text_has_reply(line)
		       ? rest
		       : words;
}

struct span text_told_of(struct span words, struct span address)
{
	struct telling t = {.words = words, .address = address};
	struct span line, paragraph;
	size_t at = 0, start = 0, end;
	bool another = false;

	while (text_next_line(words, &at, &line)) {
		if (names_another(line, address)) {
			another = true;
			end = next_in_line(&t, line);
			if (end == line.n)
				end = help_in_line(&t, line);
			if (end < line.n)
				return span_cut(words,
						text_offset(words, line) + end);
		}
		if (!text_is_blank(line) && at < words.n)
			continue;
		paragraph = span_from(span_cut(words, at), start);
		if (another && is_beside(&t, paragraph))
			return text_without_label(span_cut(words, start));
		start = at;
		another = false;
	}
	return words;
}
