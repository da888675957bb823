#ifndef VERDICT_BARE_H
#define VERDICT_BARE_H

#include "util/text.h"

/* A phrase with these beside it, folded as it is, is the whole reply. */
bool bare_says_nothing(struct span before, struct span behind);

#endif
