/* Public keys of our own signatures, and the one question asked of them. */
#include "trust/dkim.h"

#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

#include "util/hash.h"

#define RSA_LEAST_BITS 1024 /* RFC 8301 3.2 */

/* Base64 without its white space; frees with gnutls_free(out->data). */
static int decode_base64(struct span s, gnutls_datum_t *out)
{
	struct buf b;
	gnutls_datum_t in;
	int rc;

	buf_init(&b);
	for (size_t i = 0; i < s.n; i++) {
		if (!text_is_space(s.p[i]))
			buf_add_char(&b, s.p[i]);
	}
	in.data = (unsigned char *)b.data;
	in.size = (unsigned)b.len;
	rc = b.len > 0 ? gnutls_base64_decode2(&in, out) : -1;
	buf_release(&b);
	return rc < 0 ? -1 : 0;
}

/* p= of an ed25519 key is the bare key (RFC 8463 4), of rsa a structure. */
static int import_key(gnutls_pubkey_t key, bool ed25519,
		      const gnutls_datum_t *bytes)
{
	unsigned bits = 0;

	if (ed25519 && bytes->size == 32)
		return gnutls_pubkey_import_ecc_raw(
			key, GNUTLS_ECC_CURVE_ED25519, bytes, NULL);
	if (gnutls_pubkey_import(key, bytes, GNUTLS_X509_FMT_DER) < 0)
		return -1;
	if (gnutls_pubkey_get_pk_algorithm(key, &bits) !=
	    (ed25519 ? GNUTLS_PK_EDDSA_ED25519 : GNUTLS_PK_RSA))
		return -1;
	return !ed25519 && bits < RSA_LEAST_BITS ? -1 : 0;
}

static int verify(gnutls_pubkey_t key, bool ed25519, struct span data,
		  const gnutls_datum_t *signature)
{
	uint8_t hash[HASH_SHA256_BYTES];
	gnutls_datum_t message = {(unsigned char *)hash, sizeof(hash)};
	int rc;

	hash_sha256(data.p, data.n, hash);
	/* RFC 8463 3: ed25519 signs the hash as its message. */
	if (ed25519)
		rc = gnutls_pubkey_verify_data2(key, GNUTLS_SIGN_EDDSA_ED25519,
						0, &message, signature);
	else
		rc = gnutls_pubkey_verify_hash2(key, GNUTLS_SIGN_RSA_SHA256, 0,
						&message, signature);
	return rc >= 0;
}

int dkim_key_verify(const struct trust_dkim_key *k, bool ed25519,
		    struct span data, struct span signature_base64)
{
	gnutls_datum_t bytes = {NULL, 0}, signature = {NULL, 0};
	gnutls_pubkey_t key = NULL;
	int result = -1;

	if (decode_base64(span_of(k->public_key), &bytes) ||
	    gnutls_pubkey_init(&key) < 0 || import_key(key, ed25519, &bytes))
		goto out;
	result = 0;
	if (decode_base64(signature_base64, &signature) == 0)
		result = verify(key, ed25519, data, &signature);
out:
	if (key)
		gnutls_pubkey_deinit(key);
	gnutls_free(signature.data);
	gnutls_free(bytes.data);
	return result;
}
