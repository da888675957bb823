#ifndef UTIL_GRAMS_H
#define UTIL_GRAMS_H

#include <stdbool.h>
#include <stddef.h>
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

/* The same of a phrase in which '*' stands for any text. */
bool grams_may_hold_parts(const struct grams *g, const char *phrase);

/*
 * A list of phrases that are looked for together. Of each, the gram by which
 * most texts are told not to hold it is worked out when the list is first
 * asked for: from then on no phrase is looked at that is ruled out.
 */
struct phrases {
	const char *const *list; /* ends in NULL */
	uint16_t *grams;	 /* one a phrase */
	size_t count;		 /* 0: nobody has asked */
};

/* Of a list that ends in NULL: PHRASES(signs); defines signs_phrases. */
#define PHRASES(list)                                                          \
	static uint16_t list##_grams[sizeof(list) / sizeof(char *)];           \
	static struct phrases list##_phrases[1] = {{list, list##_grams, 0}}

/* The same inside of an initialiser, outside of functions. */
#define PHRASES_OF(...)                                                        \
	(&(struct phrases){                                                    \
		(const char *const[]){__VA_ARGS__, NULL},                      \
		(uint16_t[sizeof((const char *const[]){__VA_ARGS__}) /         \
			  sizeof(char *)]){0},                                 \
		0})

/* The gram of a phrase that fewest texts have; 0, which all have, of none. */
uint16_t grams_rarest(const char *phrase);

static inline bool grams_have(const struct grams *g, uint16_t gram)
{
	return (g->bits[gram / 64] >> gram % 64 & 1) != 0;
}

/* grams_may_hold of a phrase whose gram is kept from the first time on. */
static inline bool grams_may_hold_kept(const struct grams *g,
				       const char *phrase, uint16_t *gram)
{
	if (*gram == 0)
		*gram = grams_rarest(phrase);
	return grams_have(g, *gram) && grams_may_hold_all(g, phrase);
}

/* Works the grams out. */
void phrases_prepare(struct phrases *p);

/*
 * The next phrase from the nth on that the text may hold, as above, and *nth
 * behind it; NULL where there is none.
 */
static inline const char *phrases_next(struct phrases *p, const struct grams *g,
				       size_t *nth)
{
	if (p->count == 0)
		phrases_prepare(p);
	while (*nth < p->count) {
		size_t i = (*nth)++;

		if (grams_have(g, p->grams[i]) &&
		    grams_may_hold_parts(g, p->list[i]))
			return p->list[i];
	}
	return NULL;
}

#endif
