#ifndef VERDICT_DOUBT_H
#define VERDICT_DOUBT_H

#include "verdict/fold.h"

/*
 * Whether the sentence around n bytes at `at` of text, a part of what
 * fold has, which are the
 * words of a dead address, leaves it open: "if ...", "... until Monday",
 * "... ?"; or says them of something else: "the owner of [this mailbox ...]".
 */
bool doubt_is_there(const struct fold *fold, struct span text, size_t at,
		    size_t n);

#endif
