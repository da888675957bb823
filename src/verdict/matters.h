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

/* What is refused from us, and not what we are asked to take off a list. */
bool matters_come_from_yours(const struct fold *fold, struct span words);

/* A policy, a while; and not one to read, or after a spelling is looked at. */
bool matters_are_theirs(const struct fold *fold, struct span words);

/* Words of spam, be it the reason or what a host says to everybody. */
bool matters_are_spam(const struct fold *fold, struct span words);

#endif
