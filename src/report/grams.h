#ifndef REPORT_GRAMS_H
#define REPORT_GRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/text.h"

/*
 * Which three letters follow one another in a text, read once. Hundreds of
 * phrases are looked for in every report and few are there: most of the others
 * are ruled out by the first letters that never stand side by side.
 */
#define GRAMS_BITS (32 * 32 * 32)

struct grams {
	uint64_t bits[GRAMS_BITS / 64];
};

/* Of this text alone; a run of white space counts as one space. */
void grams_read(struct grams *g, struct span text);

/*
 * False where the phrase is nowhere in the text that was read, ASCII case
 * ignored and a space standing for any white space; true says nothing.
 */
bool grams_may_hold(const struct grams *g, const char *phrase);

#endif
