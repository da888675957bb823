#ifndef VERDICT_FOLD_SPELLING_H
#define VERDICT_FOLD_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* No spelling ends in other letters than these: asked of every one written. */
static inline bool fold_may_be_spelling(const char *p, size_t n)
{
	char before = n < 2 ? ' ' : p[n - 2], last = n < 2 ? ' ' : p[n - 1];

	return (last == 't' &&
		(before == '\'' || before == 's' || before == 'o')) ||
	       (last == 's' && (before == 't' || before == 's')) ||
	       (last == 'x' && before == 'o') ||
	       (last == 'l' && before == 'i') || (last == 'g' && before == 'n');
}

/*
 * The n bytes at p are a folded text as far as it was written. Where they end
 * in one of several spellings of the same word ("mail box", "doesn't"), that
 * end becomes the one that all of them share, if max bytes have room for it.
 * Returns the new length. A text and the phrases it is searched for both go
 * this way, so that rules need not list what differs in spelling only.
 */
size_t fold_spelling(char *p, size_t n, size_t max);

#endif
