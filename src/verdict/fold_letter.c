#include "verdict/fold_letter.h"

#include <string.h>

#include "util/utf8.h"

/* U+00C0 to U+017F; ' ' is no letter. */
static const char latin[] =
	"aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* Greek without accents, and its last sigma as any other. */
static uint32_t plain_greek(uint32_t letter)
{
	switch (letter) {
	case 0x3ac:
		return 0x3b1;
	case 0x3ad:
		return 0x3b5;
	case 0x3ae:
		return 0x3b7;
	case 0x390:
	case 0x3af:
	case 0x3ca:
		return 0x3b9;
	case 0x3cc:
		return 0x3bf;
	case 0x3b0:
	case 0x3cb:
	case 0x3cd:
		return 0x3c5;
	case 0x3ce:
		return 0x3c9;
	case 0x3c2:
		return 0x3c3;
	}
	return letter;
}

/* Two bytes of UTF-8 that begin at p. */
static size_t fold_two(const char *p, char out[FOLD_LETTER_BYTES])
{
	unsigned char a = (unsigned char)p[0], b = (unsigned char)p[1];
	uint32_t letter = ((a & 0x1fU) << 6) | (b & 0x3fU);

	out[0] = p[0];
	out[1] = p[1];
	if (letter == 0xab || letter == 0xbb) {
		out[0] = '"';
		return 1;
	}
	if (letter >= 0xc0 && letter < 0x180 && latin[letter - 0xc0] != ' ') {
		out[0] = latin[letter - 0xc0];
		return 1;
	}
	if (letter >= 0x300 && letter < 0x370)
		return 0;
	if (letter >= 0x370 && letter < 0x430) {
		letter = plain_greek(utf8_small(letter));
		out[0] = (char)(0xc0 | (letter >> 6));
		out[1] = (char)(0x80 | (letter & 0x3f));
	}
	return 2;
}

/* A mark of three bytes that begin at p as ASCII has it, or NUL. */
static char plain_mark(const unsigned char *p)
{
	static const struct {
		uint32_t first, last;
		char mark;
	} marks[] = {{0x2018, 0x201a, '\''}, {0x201c, 0x201e, '"'},
		     {0x2026, 0x2026, '.'},  {0x2039, 0x203a, '"'},
		     {0x3001, 0x3001, ','},  {0x3002, 0x3002, '.'},
		     {0x3008, 0x3011, '"'}};
	uint32_t code =
		(p[0] & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
	size_t i;

	/* Those of '@' and '~' are none: names are written with these. */
	if (code >= 0xff01 && code < 0xff5e && code != 0xff20)
		return text_lower((char)(code - 0xff01 + '!'));
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (code >= marks[i].first && code <= marks[i].last)
			return marks[i].mark;
	return '\0';
}

size_t fold_letter(struct span s, size_t at, char out[FOLD_LETTER_BYTES],
		   size_t *took_r)
{
	const unsigned char *p = (const unsigned char *)s.p + at;
	size_t left = s.n - at;
	char mark = left >= 3 && (p[0] & 0xf0) == 0xe0 ? plain_mark(p) : '\0';

	*took_r = 1;
	if (mark != '\0') {
		*took_r = 3;
		out[0] = mark;
		return 1;
	}
	if (left >= 2 && p[0] >= 0xc2 && p[0] <= 0xdf &&
	    (p[1] & 0xc0) == 0x80) {
		*took_r = 2;
		return fold_two(s.p + at, out);
	}
	out[0] = text_lower(s.p[at]);
	return 1;
}
