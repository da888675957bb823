#ifndef MAILBOX_SASL_H
#define MAILBOX_SASL_H

#include <stdbool.h>

#include <libetpan/mailstream.h>

#include "util/buf.h"
#include "util/error.h"
#include "util/text.h"

/*
 * Logging in (RFC 4422), for every protocol that has it: which mechanism, what
 * it answers, and the lines that carry it. Our own, because libetpan leaves
 * it to libsasl2, which has only what was installed for it.
 */
struct sasl;

struct sasl_mechanism {
	const char *name; /* as servers offer it */
	const char *word; /* as the configuration names it */
	bool token;	  /* takes a token, and no password */
	bool speaks_first;
	/*
	 * Appends the answer to a challenge; the first of who speaks first is
	 * to an empty one. 0, or -1 (SOURCE).
	 */
	int (*answer)(struct sasl *s, struct span challenge, struct buf *out,
		      struct error *err);
	/* Whether the server has proved what it must; NULL: nothing. */
	bool (*is_done)(const struct sasl *s);
};

#define SASL_MAX_DIGEST 32

struct sasl {
	const struct sasl_mechanism *mechanism;
	const char *user, *host; /* borrowed */
	int port;
	struct span secret; /* borrowed */
	unsigned step;
	/* SCRAM */
	struct buf first; /* client-first-message-bare */
	char nonce[49];
	char server_signature[SASL_MAX_DIGEST];
	/* What a refused token's server said of it (RFC 7628, 3.2.2). */
	struct buf said;
};

void sasl_init(struct sasl *s, const char *user, struct span secret);
/* Wipes what it computed. */
void sasl_release(struct sasl *s);

/* Whether a server offers a mechanism. */
typedef bool (*sasl_offers_fn)(void *ctx, const char *name);

/*
 * The mechanism to use: the configured word, or with "auto" the best that is
 * offered and that the secret allows. NULL where there is none. Where the way
 * is encrypted, the secret itself is shown before CRAM-MD5 is used, which
 * forces the server to keep it in the clear.
 */
const struct sasl_mechanism *sasl_choose(const char *word, bool token,
					 bool encrypted, sasl_offers_fn offers,
					 void *ctx);
/* The words that `auth` may have beside "auto" and "login"; NULL ends. */
const struct sasl_mechanism *sasl_find(const char *word);

/* How a protocol wraps the exchange. */
struct sasl_lines {
	const char *command; /* "A AUTHENTICATE ", "AUTH " */
	const char *ok;	     /* "A OK", "+OK": the end */
	const char *aside;   /* "* ": not for us; NULL: there is none */
	bool initial;	     /* the first answer may stand in the command */
};

/*
 * Speaks one whole exchange over a stream. 0; 1 refused, the server's words
 * are in err; -1 (SOURCE) the stream broke or the server makes no sense.
 */
int sasl_talk(struct sasl *s, mailstream *stream, const struct sasl_lines *l,
	      struct error *err);

/* sasl_scram.c: RFC 5802, 7677. Without channel binding. */
int sasl_scram_sha1(struct sasl *s, struct span challenge, struct buf *out,
		    struct error *err);
int sasl_scram_sha256(struct sasl *s, struct span challenge, struct buf *out,
		      struct error *err);
bool sasl_scram_is_done(const struct sasl *s);

/* A user's name where ',' and '=' would end it (RFC 5801, 4). */
void sasl_add_name(struct buf *out, const char *name);

/* Base64 without line ends; decoding gives -1 where it is none. */
void sasl_encode(struct span bytes, struct buf *out);
int sasl_decode(struct span text, struct buf *out);

#endif
