#ifndef TRUST_BASE32_H
#define TRUST_BASE32_H

#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

/*
 * RFC 4648 base32 in lower case without padding: survives systems that change
 * the case of a local part.
 */

/* Characters that n bytes take. */
#define BASE32_CHARS(n) (((n)*8 + 4) / 5)

/* Writes BASE32_CHARS(n) characters, no NUL. */
void base32_encode(const uint8_t *p, size_t n, char *out);

/*
 * Reads either case. Returns the number of bytes, or -1 where s is no base32,
 * is not the one spelling of its bytes, or needs more than size.
 */
int base32_decode(struct span s, uint8_t *out, size_t size);

#endif
