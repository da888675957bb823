#ifndef VERDICT_CLAIM_FULL_H
#define VERDICT_CLAIM_FULL_H

#include "util/grams.h"
#include "verdict/claim_tokens.h"

/* False where no word of the text that was read says so. */
bool claim_may_be_full(const struct grams *g);
/* A sentence says that there is no room. *words_r: by which word. */
bool claim_is_full(const struct token *t, size_t n, struct span *words_r);

#endif
