#ifndef TRUST_TOKEN_H
#define TRUST_TOKEN_H

#include "trust/trust.h"

/*
 * Signed return paths (VERP with a MAC). The local part is
 *
 *   prefix kid base32(payload) base32(mac)
 *
 * payload: issue day (two bytes, days since 1970), length of send, send,
 * stream. mac: the first 10 bytes of HMAC-SHA-256 by key kid over "dsnd1", the
 * payload's length in one byte, the payload, and the folded recipient. The
 * length keeps bytes from moving between payload and recipient.
 */
#define TOKEN_MAC_BYTES 10
#define TOKEN_MAC_CHARS 16
#define TOKEN_MAX_PAYLOAD 38
#define TOKEN_MAX_LOCAL 64

struct token {
	const struct trust_key *key;
	uint8_t payload[TOKEN_MAX_PAYLOAD];
	size_t payload_bytes;
	uint8_t mac[TOKEN_MAC_BYTES];
	struct span send, stream; /* in payload */
	int64_t issued_s;
};

#define TOKEN_MAX_CANDIDATES (REPORT_MAX_TOKENS + 2)

/* All of a report that look like tokens of ours and name a key we have. */
struct token_list {
	struct token tokens[TOKEN_MAX_CANDIDATES];
	size_t count;
};
void token_collect(const struct trust_settings *s, const struct report *report,
		   struct token_list *out);

/* Whether t was made for this folded address. */
bool token_is_for(const struct token *t, struct span folded_address);

enum token_verdict {
	TOKEN_ABSENT,
	TOKEN_EXPIRED,
	TOKEN_WRONG,	   /* was made for somebody else, or by somebody else */
	TOKEN_CONTRADICTS, /* two are valid, for different recipients */
	TOKEN_VALID,
};
/*
 * Judges one recipient of a report against its tokens. *out_r (and the flag
 * forwarded_r) are set where it is valid.
 */
enum token_verdict token_judge(const struct trust_settings *s,
			       const struct token_list *list,
			       const struct report *report,
			       const struct fact *fact, int64_t at_s,
			       struct trust_token *out_r, bool *forwarded_r);

#endif
