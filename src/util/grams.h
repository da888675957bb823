#ifndef UTIL_GRAMS_H
#define UTIL_GRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/text.h"

/*
 * Which three letters follow one another in a text, read once. Hundreds of
 * phrases are looked for in every report and few are there: most of the others
 * are ruled out by the first letters that never stand side by side.
 */
#define GRAMS_BITS (32 * 16 * 16)

/*
 * For variables of kilobytes that are written before they are read: they are
 * not cleared first, as the compiler is told to do with all others.
 */
#if defined(__has_attribute) && __has_attribute(uninitialized)
#define UNCLEARED __attribute__((uninitialized))
#else
#define UNCLEARED
#endif

struct grams {
	uint64_t bits[GRAMS_BITS / 64];
};

/* Of this text alone; a run of white space counts as one space. */
void grams_read(struct grams *g, struct span text);

/*
 * False where the phrase is nowhere in the text that was read, ASCII case
 * ignored and a space standing for any white space; true says nothing.
 */
bool grams_may_hold_all(const struct grams *g, const char *phrase);

/*
 * Which bit. Classes have five bits, of which neighbours share one: that rules
 * out nearly as much as all fifteen would, in a quarter of the memory.
 */
static inline unsigned grams_bit(unsigned a, unsigned b, unsigned c)
{
	return a << 8 ^ b << 4 ^ c;
}

/* Of each byte: white space 0, letters 1 to 26 in either case, others. */
extern const unsigned char grams_classes[256];

/* Most phrases are ruled out by their first three letters: worth being here. */
static inline bool grams_may_hold(const struct grams *g, const char *phrase)
{
	const unsigned char *p = (const unsigned char *)phrase;
	unsigned gram;

	if (p[0] == '\0' || p[1] == '\0' || p[2] == '\0')
		return true;
	gram = grams_bit(grams_classes[p[0]], grams_classes[p[1]],
			 grams_classes[p[2]]);
	return (g->bits[gram / 64] >> gram % 64 & 1) != 0 &&
	       grams_may_hold_all(g, phrase);
}

/* The whole of what grams_may_hold_parts asks. */
bool grams_may_hold_all_parts(const struct grams *g, const char *phrase);

/* The same of a phrase in which '*' stands for any text, but not so early. */
static inline bool grams_may_hold_parts(const struct grams *g,
					const char *phrase)
{
	const unsigned char *p = (const unsigned char *)phrase;
	unsigned gram;

	if (p[0] == '\0' || p[1] == '\0' || p[2] == '\0' || p[2] == '*')
		return true;
	gram = grams_bit(grams_classes[p[0]], grams_classes[p[1]],
			 grams_classes[p[2]]);
	return (g->bits[gram / 64] >> gram % 64 & 1) != 0 &&
	       grams_may_hold_all_parts(g, phrase);
}

#endif
