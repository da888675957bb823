/*
 * How far each kind of evidence may go in each mode. Written as one table per
 * mode so that it can be read next to the manual's.
 */
#include "trust/trust.h"

/*
 * auto: what proves that our mail was meant acts in full; a plausible report
 * of one recipient acts for a while; one that names several could poison a
 * list in one go and waits for a person. The recipient's own mail system
 * answers for each recipient by itself.
 */
static enum trust_act act_auto(enum evidence e, unsigned recipients)
{
	switch (e) {
	case EVIDENCE_FAILED:
	case EVIDENCE_FOREIGN:
		return TRUST_RECORD;
	case EVIDENCE_UNPROVED:
		return recipients > 1 ? TRUST_HOLD : TRUST_BOUNDED;
	case EVIDENCE_SENDER:
		return TRUST_BOUNDED;
	case EVIDENCE_RELAY:
	case EVIDENCE_LEDGER:
	case EVIDENCE_DKIM:
	case EVIDENCE_TOKEN:
		return TRUST_FULL;
	}
	return TRUST_RECORD;
}

/* prefer: a proof is expected; the recipient's own system may ask for one. */
static enum trust_act act_prefer(enum evidence e, bool complaint)
{
	switch (e) {
	case EVIDENCE_FAILED:
	case EVIDENCE_FOREIGN:
	case EVIDENCE_UNPROVED:
		return TRUST_RECORD;
	case EVIDENCE_SENDER:
		return TRUST_HOLD;
	case EVIDENCE_RELAY:
		return complaint ? TRUST_HOLD : TRUST_FULL;
	case EVIDENCE_LEDGER:
	case EVIDENCE_DKIM:
	case EVIDENCE_TOKEN:
		return TRUST_FULL;
	}
	return TRUST_RECORD;
}

enum trust_act trust_act(const struct trust_settings *s, enum evidence e,
			 unsigned recipients, bool complaint)
{
	if (e == EVIDENCE_FAILED)
		return TRUST_RECORD;
	switch (s->verify) {
	case VERIFY_AUTO:
		return act_auto(e, recipients);
	case VERIFY_OFF:
		return TRUST_FULL;
	case VERIFY_PREFER:
		return act_prefer(e, complaint);
	case VERIFY_REQUIRE:
		return e == EVIDENCE_SENDER ? TRUST_RECORD
					    : act_prefer(e, complaint);
	}
	return TRUST_RECORD;
}
