#ifndef VERDICT_MATCH_H
#define VERDICT_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/grams.h"
#include "util/text.h"

/*
 * Phrases and the search for all of them in one pass over a text. A phrase is
 * literal, folded as fold_phrase does it, with '*' for any text of at most
 * PHRASE_GAP_BYTES between its parts. Where a phrase begins or ends in an
 * ASCII letter or digit, the text must not go on with one, unless the phrase
 * has a '*' there.
 */
#define PHRASE_GAP_BYTES 200
#define PHRASE_MIN_BYTES 3

struct matcher;

struct matcher *matcher_new(void);
void matcher_free(struct matcher *m);
/*
 * Adds a folded phrase (borrowed until matcher_free) that belongs to owner.
 * Returns 0, or -1 when its first part is shorter than PHRASE_MIN_BYTES.
 */
int matcher_add(struct matcher *m, struct span phrase, uint32_t owner);
/* Builds the index; to be called once, after the last matcher_add. */
void matcher_build(struct matcher *m);

/* Called for every match; at and n tell where in the text. */
typedef void (*matcher_fn)(void *arg, uint32_t owner, size_t at, size_t n);

/*
 * Finds all phrases in a folded text. Cost: the length of the text, plus the
 * places where three bytes of it are the rarest three bytes of a phrase.
 */
void matcher_scan(const struct matcher *m, struct span text, matcher_fn fn,
		  void *arg);

/* Whether one phrase is in the text, and where (either may be NULL). */
bool phrase_find(struct span phrase, struct span text, size_t *at_r,
		 size_t *n_r);

/* Whether one of a list is; g was read from text, or more. */
bool phrase_find_any(struct phrases *phrases, const struct grams *g,
		     struct span text);

#endif
