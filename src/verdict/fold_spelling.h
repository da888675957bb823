#ifndef VERDICT_FOLD_SPELLING_H
#define VERDICT_FOLD_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * No row of spellings.def ends in other letters than these, and a test holds
 * that: asked of every letter written.
 */
static inline bool fold_may_be_spelling(const char *p, size_t n)
{
	char first = n < 3 ? ' ' : p[n - 3], before = n < 2 ? ' ' : p[n - 2];

	switch (n < 2 ? ' ' : p[n - 1]) {
	case 't':
		return before == '\'' || before == 's' || before == 'o' ||
		       (before == 'n' && (first == 'a' || first == 'u')) ||
		       (before == 'c' && first == 'c');
	case 's':
		return before == 't' || before == 's' ||
		       (before == 'a' && first == 'w') ||
		       (before == 'e' && first == 'r');
	case 'e':
		return (before == 'l' && first == 'b') || before == 'a' ||
		       before == 'o' || before == 'u' ||
		       (before == 'c' && first == 'i') ||
		       (before == 's' && first == 'u') ||
		       (before == 'n' && first == 'o') ||
		       (before == 'r' && first == 'd');
	case 'o':
		return before == 's' && first == 'i';
	case 'r':
		return before == 'e' && first == 'd';
	case 'f':
		return before == 'f' && first == 'o';
	case 'b':
		return before == 'e';
	case 'x':
		return before == 'o';
	case 'l':
		return before == 'i';
	case 'g':
		return before == 'n';
	case 'i':
		return before == 'p';
	case 'k':
		return before == 'o' && first == 'o';
	case 'n':
		if (before == 'w')
			return first == 'o';
		return before == 'e' && first == 'e';
	case 'w':
		return before == 'o' && first == 'n';
	case 'z':
		return before == 's' && first == 'i';
	case 'y':
		return before == 'l' && (first == 't' || first == 'e');
	}
	return false;
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
