#include "verdict/verdict.h"

#include <stdio.h>
#include <string.h>

#include "verdict/rule.h"

/*
 * The order of evidence. What is no failure is settled first and by code
 * alone; then the operator's rules, strong words in the innermost reply,
 * codes that say something, words around the reply, weak words, weak codes,
 * the basic reply and its stage, the class. Unsure never suppresses.
 */

/* The best rules with phrases that matched, one a kind. */
enum slot {
	SLOT_OPERATOR,
	SLOT_STRONG,
	SLOT_WEAK,
};
#define SLOT_COUNT 3

struct found {
	const struct rule *rule;
	char words[JUDGEMENT_WORDS_BYTES];
};

struct search {
	const struct rules *rules;
	struct evidence evidence;
	bool outer; /* text around the reply, not the reply itself */
	struct span text;
	struct found found[SLOT_COUNT];
};

static void set_words(char out[JUDGEMENT_WORDS_BYTES], struct span s)
{
	s = text_cut_utf8(s, JUDGEMENT_WORDS_BYTES - 1);
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

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

/* The rule was written for temporary replies. */
static bool asks_for_transient(const struct rule *rule)
{
	size_t i;

	for (i = 0; i < rule->code_count; i++)
		if (rule->codes[i].class_ == 4)
			return true;
	for (i = 0; i < rule->reply_count; i++)
		if (rule->replies[i].from / 100 == 4)
			return true;
	return false;
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
 * their filter does not like us. It is a proof where RCPT was refused, or
 * where a rule knows the provider; not with a code that evades the question.
 */
static bool is_bare_550(const struct rule *rule, const struct evidence *e)
{
	struct status given = e->fact->reply_status;
	bool generic = given.class_ != 0 && given.subject == 0;

	return rule->reason == REASON_USER_UNKNOWN && rule->remote.count == 0 &&
	       e->fact->reply == 550 && !code_agrees(e) &&
	       (e->fact->stage != STAGE_RCPT || generic);
}

/* A dead address needs a permanent reply that speaks of this recipient. */
static bool hard_is_allowed(const struct rule *rule, const struct search *s)
{
	const struct evidence *e = &s->evidence;

	if (reason_info(rule->reason)->class_ != VERDICT_HARD)
		return true;
	if (s->outer && e->fact->reply != 0)
		return false;
	if (evidence_class(e) != 0 && evidence_class(e) != 5 &&
	    !asks_for_transient(rule))
		return false;
	if (is_bare_550(rule, e))
		return false;
	/* Who moved is answered with the new address. */
	return e->fact->stage == STAGE_RCPT || !e->fold->names_other ||
	       rule->reason == REASON_MOVED;
}

static bool rule_applies(const struct rule *rule, const struct search *s)
{
	if (!rule_holds(rule, &s->evidence))
		return false;
	return rule->is_operator ||
	       (stage_allows(rule->reason, s->evidence.fact) &&
		hard_is_allowed(rule, s));
}

static enum slot slot_of(const struct rule *rule)
{
	if (rule->is_operator)
		return SLOT_OPERATOR;
	return rule->weak ? SLOT_WEAK : SLOT_STRONG;
}

static void take_hit(void *arg, uint32_t owner, size_t at, size_t n)
{
	struct search *s = arg;
	const struct rule *rule = s->rules->list[owner];
	struct found *f = &s->found[slot_of(rule)];

	if (f->rule != NULL && f->rule->order <= rule->order)
		return;
	if (!rule_applies(rule, s))
		return;
	f->rule = rule;
	set_words(f->words, span_make(s->text.p + at, n));
}

static void search_text(struct search *s, const struct fold *fold, size_t n,
			bool outer)
{
	s->evidence.fold = fold;
	s->outer = outer;
	s->text = span_cut(fold->text, n);
	s->evidence.words = s->text;
	matcher_scan(s->rules->words, s->text, take_hit, s);
	s->text = fold->links;
	matcher_scan(s->rules->links, s->text, take_hit, s);
}

/* "552 5.2.2", "5.2.2" or "552": the codes that the rule looked at. */
static void code_words(char out[JUDGEMENT_WORDS_BYTES], const struct rule *rule,
		       const struct evidence *e)
{
	char code[STATUS_TEXT_BYTES] = "", reply[16] = "";

	if (rule->code_count > 0)
		status_format(e->code, code);
	if (rule->reply_count > 0 && e->fact->reply != 0)
		snprintf(reply, sizeof(reply), "%d", e->fact->reply);
	if (rule->exit_count > 0)
		snprintf(reply, sizeof(reply), "exit %d", e->fact->exit_code);
	snprintf(out, JUDGEMENT_WORDS_BYTES, "%s%s%s", reply,
		 reply[0] != '\0' && code[0] != '\0' ? " " : "", code);
}

/* The first rule of a tier of codes that applies to this evidence. */
static bool find_in_tier(struct search *s, enum tier tier, struct found *f)
{
	size_t i;

	for (i = 0; i < s->rules->tier_count[tier]; i++) {
		const struct rule *rule = s->rules->tier[tier][i];

		if (!rule_applies(rule, s))
			continue;
		f->rule = rule;
		code_words(f->words, rule, &s->evidence);
		return true;
	}
	return false;
}

static bool find_by_code(struct search *s, enum tier first, enum tier second,
			 struct found *f)
{
	return s->evidence.code.class_ != 0 &&
	       (find_in_tier(s, first, f) || find_in_tier(s, second, f));
}

/* The operator's rules: of those with words and those without, the first. */
static bool find_operator(struct search *s, struct found *f)
{
	struct found coded = {0};

	*f = s->found[SLOT_OPERATOR];
	if (find_in_tier(s, TIER_OPERATOR, &coded) &&
	    (f->rule == NULL || coded.rule->order < f->rule->order))
		*f = coded;
	return f->rule != NULL;
}

static bool take(struct found *f, const struct found *from)
{
	*f = *from;
	return f->rule != NULL;
}

/* One look at a text; what operators say is kept from look to look. */
static void look(struct search *s, const struct fold *fold, size_t n,
		 bool outer, struct found kept[SLOT_COUNT])
{
	memset(&s->found[SLOT_STRONG], 0, 2 * sizeof(s->found[SLOT_STRONG]));
	search_text(s, fold, n, outer);
	memcpy(kept, s->found, sizeof(s->found));
}

/*
 * The sentence that says what is wrong comes first; what to do about it, with
 * all that it might have been, comes after.
 */
static bool find_rule(struct search *s, const struct fold *reply,
		      const struct fold *all, struct found *f)
{
	struct found lead[SLOT_COUNT], inner[SLOT_COUNT], outer[SLOT_COUNT];

	look(s, reply, reply->lead, false, lead);
	look(s, reply, reply->text.n, false, inner);
	look(s, all, all->text.n, all != reply, outer);
	s->evidence.fold = reply;
	s->evidence.words = reply->text;
	s->outer = false;
	return find_operator(s, f) || take(f, &lead[SLOT_STRONG]) ||
	       find_by_code(s, TIER_PAIR, TIER_CODE, f) ||
	       take(f, &inner[SLOT_STRONG]) || take(f, &outer[SLOT_STRONG]) ||
	       take(f, &lead[SLOT_WEAK]) || take(f, &inner[SLOT_WEAK]) ||
	       take(f, &outer[SLOT_WEAK]) ||
	       find_by_code(s, TIER_WEAK_CODE, TIER_WEAK_CODE, f) ||
	       find_in_tier(s, TIER_EXIT, f) ||
	       find_in_tier(s, TIER_REPLY, f) || find_in_tier(s, TIER_CLASS, f);
}

/* "Expired" tells how it ended, not why: any other code says more. */
static bool status_is_expired(struct status s)
{
	return s.subject == 4 && s.detail == 7;
}

/* How much an enhanced code says, given the digit that counts. */
static int status_rank(struct status s, int reply)
{
	int rank = 2 * ((s.subject != 0) + (s.detail != 0));

	if (s.class_ == 0)
		return -1;
	if (status_is_expired(s))
		rank = 1;
	if (reply != 0 && reply / 100 == s.class_)
		rank += 1;
	return rank;
}

/* The enhanced code of a fact: of two the one that says more (RFC 3463). */
static struct status best_code(const struct fact *fact)
{
	struct status inner = fact->reply_status, field = fact->status;

	/* The field says that time ran out, the reply says why. */
	if (fact->reply != 0 && status_is_expired(field) &&
	    !status_is_expired(inner))
		return inner;
	return status_rank(field, fact->reply) > status_rank(inner, fact->reply)
		       ? field
		       : inner;
}

static void set_reason(struct judgement *j, enum reason reason,
		       const char *rule, struct span words)
{
	j->reason = reason;
	j->class_ = reason_info(reason)->class_;
	j->effect = reason_info(reason)->effect;
	snprintf(j->rule, sizeof(j->rule), "%s", rule);
	set_words(j->words, words);
}

/* Deferred until the queue time was over: expired, and theirs to answer. */
static bool is_deferral(enum reason reason, const struct evidence *e)
{
	if (reason == REASON_GREYLISTED)
		return true;
	return reason == REASON_RATE_LIMITED_SENDER && evidence_class(e) == 4;
}

static void set_failure(struct judgement *j, const struct found *f,
			const struct evidence *e)
{
	enum reason reason = f->rule->reason;

	if (!f->rule->is_operator && is_deferral(reason, e))
		reason = REASON_EXPIRED;
	set_reason(j, reason, f->rule->name, span_of(f->words));
	/* A host that should serve this domain and does not: its fault. */
	if ((reason == REASON_RELAY_DENIED || reason == REASON_AUTH_REQUIRED) &&
	    e->fact->remote_reply) {
		j->class_ = VERDICT_SOFT;
		j->effect = EFFECT_COUNT;
	}
}

static void judge_failure(const struct rules *rules, const struct fact *fact,
			  struct judgement *j)
{
	struct span inner = span_of(fact->reply_text);
	struct span outer = span_of(fact->diagnostic);
	struct search s = {.rules = rules, .evidence = {.fact = fact}};
	struct fold reply, all;
	bool one = inner.n == 0 || span_eq(inner, outer);
	struct found f = {0};

	s.evidence.code = best_code(fact);
	fold_text(&reply, inner.n == 0 ? outer : inner, fact);
	if (!one)
		fold_text(&all, outer, fact);
	if (find_rule(&s, &reply, one ? &reply : &all, &f))
		set_failure(j, &f, &s.evidence);
	else
		set_reason(j, REASON_UNKNOWN, "nothing-known", SPAN(""));
}

/* RFC 5965, RFC 6650: what the feedback is about. */
static void judge_feedback(const struct fact *fact, struct judgement *j)
{
	struct span type = span_of(fact->feedback_type);
	bool complains = type.n == 0 || span_eq_ci(type, SPAN("abuse")) ||
			 span_starts_ci(type, SPAN("opt-out"));

	set_reason(j, complains ? REASON_COMPLAINT : REASON_UNKNOWN,
		   complains ? "feedback-complaint" : "feedback-other", type);
}

static void judge_success(const struct fact *fact, struct judgement *j)
{
	struct span action = span_of(report_action_name(fact->action));

	if (fact->status.class_ != 0 && fact->status.class_ != 2) {
		set_reason(j, REASON_UNKNOWN, "action-contradicts-status",
			   action);
		return;
	}
	set_reason(j, REASON_DELIVERED, "action-delivered", action);
	/* Handed over is not delivered: a run of soft bounces goes on. */
	if (fact->action == ACTION_RELAYED || fact->action == ACTION_EXPANDED)
		j->effect = EFFECT_NONE;
}

static void judge_action(const struct rules *rules, const struct fact *fact,
			 struct judgement *j)
{
	switch (fact->action) {
	case ACTION_DELAYED:
		set_reason(j, REASON_DELAYED, "action-delayed",
			   SPAN("delayed"));
		return;
	case ACTION_DELIVERED:
	case ACTION_RELAYED:
	case ACTION_EXPANDED:
		judge_success(fact, j);
		return;
	case ACTION_UNKNOWN:
	case ACTION_FAILED:
		if (fact->kind == REPORT_BOUNCE)
			break;
		set_reason(j, REASON_UNKNOWN, "action-contradicts-kind",
			   SPAN(""));
		return;
	}
	if (fact->status.class_ == 2)
		set_reason(j, REASON_UNKNOWN, "action-contradicts-status",
			   SPAN("failed"));
	else
		judge_failure(rules, fact, j);
}

static void judge_auto_reply(const struct fact *fact, struct judgement *j)
{
	bool asks = span_eq_ci(span_of(fact->feedback_type), SPAN("challenge"));

	set_reason(j, asks ? REASON_CHALLENGE : REASON_AUTO_REPLY,
		   asks ? "kind-challenge" : "kind-auto-reply", SPAN(""));
}

void judge(const struct rules *rules, const struct fact *fact,
	   struct judgement *out_r)
{
	memset(out_r, 0, sizeof(*out_r));
	switch (fact->kind) {
	case REPORT_COMPLAINT:
		judge_feedback(fact, out_r);
		return;
	case REPORT_AUTO_REPLY:
		judge_auto_reply(fact, out_r);
		return;
	case REPORT_MDN:
		set_reason(out_r, REASON_MDN, "kind-mdn", SPAN(""));
		return;
	case REPORT_OTHER:
	case REPORT_UNREADABLE:
		set_reason(out_r, REASON_UNKNOWN, "kind-other", SPAN(""));
		return;
	case REPORT_DELAY:
	case REPORT_SUCCESS:
	case REPORT_BOUNCE:
		judge_action(rules, fact, out_r);
		return;
	}
}
