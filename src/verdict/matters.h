#ifndef VERDICT_MATTERS_H
#define VERDICT_MATTERS_H

#include <stdbool.h>

#include "util/text.h"
#include "verdict/fold.h"

/* Words about us, our mail or the hour. */
bool matters_are_ours(const struct fold *fold, struct span words);

/* "Your server": of the sender's side, and never of the recipient's. */
bool matters_are_yours(const struct fold *fold, struct span words);

/*
 * Words of what failed on their side before anybody looked for the recipient,
 * of whom else it is said, or that it will pass.
 */
bool matters_are_faults(const struct fold *fold, struct span words);

#endif
