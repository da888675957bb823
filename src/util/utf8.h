#ifndef UTIL_UTF8_H
#define UTIL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

/*
 * The sequence at the front of s (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF). Returns its length and sets *code_r, or returns 0
 * where there is none; s.n is at least 1.
 */
size_t utf8_next(struct span s, uint32_t *code_r);
/* Appends one code point that utf8_next gave. */
void utf8_add(struct buf *out, uint32_t code);

/*
 * The small letter of a capital, Latin up to U+017F, Greek or Cyrillic; others
 * as they are. A Greek one loses its accent: capitals are written without.
 */
uint32_t utf8_small(uint32_t code);

/* C0, DEL and C1. */
bool utf8_is_control(uint32_t code);
/* Control characters, bidirectional controls and line separators. */
bool utf8_is_unprintable(uint32_t code);

#endif
