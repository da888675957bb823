#ifndef VERDICT_FOLD_LETTER_H
#define VERDICT_FOLD_LETTER_H

#include <stddef.h>

#include "util/text.h"

#define FOLD_LETTER_BYTES 2

/*
 * The letter at s.p[at], UTF-8, in lower case and without its accent: SMTP
 * replies are ASCII, so the same sentence is met with accents and without.
 * Latin letters up to U+017F become ASCII, Greek and Cyrillic capitals small
 * ones; quotation marks, brackets of East Asia and full-width forms the nearest
 * that ASCII has. Writes it to out and returns its length there, 0 for an
 * accent that stands by itself; *took_r is its length in s.
 */
size_t fold_letter(struct span s, size_t at, char out[FOLD_LETTER_BYTES],
		   size_t *took_r);

#endif
