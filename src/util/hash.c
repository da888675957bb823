/*
 * The only place that knows the crypto library's digests. They cannot fail in
 * a working process; where they do, going on would mix up messages.
 */
#include "util/hash.h"

#include <stdlib.h>
#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#define HASH_BLOCK_BYTES 8192

static void check(int rc)
{
	if (rc < 0)
		abort();
}

void hash_sha256(const void *p, size_t n, uint8_t out[HASH_SHA256_BYTES])
{
	check(gnutls_hash_fast(GNUTLS_DIG_SHA256, n > 0 ? p : "", n, out));
}

void hash_hmac_sha256(struct span key, struct span data,
		      uint8_t out[HASH_SHA256_BYTES])
{
	check(gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.p, key.n, data.p, data.n,
			       out));
}

void hash_message_key(const void *p, size_t n, uint8_t out[MESSAGE_KEY_BYTES])
{
	struct span rest = span_cut(span_make(p, n), MESSAGE_KEY_SPAN);
	uint8_t digest[HASH_SHA256_BYTES];
	char block[HASH_BLOCK_BYTES];
	gnutls_hash_hd_t hash;
	size_t used = 0;

	check(gnutls_hash_init(&hash, GNUTLS_DIG_SHA256));
	while (rest.n > 0) {
		size_t cr = span_find_char(rest, '\r');
		struct span run = span_cut(rest, cr);

		/* A call costs more than a line does: many go together. */
		if (run.n > sizeof(block) - used) {
			check(gnutls_hash(hash, block, used));
			used = 0;
		}
		if (run.n > sizeof(block)) {
			check(gnutls_hash(hash, run.p, run.n));
		} else if (run.n > 0) {
			memcpy(block + used, run.p, run.n);
			used += run.n;
		}
		rest = span_from(rest, run.n + 1);
	}
	check(gnutls_hash(hash, block, used));
	gnutls_hash_deinit(hash, digest);
	memcpy(out, digest, MESSAGE_KEY_BYTES);
}

void hash_hex(const uint8_t *p, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}
