/* Base32 for local parts: five bits a character, in the alphabet of RFC 4648.
 */
#include "trust/base32.h"

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

void base32_encode(const uint8_t *p, size_t n, char *out)
{
	uint32_t bits = 0;
	unsigned have = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		have += 8;
		while (have >= 5) {
			have -= 5;
			*out++ = alphabet[bits >> have & 31];
		}
		bits &= 31;
	}
	if (have > 0)
		*out = alphabet[bits << (5 - have) & 31];
}

static int value_of(char c)
{
	c = text_lower(c);
	if (c >= 'a' && c <= 'z')
		return c - 'a';
	if (c >= '2' && c <= '7')
		return c - '2' + 26;
	return -1;
}

int base32_decode(struct span s, uint8_t *out, size_t size)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int v = value_of(s.p[i]);

		if (v < 0)
			return -1;
		bits = (bits << 5 | (uint32_t)v) & 0xfff;
		have += 5;
		if (have < 8)
			continue;
		have -= 8;
		if (n == size)
			return -1;
		out[n++] = (uint8_t)(bits >> have);
	}
	/* Left-over bits are zero, and less than one character's. */
	if (have >= 5 || (bits & ((UINT32_C(1) << have) - 1)) != 0)
		return -1;
	return (int)n;
}
