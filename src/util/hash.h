#ifndef UTIL_HASH_H
#define UTIL_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "util/text.h"

#define HASH_SHA256_BYTES 32
#define MESSAGE_KEY_BYTES 16
#define MESSAGE_KEY_SPAN (256 * 1024)

void hash_sha256(const void *p, size_t n, uint8_t out[HASH_SHA256_BYTES]);
void hash_hmac_sha256(struct span key, struct span data,
		      uint8_t out[HASH_SHA256_BYTES]);

/*
 * A message's key: the first 16 bytes of SHA-256 over its first 256 KiB (as
 * they are stored in the mailbox) with every CR removed.
 */
void hash_message_key(const void *p, size_t n, uint8_t out[MESSAGE_KEY_BYTES]);

/* Lower-case hexadecimal, 2n bytes and a NUL. */
void hash_hex(const uint8_t *p, size_t n, char *out);

#endif
