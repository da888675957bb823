/*
 * The mechanisms, best first. A new one is a row and a function.
 */
#include "mailbox/sasl.h"

#include <string.h>

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "mailbox/secret.h"
#include "util/hash.h"

static int plain(struct sasl *s, struct span challenge, struct buf *out,
		 struct error *err)
{
	(void)challenge;
	if (s->step > 0)
		return error_set(err, ERROR_SOURCE,
				 "PLAIN: the server asks twice");
	buf_add_char(out, '\0');
	buf_add_str(out, s->user);
	buf_add_char(out, '\0');
	buf_add(out, s->secret.p, s->secret.n);
	return 0;
}

/* RFC 2195 */
static int cram_md5(struct sasl *s, struct span challenge, struct buf *out,
		    struct error *err)
{
	uint8_t digest[16];
	char hex[2 * sizeof digest + 1];

	if (s->step > 0 || challenge.n == 0 ||
	    gnutls_hmac_fast(GNUTLS_MAC_MD5, s->secret.p, s->secret.n,
			     challenge.p, challenge.n, digest) < 0)
		return error_set(err, ERROR_SOURCE,
				 "CRAM-MD5: the server's challenge cannot be "
				 "answered");
	hash_hex(digest, sizeof digest, hex);
	buf_addf(out, "%s %s", s->user, hex);
	return 0;
}

/* Of a token that is refused the server tells why, then wants a word. */
static void hear(struct sasl *s, struct span challenge)
{
	buf_reset(&s->said);
	buf_add(&s->said, challenge.p, challenge.n);
}

static int xoauth2(struct sasl *s, struct span challenge, struct buf *out,
		   struct error *err)
{
	(void)err;
	if (s->step > 0) {
		hear(s, challenge);
		return 0;
	}
	buf_addf(out, "user=%s\001auth=Bearer ", s->user);
	buf_add(out, s->secret.p, s->secret.n);
	buf_add_str(out, "\001\001");
	return 0;
}

void sasl_add_name(struct buf *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ',')
			buf_add_str(out, "=2C");
		else if (*name == '=')
			buf_add_str(out, "=3D");
		else
			buf_add_char(out, *name);
	}
}

/* RFC 7628, 3.1 */
static int oauthbearer(struct sasl *s, struct span challenge, struct buf *out,
		       struct error *err)
{
	(void)err;
	if (s->step > 0) {
		hear(s, challenge);
		buf_add_char(out, '\001');
		return 0;
	}
	buf_add_str(out, "n,a=");
	sasl_add_name(out, s->user);
	buf_addf(out, ",\001host=%s\001port=%d\001auth=Bearer ", s->host,
		 s->port);
	buf_add(out, s->secret.p, s->secret.n);
	buf_add_str(out, "\001\001");
	return 0;
}

static const struct sasl_mechanism mechanisms[] = {
	{"OAUTHBEARER", "oauthbearer", true, true, oauthbearer, NULL},
	{"XOAUTH2", "xoauth2", true, true, xoauth2, NULL},
	{"SCRAM-SHA-256", "scram-sha-256", false, true, sasl_scram_sha256,
	 sasl_scram_is_done},
	{"SCRAM-SHA-1", "scram-sha-1", false, true, sasl_scram_sha1,
	 sasl_scram_is_done},
	{"CRAM-MD5", "cram-md5", false, false, cram_md5, NULL},
	{"PLAIN", "plain", false, true, plain, NULL},
};
#define MECHANISMS (sizeof mechanisms / sizeof *mechanisms)

const struct sasl_mechanism *sasl_find(const char *word)
{
	for (size_t i = 0; i < MECHANISMS; i++) {
		if (strcmp(mechanisms[i].word, word) == 0)
			return &mechanisms[i];
	}
	return NULL;
}

const struct sasl_mechanism *sasl_choose(const char *word, bool token,
					 bool encrypted, sasl_offers_fn offers,
					 void *ctx)
{
	const struct sasl_mechanism *last = NULL;

	for (size_t i = 0; i < MECHANISMS; i++) {
		const struct sasl_mechanism *m = &mechanisms[i];

		if (m->token != token || !offers(ctx, m->name))
			continue;
		if (strcmp(word, m->word) == 0)
			return m;
		if (strcmp(word, "auto") != 0)
			continue;
		if (!encrypted || m->answer != cram_md5)
			return m;
		last = m;
	}
	return last;
}

void sasl_init(struct sasl *s, const char *user, struct span secret)
{
	memset(s, 0, sizeof *s);
	s->user = user;
	s->host = "";
	s->secret = secret;
	buf_init(&s->first);
	buf_init(&s->said);
}

void sasl_release(struct sasl *s)
{
	buf_release(&s->first);
	buf_release(&s->said);
	explicit_bzero(s, sizeof *s);
}
