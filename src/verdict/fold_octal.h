#ifndef VERDICT_FOLD_OCTAL_H
#define VERDICT_FOLD_OCTAL_H

#include "util/text.h"

/*
 * Exim writes each byte outside ASCII that a host said as a backslash and
 * three octal digits. Puts them back as UTF-8, those that are none as Latin-1,
 * into out, which has room for s.n bytes, and returns what it wrote; s itself
 * where it has none.
 */
struct span fold_octal(struct span s, char *out);

#endif
