/*
 * Mailboxes in address fields (RFC 5322 3.4), by a scan without recursion:
 * nested comments are how mail makes other parsers run out of stack.
 */
#include "report/headers.h"

#include "util/address.h"

/* The length of the quoted string at the start of s. */
static size_t quoted(struct span s)
{
	size_t i = 1;

	while (i < s.n && s.p[i] != '"')
		i += s.p[i] == '\\' ? 2 : 1;
	return i < s.n ? i + 1 : s.n;
}

/* The length of the comment at the start of s; all of it where it is open. */
static size_t comment(struct span s)
{
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && --depth == 0)
			return i + 1;
	}
	return s.n;
}

static bool ends_word(char c)
{
	return text_is_space(c) || c == ',' || c == ';' || c == '<' ||
	       c == '>' || c == '(';
}

/* The length of the word at the start of s, quoted parts included. */
static size_t word(struct span s)
{
	size_t i = 0;

	while (i < s.n && !ends_word(s.p[i]))
		i += s.p[i] == '"' ? quoted(span_from(s, i)) : 1;
	return i > 0 ? i : 1;
}

bool headers_next_mailbox(struct span *rest, struct span *mailbox_r)
{
	while (rest->n > 0) {
		struct span s = *rest;
		size_t end, n;

		if (s.p[0] == '(') {
			*rest = span_from(s, comment(s));
			continue;
		}
		if (s.p[0] == '<') {
			end = span_find_char(s, '>');
			/* "<host #5.5.0 smtp;554 <user@example.com>: ...>" */
			for (size_t i = end; i > 1 && end != SPAN_NONE; i--)
				if (s.p[i - 1] == '<') {
					s = span_from(s, i - 1);
					end -= i - 1;
					break;
				}
			n = end == SPAN_NONE ? s.n : end + 1;
			*rest = span_from(s, n);
			*mailbox_r = span_cut(s, n);
			return true;
		}
		n = word(s);
		*rest = span_from(s, n);
		*mailbox_r = span_cut(s, n);
		if (span_find_char(*mailbox_r, '@') != SPAN_NONE &&
		    span_find_char(span_cut(span_trim_start(*rest), 1), '<') ==
			    SPAN_NONE)
			return true;
	}
	return false;
}

int headers_mailbox(struct buf *out, struct span raw)
{
	struct span mailbox;

	while (headers_next_mailbox(&raw, &mailbox)) {
		if (address_clean(out, mailbox) == 0)
			return 0;
	}
	return -1;
}
