#ifndef TRUST_AUTHRES_H
#define TRUST_AUTHRES_H

#include "report/headers.h"
#include "trust/trust.h"

#define AUTHRES_MAX_DOMAINS 16

/*
 * The domains that our border found to be the report's true origin: those of
 * Authentication-Results (RFC 8601) by a trusted authserv-id, above the first
 * Received line that our border did not write. The border has to remove such
 * fields from what comes in (RFC 8601 section 5). Spans are borrowed from
 * the arena.
 */
struct authres {
	struct span domains[AUTHRES_MAX_DOMAINS];
	size_t count;
};
void authres_read(const struct trust_settings *s, const struct headers *h,
		  struct arena *arena, struct authres *out);

/*
 * Whether the report's author (a mailer-daemon or postmaster of an
 * authenticated domain) answers for the recipient's mail.
 */
bool authres_answers_for(const struct authres *a, const char *author,
			 const struct fact *fact);

#endif
