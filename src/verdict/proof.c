#include "verdict/doubt.h"
#include "verdict/matters.h"
#include "verdict/rule.h"
#include "verdict/speaker.h"
#include "verdict/whose.h"

/*
 * Unsure never suppresses: what a compiled-in rule needs beyond its own
 * conditions before it may speak of this recipient, or call an address dead.
 */

/* Reasons that speak of this recipient or of its domain. */
static bool reason_is_theirs(enum reason reason)
{
	switch ((int)reason) {
	case REASON_USER_UNKNOWN:
	case REASON_ADDRESS_SYNTAX:
	case REASON_DOMAIN_UNKNOWN:
	case REASON_NULL_MX:
	case REASON_MOVED:
	case REASON_MAILBOX_DISABLED:
	case REASON_ESP_SUPPRESSED:
	case REASON_MAILBOX_FULL:
	case REASON_MAILBOX_UNAVAILABLE:
	case REASON_RECIPIENT_REFUSED:
	case REASON_RATE_LIMITED_RECIPIENT:
		return true;
	}
	return false;
}

/*
 * Before RCPT a host knows nothing of the recipient: what it says then is
 * about us. Only that it takes no mail at all may come with the greeting.
 */
static bool stage_allows(enum reason reason, const struct fact *fact)
{
	if (!reason_is_theirs(reason))
		return true;
	switch (fact->stage) {
	case STAGE_UNKNOWN:
	case STAGE_RCPT:
	case STAGE_DATA:
	case STAGE_BODY:
		return true;
	case STAGE_CONNECT:
		return !fact->remote_reply || reason == REASON_NULL_MX;
	case STAGE_HELO:
	case STAGE_TLS:
	case STAGE_AUTH:
	case STAGE_MAIL:
		return false;
	}
	return true;
}

/* The enhanced code, if any, does not speak of something else. */
static bool code_agrees(const struct evidence *e)
{
	unsigned subject;

	if (e->code.class_ == 0)
		return false;
	subject = e->code.subject;
	return subject != 0 && subject != 2 && subject != 3;
}

/*
 * "550 user unknown" without a code: some providers answer so after DATA when
 * their filter does not like us. It is a proof where RCPT was refused, where
 * the recipient's own site had taken the mail in and gives no code that evades
 * the question, or where a rule knows the provider.
 */
static bool is_bare_550(const struct rule *rule, const struct evidence *e)
{
	struct status given = e->fact->reply_status;

	if (rule->reason != REASON_USER_UNKNOWN || rule->remote.count > 0 ||
	    e->fact->reply != 550 || code_agrees(e))
		return false;
	if (e->fact->stage == STAGE_RCPT)
		return false;
	if (given.class_ != 0 && given.subject == 0)
		return true;
	return e->fact->stage != STAGE_UNKNOWN ||
	       !speaker_is_their_site(e->fact);
}

/*
 * "Domain news.example does not exist", says theirs: it means the sender's. So
 * it does where nothing but a name is said to be disabled.
 */
static bool is_elsewhere(const struct rule *rule, const struct evidence *e)
{
	return (rule->reason == REASON_DOMAIN_UNKNOWN ||
		rule->reason == REASON_NULL_MX ||
		(rule->bare && rule->reason == REASON_MAILBOX_DISABLED)) &&
	       e->fact->remote_reply &&
	       (e->fold->names_elsewhere || e->fold->appends_name ||
		e->fold->names_other);
}

/* No host, but a network address behind all that is said. */
static bool names_network_alone(const struct fold *fold)
{
	return fold->appends_network &&
	       span_find_char(span_cut(fold->text, fold->body), FOLD_LINK) ==
		       SPAN_NONE;
}

/*
 * "550 Domain not found", says a host that serves the recipient's domain: it
 * misses the sender's, unless it names theirs or a code says so. "Unknown host
 * [192.0.2.1]" is ours, or its own.
 */
static bool is_domain_of_whom(const struct rule *rule, const struct evidence *e)
{
	static const char *const whose[] = {"@",	  "~",
					    "recipient*", "destination*",
					    "spelling",	  "by dns resolve",
					    NULL};
	PHRASES(whose);

	return rule->reason == REASON_DOMAIN_UNKNOWN &&
	       speaker_is_theirs(e->fact) && !code_agrees(e) &&
	       (names_network_alone(e->fold) ||
		!phrase_find_any(whose_phrases, &e->fold->grams, e->words));
}

/*
 * "Invalid address in the From header": the words of a dead address, said of
 * something else. A code that says X.1.Z does not err so.
 */
static bool is_other_matter(const struct rule *rule, const struct evidence *e)
{
	return (rule->text.count > 0 || rule->claim != CLAIM_NONE) &&
	       e->code.subject != 1 && rule->reason != REASON_ESP_SUPPRESSED &&
	       matters_are_ours(e->fold, e->words);
}

/* "User unknown. Report spam to ...": nobody is there, before all else. */
static bool opens_with_claim(struct span lead)
{
	size_t end = 0;
	struct span words;

	while (end < lead.n && lead.p[end] != ';' &&
	       !(lead.p[end] == '.' && end + 1 < lead.n &&
		 lead.p[end + 1] == ' ' && end > 0 && lead.p[end - 1] != '.'))
		end++;
	return claim_read(span_cut(lead, end), &words) == CLAIM_IS_GONE;
}

/*
 * A code that calls the address dead, beside words that do not: they tell of a
 * server that was not there, of a while, or of us. Where a sentence calls it
 * dead, too, only what it says itself leaves that open.
 */
static bool is_code_against_words(const struct rule *rule,
				  const struct evidence *e)
{
	struct span lead = span_cut(e->fold->text, e->fold->lead), words;
	bool limited;

	if (rule->text.count > 0 || rule->claim != CLAIM_NONE ||
	    rule->code_count == 0)
		return false;
	if (matters_are_yours(e->fold, lead))
		return true;
	limited = doubt_limits(e->fold, lead);
	if (!limited && !matters_are_ours(e->fold, lead) &&
	    !matters_are_faults(e->fold, lead))
		return matters_are_spam(e->fold, lead) &&
		       !opens_with_claim(lead);
	return claim_read(lead, &words) != CLAIM_IS_GONE ||
	       (limited && doubt_is_there(e->fold, lead,
					  (size_t)(words.p - lead.p), words.n));
}

/*
 * "Command died", X.3.0, and what it printed: "unknown user" of a script is
 * about a user of its own. One that means the recipient exits with 67.
 */
static bool is_program_output(const struct rule *rule, const struct fact *fact)
{
	return rule->text.count > 0 && fact->status.subject == 3 &&
	       fact->status.detail == 0 &&
	       span_eq_ci(span_of(fact->diagnostic_type), SPAN("x-unix"));
}

/*
 * "550 5.1.1 <us@news.example>: no such sender here": a code that speaks of
 * recipients, and words that name another and call it the sender.
 */
static bool is_said_of_sender(const struct rule *rule, const struct evidence *e)
{
	return rule->text.count == 0 && e->fold->names_other &&
	       grams_may_hold_parts(&e->fold->grams, "sender") &&
	       phrase_find(SPAN("sender"), e->words, NULL, NULL);
}

/* X.1.7 and X.1.8: the sender's mailbox, the sender's host (RFC 3463). */
static bool code_is_of_sender(struct status code)
{
	return code.subject == 1 && (code.detail == 7 || code.detail == 8);
}

/* RFC 4954 and 5248: of the account that submits, whatever the words. */
static bool is_about_login(const struct evidence *e)
{
	int reply = e->fact->reply;

	return reply == 530 || reply == 534 || reply == 535 || reply == 538 ||
	       (e->code.subject == 7 &&
		((e->code.detail >= 8 && e->code.detail <= 12) ||
		 e->code.detail == 14));
}

/*
 * X.2.2 to X.2.4, X.3.Z, X.4.2 on: the code tells another story than a claim,
 * and X.2.2 than a closed mailbox; X.6.Z, of the content, than any words.
 */
static bool code_contradicts(const struct rule *rule, struct status code)
{
	if (code.subject == 6)
		return rule->claim != CLAIM_NONE || rule->text.count > 0;
	if (code.subject == 2 && code.detail == 2 &&
	    rule->reason == REASON_MAILBOX_DISABLED)
		return rule->remote.count == 0;
	return rule->claim != CLAIM_NONE &&
	       ((code.subject == 2 && code.detail > 1) ||
		(code.subject == 3 && code.detail > 0) ||
		(code.subject == 4 && code.detail > 1));
}

/* What would prove nothing of them, even in a sentence with a code. */
static bool is_claimed_in_vain(const struct rule *rule,
			       const struct evidence *e)
{
	return rule->weak && rule->claim != CLAIM_NONE &&
	       is_other_matter(rule, e);
}

/* A dead address needs a permanent reply that speaks of this recipient. */
static bool hard_is_allowed(const struct rule *rule, const struct evidence *e)
{
	if (reason_info(rule->reason)->class_ != VERDICT_HARD)
		return !is_claimed_in_vain(rule, e);
	if (e->is_outer && e->fact->reply != 0)
		return false;
	if (evidence_class(e) != 0 && evidence_class(e) != 5)
		return false;
	if (is_bare_550(rule, e) || is_elsewhere(rule, e) ||
	    is_domain_of_whom(rule, e) || is_other_matter(rule, e) ||
	    is_said_of_sender(rule, e) || is_code_against_words(rule, e) ||
	    code_is_of_sender(e->code) || code_contradicts(rule, e->code) ||
	    is_about_login(e) || is_program_output(rule, e->fact))
		return false;
	/* Who moved is answered with the new address. */
	return rule->reason == REASON_MOVED || whose_is_recipient(e);
}

/* "Permanent" is no word for a temporary reply. */
static bool class_allows(const struct rule *rule, const struct evidence *e)
{
	return rule->reason != REASON_UNKNOWN_PERMANENT ||
	       rule->text.count == 0 || evidence_class(e) != 4;
}

bool rule_is_proved(const struct rule *rule, const struct evidence *e)
{
	return rule->is_operator ||
	       (stage_allows(rule->reason, e->fact) && class_allows(rule, e) &&
		hard_is_allowed(rule, e));
}
