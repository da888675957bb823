#ifndef VERDICT_DOUBT_H
#define VERDICT_DOUBT_H

#include "verdict/fold.h"

/*
 * The n bytes at `at` of text, which is the text of fold or its beginning, are
 * the words of a dead address. True where the sentence around them leaves it
 * open: "if ...", "... until Monday", "... ?"; or says them of something else:
 * "the owner of [this mailbox ...]".
 */
bool doubt_is_there(const struct fold *fold, struct span text, size_t at,
		    size_t n);

/* It is for a while, to some alone, or one of several causes. */
bool doubt_limits(const struct fold *fold, struct span text);

#endif
