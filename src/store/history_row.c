/* The rows that a history is read from, as events of policy_fold. */
#include <string.h>

#include "store/history.h"
#include "store/internal.h"

/* Names in the database are ours; one that is unknown came from elsewhere. */
static enum reason reason_of(const char *name)
{
	int r = reason_find(span_of(name));

	return r < 0 ? REASON_UNKNOWN : (enum reason)r;
}

static enum evidence evidence_of(const char *name)
{
	int e = evidence_find(span_of(name));

	return e < 0 ? EVIDENCE_FAILED : (enum evidence)e;
}

static enum verdict_class class_of(const char *name)
{
	int c = verdict_class_find(span_of(name));

	return c < 0 ? VERDICT_NONE : (enum verdict_class)c;
}

static enum verdict_effect effect_of(const char *name)
{
	int e = verdict_effect_find(span_of(name));

	return e < 0 ? EFFECT_NONE : (enum verdict_effect)e;
}

static enum policy_hold hold_of(const char *action)
{
	if (strcmp(action, "apply") == 0)
		return HOLD_APPLIED;
	return strcmp(action, "drop") == 0 ? HOLD_DROPPED : HOLD_NONE;
}

void history_fact_row(struct query *q, struct arena *a, struct policy_event *e,
		      struct history_fact *f)
{
	const char *message_id;

	e->type = POLICY_VERDICT;
	e->id = row_int(q);
	row_bytes(q, f->message_key, sizeof(f->message_key));
	f->message_n = row_int(q);
	history_event_key(e, f);
	e->at_s = row_int(q);
	e->sent_at_s = row_int(q);
	e->stream = row_dup(q, a);
	f->campaign = row_dup(q, a);
	message_id = row_dup(q, a);
	e->send = *f->campaign ? f->campaign : message_id;
	e->reason = reason_of(row_text(q));
	e->class_ = class_of(row_text(q));
	e->effect = effect_of(row_text(q));
	e->evidence = evidence_of(row_text(q));
	e->recipients = (unsigned)row_int(q);
	e->forwarded = row_int(q) != 0;
	f->provider = row_dup(q, a);
	f->reporter = row_dup(q, a);
	f->has_copy_key = !row_is_null(q);
	row_bytes(q, f->copy_key, sizeof(f->copy_key));
	f->old_copy = row_int(q) != 0;
	f->old_applied = row_dup(q, a);
	f->old_held_by = row_dup(q, a);
	f->old_held_until_s = row_int(q);
	e->reply = (int)row_int(q);
	e->hold = hold_of(row_text(q));
	f->held_by = "";
}

static enum policy_event_type decision_type(const char *action)
{
	if (strcmp(action, "suppress") == 0)
		return POLICY_SUPPRESS;
	if (strcmp(action, "release") == 0)
		return POLICY_RELEASE;
	return strcmp(action, "allow") == 0 ? POLICY_ALLOW : POLICY_DISALLOW;
}

void history_decision_row(struct query *q, struct arena *a,
			  struct policy_event *e)
{
	e->sequence = row_int(q);
	e->id = -e->sequence;
	row_bytes(q, e->key, sizeof(e->key));
	e->at_s = row_int(q);
	e->sent_at_s = e->at_s;
	e->type = decision_type(row_text(q));
	e->stream = row_dup(q, a);
	e->send = "";
	e->until_s = row_int(q);
	e->force = row_int(q) != 0;
	e->imported = row_int(q) != 0;
	e->reason = reason_of(row_text(q));
	e->class_ = reason_info(e->reason)->class_;
}

static enum policy_source source_of(const char *name)
{
	for (enum policy_source i = 0; i < POLICY_SOURCE_COUNT; i++)
		if (strcmp(policy_source_name(i), name) == 0)
			return i;
	return SOURCE_HARD;
}

/* A suppression has hits, and the memory of a run has no class. */
struct policy_event history_hard_mark(int64_t at_s)
{
	return (struct policy_event){.type = POLICY_CARRY,
				     .at_s = at_s,
				     .stream = "",
				     .send = "",
				     .class_ = VERDICT_HARD};
}

bool history_is_hard_mark(const struct policy_event *carry)
{
	return carry->type == POLICY_CARRY && carry->class_ == VERDICT_HARD &&
	       carry->hits == 0;
}

void history_carry_row(struct query *q, struct arena *a, struct policy_event *e)
{
	e->type = POLICY_CARRY;
	row_bytes(q, e->key, sizeof(e->key));
	e->at_s = row_int(q);
	e->sent_at_s = row_int(q);
	e->stream = row_dup(q, a);
	e->send = row_dup(q, a);
	e->reason = reason_of(row_text(q));
	e->class_ = class_of(row_text(q));
	e->effect = effect_of(row_text(q));
	e->evidence = evidence_of(row_text(q));
	e->reply = (int)row_int(q);
	e->until_s = row_int(q);
	e->step = (unsigned)row_int(q);
	e->source = source_of(row_text(q));
	e->hits = (unsigned)row_int(q);
	e->bounded = row_int(q) != 0;
	e->probation = row_int(q) != 0;
}
