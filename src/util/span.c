/*
 * Bytes from mail have a length and no end mark. Everything that looks for
 * something in them is here.
 */
#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "util/text.h"

#define LETTER_BLOCK 512

bool span_starts_rest_ci(struct span s, struct span prefix)
{
	/* Most that are the same are written the same. */
	if (memcmp(s.p, prefix.p, prefix.n) == 0)
		return true;
	for (size_t i = 1; i < prefix.n; i++)
		if (text_lower(s.p[i]) != text_lower(prefix.p[i]))
			return false;
	return true;
}

bool span_ends_ci(struct span s, struct span suffix)
{
	return s.n >= suffix.n &&
	       span_starts_ci(span_from(s, s.n - suffix.n), suffix);
}

size_t span_find(struct span s, struct span needle)
{
	const char *found;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return SPAN_NONE;
	found = memmem(s.p, s.n, needle.p, needle.n);
	return found != NULL ? (size_t)(found - s.p) : SPAN_NONE;
}

/*
 * A block at a time: where one case stands everywhere and the other nowhere,
 * looking for that to the end each time would cost the square of the length.
 */
size_t span_find_letter(struct span s, size_t from, char c)
{
	char lower = text_lower(c);
	char upper = text_is_alpha(c) ? (char)(lower - 'a' + 'A') : c;

	for (; from < s.n; from += LETTER_BLOCK) {
		struct span block = span_cut(span_from(s, from), LETTER_BLOCK);
		size_t at = span_find_char(block, lower), other = SPAN_NONE;

		if (upper != lower)
			other = span_find_char(span_cut(block, at), upper);
		if (other != SPAN_NONE)
			at = other;
		if (at != SPAN_NONE)
			return from + at;
	}
	return SPAN_NONE;
}

size_t span_find_ci(struct span s, struct span needle)
{
	size_t rarest, at;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return SPAN_NONE;
	rarest = text_rarest(needle);
	s.n -= needle.n - 1 - rarest;
	at = rarest;
	while ((at = span_find_letter(s, at, needle.p[rarest])) != SPAN_NONE) {
		struct span there = span_make(s.p + at - rarest, needle.n);

		if (span_starts_ci(there, needle))
			return at - rarest;
		at++;
	}
	return SPAN_NONE;
}

/*
 * The highest bit of each of eight bytes that is c. A byte above one that is
 * may be marked, too, the lowest mark is right.
 */
static uint64_t marks_of(uint64_t eight, char c)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t zero = eight ^ ones * (unsigned char)c;

	return (zero - ones) & ~zero & ones << 7;
}

/* Lines are short: calling memchr for each costs more than looking here. */
static size_t line_length(struct span s)
{
	uint64_t eight, marks;
	size_t i = 0;

	for (; s.n - i >= sizeof eight; i += sizeof eight) {
		memcpy(&eight, s.p + i, sizeof eight);
		eight = le64toh(eight);
		marks = marks_of(eight, '\n') | marks_of(eight, '\r');
		if (marks != 0)
			return i + (size_t)__builtin_ctzll(marks) / 8;
	}
	while (i < s.n && s.p[i] != '\n' && s.p[i] != '\r')
		i++;
	return i;
}

bool span_next_line(struct span *rest, struct span *line_r)
{
	size_t i;

	if (rest->n == 0)
		return false;
	i = line_length(*rest);
	*line_r = span_cut(*rest, i);
	if (i + 1 < rest->n && rest->p[i] == '\r' && rest->p[i + 1] == '\n')
		i++;
	*rest = span_from(*rest, i + 1);
	return true;
}

bool span_next_word(struct span *rest, struct span *word_r)
{
	/* Not both ends: a caller in a loop would pass the end each time. */
	struct span s = span_trim_start(*rest);
	size_t i = 0;

	while (i < s.n && !text_is_space(s.p[i]))
		i++;
	*word_r = span_cut(s, i);
	*rest = span_from(s, i);
	return i > 0;
}
