#ifndef VERDICT_FOLD_LOST_H
#define VERDICT_FOLD_LOST_H

#include "util/text.h"

/*
 * Postfix writes '?' for each byte outside ASCII that a host said, gateways
 * for each letter: "Empf??nger unbekannt". Puts words that claim_words.txt has
 * in their place where all that fit do the same in a sentence, and letters
 * that make no word where none does, into out, which has room for s.n bytes
 * and may be where s is. Returns what it wrote; s itself where nothing is lost.
 */
struct span fold_lost(struct span s, char *out);

#endif
