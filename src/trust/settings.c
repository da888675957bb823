/* Defaults of trust, and the names that the views show. */
#include "trust/trust.h"

static const char *const evidence_names[EVIDENCE_COUNT] = {
	[EVIDENCE_FAILED] = "failed",	  [EVIDENCE_FOREIGN] = "foreign",
	[EVIDENCE_UNPROVED] = "unproved", [EVIDENCE_SENDER] = "sender",
	[EVIDENCE_RELAY] = "relay",	  [EVIDENCE_LEDGER] = "ledger",
	[EVIDENCE_DKIM] = "dkim",	  [EVIDENCE_TOKEN] = "token",
};

void trust_settings_init(struct trust_settings *s)
{
	static const char *const none[] = {NULL};

	*s = (struct trust_settings){
		.verify = VERIFY_AUTO,
		.our_domains = none,
		.trusted_reporters = none,
		.trusted_networks = none,
		.trusted_authserv_ids = none,
		.bounce_domain = "",
		.token_prefix = "b-",
		.token_days = 30,
	};
}

const char *evidence_name(enum evidence e)
{
	return evidence_names[e];
}

int evidence_find(struct span name)
{
	for (int i = 0; i < EVIDENCE_COUNT; i++) {
		if (span_eq(name, span_of(evidence_names[i])))
			return i;
	}
	return -1;
}
