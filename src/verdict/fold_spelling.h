#ifndef VERDICT_FOLD_SPELLING_H
#define VERDICT_FOLD_SPELLING_H

#include <stddef.h>

/*
 * The n bytes at p are a folded text as far as it was written. Where they end
 * in one of several spellings of the same word ("mail box", "doesn't"), that
 * end becomes the one that all of them share, if max bytes have room for it.
 * Returns the new length. A text and the phrases it is searched for both go
 * this way, so that rules need not list what differs in spelling only.
 */
size_t fold_spelling(char *p, size_t n, size_t max);

#endif
