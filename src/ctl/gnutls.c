/*
 * GnuTLS and the ten libraries it brings take half of the time that dsnctl
 * check needs, which asks nothing of them while an address is plain ASCII. So
 * dsnctl does not link it: these stand in for what our library calls of it,
 * and load it at the first call. dsnd links it as anybody would.
 */
#include <stdio.h>
#include <stdlib.h>

#include <dlfcn.h>
#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "ctl/ctl.h"

/* The same since 3.4; what breaks its interface changes this name. */
#define LIBRARY "libgnutls.so.30"

/* Like a program that does not start for want of it: there is no way on. */
static void *find(const char *name)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	void *found = library != NULL ? dlsym(library, name) : NULL;

	if (found == NULL) {
		fprintf(stderr, "dsnctl: %s\n", dlerror());
		exit(CTL_FAILURE);
	}
	return found;
}

/* A function of the same name and type; POSIX lets dlsym's result be one. */
/* NOLINTBEGIN(bugprone-macro-parentheses): types and lists take none. */
#define STANDS_IN(type, give, name, parameters, arguments)                     \
	type name parameters                                                   \
	{                                                                      \
		static type(*real) parameters;                                 \
                                                                               \
		if (real == NULL)                                              \
			*(void **)&real = find(#name);                         \
		give real arguments;                                           \
	}
/* NOLINTEND(bugprone-macro-parentheses) */
#define FUNCTION(name, parameters, arguments)                                  \
	STANDS_IN(int, return, name, parameters, arguments)
#define PROCEDURE(name, parameters, arguments)                                 \
	STANDS_IN(void, , name, parameters, arguments)

/* What it allocates it does with malloc, unless a program says otherwise. */
gnutls_free_function gnutls_free = free;

FUNCTION(gnutls_memcmp, (const void *a, const void *b, size_t n), (a, b, n))
FUNCTION(gnutls_idna_map,
	 (const char *in, unsigned n, gnutls_datum_t *out, unsigned flags),
	 (in, n, out, flags))
FUNCTION(gnutls_base64_decode2, (const gnutls_datum_t *in, gnutls_datum_t *out),
	 (in, out))

FUNCTION(gnutls_hash_fast,
	 (gnutls_digest_algorithm_t how, const void *p, size_t n, void *out),
	 (how, p, n, out))
FUNCTION(gnutls_hmac_fast,
	 (gnutls_mac_algorithm_t how, const void *key, size_t key_n,
	  const void *p, size_t n, void *out),
	 (how, key, key_n, p, n, out))
FUNCTION(gnutls_hash_init,
	 (gnutls_hash_hd_t * hash, gnutls_digest_algorithm_t how), (hash, how))
FUNCTION(gnutls_hash, (gnutls_hash_hd_t hash, const void *p, size_t n),
	 (hash, p, n))
PROCEDURE(gnutls_hash_deinit, (gnutls_hash_hd_t hash, void *out), (hash, out))

FUNCTION(gnutls_pubkey_init, (gnutls_pubkey_t * key), (key))
PROCEDURE(gnutls_pubkey_deinit, (gnutls_pubkey_t key), (key))
FUNCTION(gnutls_pubkey_import,
	 (gnutls_pubkey_t key, const gnutls_datum_t *data,
	  gnutls_x509_crt_fmt_t format),
	 (key, data, format))
FUNCTION(gnutls_pubkey_import_ecc_raw,
	 (gnutls_pubkey_t key, gnutls_ecc_curve_t curve,
	  const gnutls_datum_t *x, const gnutls_datum_t *y),
	 (key, curve, x, y))
FUNCTION(gnutls_pubkey_get_pk_algorithm, (gnutls_pubkey_t key, unsigned *bits),
	 (key, bits))
FUNCTION(gnutls_pubkey_verify_data2,
	 (gnutls_pubkey_t key, gnutls_sign_algorithm_t how, unsigned flags,
	  const gnutls_datum_t *data, const gnutls_datum_t *signature),
	 (key, how, flags, data, signature))
FUNCTION(gnutls_pubkey_verify_hash2,
	 (gnutls_pubkey_t key, gnutls_sign_algorithm_t how, unsigned flags,
	  const gnutls_datum_t *hash, const gnutls_datum_t *signature),
	 (key, how, flags, hash, signature))
