#include "verdict/verdict.h"

#include <string.h>

#include "verdict/search.h"
#include "verdict/speaker.h"

/*
 * What is no failure is settled here, by the kind of the report and by the
 * action, before any rule is asked; only failures go on to the rules.
 */

static void set_text(char *out, size_t size, const char *s)
{
	struct span text = span_cut(span_of(s), size - 1);

	memcpy(out, text.p, text.n);
	out[text.n] = '\0';
}

static void set_reason(struct judgement *j, enum reason reason,
		       const char *rule, const char *words)
{
	j->reason = reason;
	j->class_ = reason_info(reason)->class_;
	j->effect = reason_info(reason)->effect;
	set_text(j->rule, sizeof(j->rule), rule);
	set_text(j->words, sizeof(j->words), words);
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
	set_reason(j, reason, f->rule->name, f->words);
	/* A host that should serve this domain and does not: its fault. */
	if ((reason == REASON_RELAY_DENIED || reason == REASON_AUTH_REQUIRED) &&
	    speaker_is_theirs(e->fact)) {
		j->class_ = VERDICT_SOFT;
		j->effect = EFFECT_COUNT;
	}
}

static void judge_failure(const struct rules *rules, const struct fact *fact,
			  struct judgement *j)
{
	struct evidence e = {.fact = fact};
	struct found f;

	if (search_rules(rules, &e, &f, 1) > 0)
		set_failure(j, &f, &e);
	else
		set_reason(j, REASON_UNKNOWN, "nothing-known", "");
}

/* RFC 5965, RFC 6650: what the feedback is about. */
static void judge_feedback(const struct fact *fact, struct judgement *j)
{
	struct span type = span_of(fact->feedback_type);
	bool complains = type.n == 0 || span_eq_ci(type, SPAN("abuse")) ||
			 span_starts_ci(type, SPAN("opt-out"));

	set_reason(j, complains ? REASON_COMPLAINT : REASON_UNKNOWN,
		   complains ? "feedback-complaint" : "feedback-other",
		   fact->feedback_type);
}

static void judge_success(const struct fact *fact, struct judgement *j)
{
	const char *action = report_action_name(fact->action);

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
		set_reason(j, REASON_DELAYED, "action-delayed", "delayed");
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
		set_reason(j, REASON_UNKNOWN, "action-contradicts-kind", "");
		return;
	}
	if (fact->status.class_ == 2)
		set_reason(j, REASON_UNKNOWN, "action-contradicts-status",
			   "failed");
	else
		judge_failure(rules, fact, j);
}

static void judge_auto_reply(const struct fact *fact, struct judgement *j)
{
	bool asks = span_eq_ci(span_of(fact->feedback_type), SPAN("challenge"));

	set_reason(j, asks ? REASON_CHALLENGE : REASON_AUTO_REPLY,
		   asks ? "kind-challenge" : "kind-auto-reply", "");
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
		set_reason(out_r, REASON_MDN, "kind-mdn", "");
		return;
	case REPORT_OTHER:
	case REPORT_UNREADABLE:
		set_reason(out_r, REASON_UNKNOWN, "kind-other", "");
		return;
	case REPORT_DELAY:
	case REPORT_SUCCESS:
	case REPORT_BOUNCE:
		judge_action(rules, fact, out_r);
		return;
	}
}

size_t judge_candidates(const struct rules *rules, const struct fact *fact,
			struct candidate *list, size_t max)
{
	struct found found[JUDGE_MAX_CANDIDATES];
	struct evidence e = {.fact = fact};
	struct judgement j;
	size_t i, n;

	judge(rules, fact, &j);
	max = max < JUDGE_MAX_CANDIDATES ? max : JUDGE_MAX_CANDIDATES;
	n = search_rules(rules, &e, found, max);
	/* What is no failure was settled before any rule was asked. */
	if (n == 0 || strcmp(found[0].rule->name, j.rule) != 0)
		return 0;
	for (i = 0; i < n; i++) {
		list[i] = (struct candidate){.rule = found[i].rule->name,
					     .file = found[i].rule->file,
					     .line = found[i].rule->line,
					     .reason = found[i].rule->reason};
		memcpy(list[i].words, found[i].words, sizeof(list[i].words));
	}
	return n;
}
