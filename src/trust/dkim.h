#ifndef TRUST_DKIM_H
#define TRUST_DKIM_H

#include "report/headers.h"
#include "trust/trust.h"

/*
 * Our own DKIM signature (RFC 6376, RFC 8463) on the header block that came
 * back. Only the header hash is looked at: the body is rarely complete. Keys
 * are local; nothing is asked of the DNS, so that nobody can make us ask.
 */

enum dkim_verdict {
	DKIM_ABSENT, /* no signature by a key of ours, or not to be judged */
	DKIM_WRONG,  /* a signature of ours does not fit these headers */
	DKIM_VALID,
};
struct dkim_result {
	enum dkim_verdict verdict;
	const char *to;	 /* folded sole address of the signed To, or "" */
	const char *why; /* static */
};
/* Judges a returned block at the time at_s; to is borrowed from the arena. */
void dkim_judge(const struct trust_settings *s, struct span block, int64_t at_s,
		struct arena *arena, struct dkim_result *out);

/* ---- Inside ---- */

/* The tags of one signature that matter (RFC 6376 3.5). */
struct dkim_signature {
	struct span domain, selector;
	struct span fields; /* h= */
	struct span value;  /* b=, white space in it */
	bool simple;	    /* canonicalisation of the header */
	bool ed25519;	    /* else rsa */
	int64_t signed_s;   /* t=, or 0 */
};
/* False where the field cannot be a signature that we make or read. */
bool dkim_signature_read(struct span field_value, struct arena *arena,
			 struct dkim_signature *out);

/* dkim_canon.c: appends one field as it is hashed (RFC 6376 3.4.1, 3.4.2). */
void dkim_canon_field(struct buf *out, const struct header *f, bool simple);
/* The same for the signature's own field: b= emptied, no line end. */
void dkim_canon_signature(struct buf *out, const struct header *f, bool simple);

/* dkim_key.c: 1 fits, 0 does not, -1 the key is not to be used. */
int dkim_key_verify(const struct trust_dkim_key *key, bool ed25519,
		    struct span data, struct span signature_base64);

#endif
