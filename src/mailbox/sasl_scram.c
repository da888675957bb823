/*
 * SCRAM: the server learns nothing it could use elsewhere, and proves that it
 * knew the password. What it may ask of us is bounded: work before trust.
 */
#include "mailbox/sasl.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "util/num.h"

#define MIN_ROUNDS 1000 /* below, a listener guesses too cheaply */
#define MAX_ROUNDS 1000000

struct digest {
	gnutls_mac_algorithm_t mac;
	gnutls_digest_algorithm_t hash;
	size_t n;
};

static const struct digest sha1 = {GNUTLS_MAC_SHA1, GNUTLS_DIG_SHA1, 20};
static const struct digest sha256 = {GNUTLS_MAC_SHA256, GNUTLS_DIG_SHA256, 32};

/* "r=...,s=...,i=..." of the server. */
struct challenge {
	struct span nonce, rounds_text;
	struct buf salt;
	unsigned rounds;
};

static int senseless(struct error *err, const char *what)
{
	return error_set(err, ERROR_SOURCE, "SCRAM: the server's %s", what);
}

static int begin(struct sasl *s, struct buf *out, struct error *err)
{
	uint8_t random[24];
	struct buf text;

	if (gnutls_rnd(GNUTLS_RND_NONCE, random, sizeof random) < 0)
		return error_set(err, ERROR_SOURCE, "SCRAM: no random bytes");
	buf_init(&text);
	sasl_encode(span_make((const char *)random, sizeof random), &text);
	memcpy(s->nonce, text.data, text.len + 1);
	buf_release(&text);
	buf_reset(&s->first);
	buf_add_str(&s->first, "n=");
	sasl_add_name(&s->first, s->user);
	buf_addf(&s->first, ",r=%s", s->nonce);
	buf_add_str(out, "n,,");
	buf_add(out, s->first.data, s->first.len);
	return 0;
}

/* Takes the next "x=..." off *rest; false where it is another. */
static bool take(struct span *rest, char name, struct span *value_r)
{
	size_t comma = span_find_char(*rest, ',');
	struct span field = span_cut(*rest, comma);

	if (field.n < 2 || field.p[0] != name || field.p[1] != '=')
		return false;
	*value_r = span_from(field, 2);
	*rest = span_from(*rest, comma == SPAN_NONE ? rest->n : comma + 1);
	return true;
}

static int understand(const struct sasl *s, struct span text,
		      struct challenge *c, struct error *err)
{
	struct span salt, own = span_of(s->nonce), rest = text;
	uint64_t rounds;

	if (!take(&rest, 'r', &c->nonce) || !take(&rest, 's', &salt) ||
	    !take(&rest, 'i', &c->rounds_text) ||
	    sasl_decode(salt, &c->salt) < 0 || c->salt.len == 0 ||
	    num_u64(c->rounds_text.p, c->rounds_text.n, UINT32_MAX, &rounds) <
		    0)
		return senseless(err, "challenge makes no sense");
	if (c->nonce.n <= own.n || !span_eq(span_cut(c->nonce, own.n), own))
		return senseless(err, "challenge is not an answer to ours");
	if (rounds < MIN_ROUNDS || rounds > MAX_ROUNDS)
		return senseless(err, "number of rounds is out of bounds");
	c->rounds = (unsigned)rounds;
	return 0;
}

/* All of it is about bytes of d->n; 0 or -1. */
struct proof {
	uint8_t salted[SASL_MAX_DIGEST], client_key[SASL_MAX_DIGEST];
	uint8_t stored_key[SASL_MAX_DIGEST], signature[SASL_MAX_DIGEST];
	uint8_t server_key[SASL_MAX_DIGEST];
};

static int hmac(const struct digest *d, const uint8_t *key, struct span text,
		uint8_t *out)
{
	return gnutls_hmac_fast(d->mac, key, d->n, text.p, text.n, out);
}

static int compute(struct sasl *s, const struct digest *d,
		   const struct challenge *c, struct span message,
		   struct proof *p)
{
	gnutls_datum_t key = {(unsigned char *)(uintptr_t)s->secret.p,
			      (unsigned)s->secret.n};
	gnutls_datum_t salt = {(unsigned char *)c->salt.data,
			       (unsigned)c->salt.len};

	if (gnutls_pbkdf2(d->mac, &key, &salt, c->rounds, p->salted, d->n) <
		    0 ||
	    hmac(d, p->salted, SPAN("Client Key"), p->client_key) < 0 ||
	    gnutls_hash_fast(d->hash, p->client_key, d->n, p->stored_key) < 0 ||
	    hmac(d, p->stored_key, message, p->signature) < 0 ||
	    hmac(d, p->salted, SPAN("Server Key"), p->server_key) < 0 ||
	    hmac(d, p->server_key, message, (uint8_t *)s->server_signature) < 0)
		return -1;
	for (size_t i = 0; i < d->n; i++)
		p->client_key[i] ^= p->signature[i];
	return 0;
}

static int prove(struct sasl *s, const struct digest *d, struct span text,
		 struct buf *out, struct error *err)
{
	struct challenge c = {.rounds = 0};
	struct buf message;
	struct proof p;
	int rc = -1;

	buf_init(&c.salt);
	buf_init(&message);
	if (understand(s, text, &c, err) < 0)
		goto out;
	buf_addf(out, "c=biws,r=%.*s", (int)c.nonce.n, c.nonce.p);
	buf_add(&message, s->first.data, s->first.len);
	buf_add_char(&message, ',');
	buf_add(&message, text.p, text.n);
	buf_add_char(&message, ',');
	buf_add(&message, out->data, out->len);
	if (compute(s, d, &c, span_make(message.data, message.len), &p) < 0) {
		error_set(err, ERROR_SOURCE, "SCRAM: cannot be computed here");
		goto out;
	}
	buf_add_str(out, ",p=");
	sasl_encode(span_make((const char *)p.client_key, d->n), out);
	rc = 0;
out:
	explicit_bzero(&p, sizeof p);
	buf_release(&message);
	buf_release(&c.salt);
	return rc;
}

/* "v=..." proves that the server knew the password, or what came of it. */
static int verify(struct sasl *s, const struct digest *d, struct span text,
		  struct error *err)
{
	struct span value, rest = text;
	struct buf signature;
	bool good;

	if (take(&rest, 'e', &value))
		return error_set(err, ERROR_SOURCE, "SCRAM: %.*s", (int)value.n,
				 value.p);
	rest = text;
	buf_init(&signature);
	good = take(&rest, 'v', &value) &&
	       sasl_decode(value, &signature) == 0 && signature.len == d->n &&
	       gnutls_memcmp(signature.data, s->server_signature, d->n) == 0;
	buf_release(&signature);
	return good ? 0
		    : senseless(err, "proof is wrong: it does not know the "
				     "password");
}

static int answer(struct sasl *s, const struct digest *d, struct span challenge,
		  struct buf *out, struct error *err)
{
	if (s->step == 0)
		return begin(s, out, err);
	if (s->step == 1)
		return prove(s, d, challenge, out, err);
	if (s->step == 2)
		return verify(s, d, challenge, err);
	return senseless(err, "questions do not end");
}

int sasl_scram_sha1(struct sasl *s, struct span challenge, struct buf *out,
		    struct error *err)
{
	return answer(s, &sha1, challenge, out, err);
}

int sasl_scram_sha256(struct sasl *s, struct span challenge, struct buf *out,
		      struct error *err)
{
	return answer(s, &sha256, challenge, out, err);
}

/* Its proof was seen: each step that went well counts. */
bool sasl_scram_is_done(const struct sasl *s)
{
	return s->step == 3;
}
