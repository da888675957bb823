/*
 * A bit for three classes of letters: letters have one each, white space,
 * digits and all the rest share few. A text's bits are a kilobyte, since it is
 * cleared and read for many a short text. Classes are of bytes, as phrases in
 * other scripts are compared by bytes too.
 */
#include "util/grams.h"

#include <string.h>

const unsigned char grams_classes[256] = {
	28, 29, 28, 29, 28, 29, 28, 29, 28, 0,	0,  0,	0,  0,	28, 29, 28, 29,
	28, 29, 28, 29, 28, 29, 28, 29, 28, 29, 28, 29, 28, 29, 0,  29, 28, 29,
	28, 29, 28, 29, 28, 29, 28, 29, 28, 29, 28, 29, 27, 27, 27, 27, 27, 27,
	27, 27, 27, 27, 28, 29, 28, 29, 28, 29, 28, 1,	2,  3,	4,  5,	6,  7,
	8,  9,	10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
	26, 29, 28, 29, 28, 29, 28, 1,	2,  3,	4,  5,	6,  7,	8,  9,	10, 11,
	12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 29, 28, 29,
	28, 29, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31, 30, 31,
	30, 31, 30, 31,
};

static unsigned class_of(char c)
{
	return grams_classes[(unsigned char)c];
}

void grams_read(struct grams *g, struct span text)
{
	unsigned last = 0, before = 0;

	memset(g, 0, sizeof(*g));
	g->bits[0] = 1;
	for (size_t i = 0; i < text.n; i++) {
		unsigned now = class_of(text.p[i]), gram;

		if ((now | last) == 0)
			continue;
		/* before has its part of grams_bit with it. */
		gram = before ^ now;
		g->bits[gram / 64] |= UINT64_C(1) << gram % 64;
		before = grams_bit(last, now, 0);
		last = now;
	}
}

static inline bool may_hold(const struct grams *g, const char *phrase, char gap)
{
	unsigned before = 0, last = 0, n = 0;

	for (; *phrase != '\0'; phrase++) {
		unsigned now, gram;

		if (*phrase == gap) {
			n = 0;
			continue;
		}
		now = class_of(*phrase);
		gram = grams_bit(before, last, now);
		if (++n >= 3 && (g->bits[gram / 64] >> gram % 64 & 1) == 0)
			return false;
		before = last;
		last = now;
	}
	return true;
}

bool grams_may_hold_all(const struct grams *g, const char *phrase)
{
	return may_hold(g, phrase, '\0');
}

bool grams_may_hold_parts(const struct grams *g, const char *phrase)
{
	return may_hold(g, phrase, '*');
}

uint16_t grams_rarest(const char *phrase)
{
	unsigned best_rank = 0, best = 0;

	for (; phrase[0] != '\0' && phrase[1] != '\0' && phrase[2] != '\0';
	     phrase++) {
		unsigned rank = text_rank(phrase[0]) + text_rank(phrase[1]) +
				text_rank(phrase[2]);

		if (rank < best_rank || memchr(phrase, '*', 3) != NULL)
			continue;
		best_rank = rank;
		best = grams_bit(class_of(phrase[0]), class_of(phrase[1]),
				 class_of(phrase[2]));
	}
	return (uint16_t)best;
}

void phrases_prepare(struct phrases *p)
{
	for (; p->list[p->count] != NULL; p->count++)
		p->grams[p->count] = grams_rarest(p->list[p->count]);
}
