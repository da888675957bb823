#include "verdict/fold_octal.h"

#include <string.h>

/* The byte at s.p[at] that is written in octal, or 0. */
static unsigned char octal_at(struct span s, size_t at)
{
	const char *p = s.p + at;

	if (s.n - at < 4 || p[0] != '\\' || (p[1] != '2' && p[1] != '3') ||
	    p[2] < '0' || p[2] > '7' || p[3] < '0' || p[3] > '7')
		return 0;
	return (unsigned char)((p[1] - '0') << 6 | (p[2] - '0') << 3 |
			       (p[3] - '0'));
}

/* Of how many bytes lead says that its letter is, or 0. */
static size_t letter_length(unsigned char lead)
{
	if (lead >= 0xc2 && lead <= 0xdf)
		return 2;
	if (lead >= 0xe0 && lead <= 0xef)
		return 3;
	return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/* Whether the letter whose lead is at `at` is there as a whole. */
static bool is_whole(struct span s, size_t at, size_t length)
{
	size_t i;

	for (i = 1; i < length; i++)
		if (s.n - at < 4 * (i + 1) ||
		    (octal_at(s, at + 4 * i) & 0xc0) != 0x80)
			return false;
	return length > 0;
}

struct span fold_octal(struct span s, char *out)
{
	size_t at = 0, n = 0, i, length;
	unsigned char c;

	if (span_find_char(s, '\\') == SPAN_NONE)
		return s;
	while (at < s.n) {
		c = octal_at(s, at);
		if (c == 0) {
			out[n++] = s.p[at++];
			continue;
		}
		length = letter_length(c);
		if (is_whole(s, at, length)) {
			for (i = 0; i < length; i++, at += 4)
				out[n++] = (char)octal_at(s, at);
			continue;
		}
		out[n++] = (char)(0xc0 | c >> 6);
		out[n++] = (char)(0x80 | (c & 0x3f));
		at += 4;
	}
	return span_make(out, n);
}
