/*
 * Known ways to kill libetpan as distributions ship it, told from the bytes
 * before it sees them. All counts are far above what mail servers write.
 */
#include "report/mime_guard.h"

#include <stddef.h>

#define MAX_COMMENT_DEPTH 1000 /* 80 bytes of stack each */
#define MAX_BOUNDARIES 64      /* a full reading of the body for each */
#define MAX_MESSAGES 200

/* The field that s begins in ends at a line that is not folded. */
static struct span rest_of_field(struct span s)
{
	size_t i = 0;

	while (i < s.n &&
	       (s.p[i] != '\n' ||
		(i + 1 < s.n && (s.p[i + 1] == ' ' || s.p[i + 1] == '\t'))))
		i++;
	return span_cut(s, i);
}

static bool boundaries_ok(struct span s)
{
	size_t count = 0, at;

	while ((at = span_find_ci(s, SPAN("boundary"))) != SPAN_NONE) {
		struct span field;

		s = span_from(s, at + 8);
		field = rest_of_field(span_cut(s, 1000));
		if (span_find_char(field, '=') == SPAN_NONE)
			continue;
		if (++count > MAX_BOUNDARIES ||
		    span_find_char(field, '\\') != SPAN_NONE)
			return false;
	}
	return true;
}

static bool messages_ok(struct span s)
{
	size_t count = 0, at;

	while ((at = span_find_ci(s, SPAN("message/"))) != SPAN_NONE) {
		if (++count > MAX_MESSAGES)
			return false;
		s = span_from(s, at + 8);
	}
	return true;
}

/* Few mails hold so many at all. */
static bool has_many_comments(struct span s)
{
	size_t count = 0, at;

	while ((at = span_find_char(s, '(')) != SPAN_NONE) {
		if (++count > MAX_COMMENT_DEPTH)
			return true;
		s = span_from(s, at + 1);
	}
	return false;
}

/* Comments cannot span a blank line, so the depth starts anew there. */
static bool comments_ok(struct span s)
{
	size_t depth = 0;

	if (!has_many_comments(s))
		return true;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && depth > 0)
			depth--;
		else if (s.p[i] == '\n' && (i == 0 || s.p[i - 1] == '\n'))
			depth = 0;
		if (depth > MAX_COMMENT_DEPTH)
			return false;
	}
	return true;
}

bool mime_guard_ok(struct span message)
{
	return comments_ok(message) && boundaries_ok(message) &&
	       messages_ok(message);
}
