#ifndef VERDICT_CLAIM_FULL_H
#define VERDICT_CLAIM_FULL_H

#include "verdict/claim_tokens.h"

/* A sentence says that there is no room. *words_r: by which word. */
bool claim_is_full(const struct token *t, size_t n, struct span *words_r);

#endif
