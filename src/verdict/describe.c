#include "verdict/verdict.h"

#include "verdict/rule.h"

/*
 * Rules as people see them: the conditions as they are compared, which is
 * folded and in lower case, not as somebody wrote them.
 */

static const char *evidence_name_of(enum tier tier)
{
	switch (tier) {
	case TIER_OPERATOR:
		return "operator";
	case TIER_TEXT:
		return "words";
	case TIER_CLAIM:
		return "claim";
	case TIER_PAIR:
		return "both codes";
	case TIER_CODE:
		return "code";
	case TIER_WEAK_TEXT:
		return "weak words";
	case TIER_WEAK_CODE:
		return "weak code";
	case TIER_EXIT:
		return "exit status";
	case TIER_REPLY:
		return "reply";
	case TIER_CLASS:
		break;
	}
	return "class";
}

void rules_info(const struct rules *rules, size_t i, struct rule_info *out_r)
{
	const struct rule *rule = rules->list[i];

	*out_r = (struct rule_info){
		.name = rule->name,
		.file = rule->file,
		.line = rule->line,
		.reason = rule->reason,
		.is_operator = rule->is_operator,
		.evidence = evidence_name_of(rule->tier),
	};
}

size_t rules_find(const struct rules *rules, struct span name)
{
	size_t i = 0;

	while (i < rules->count &&
	       !span_eq(span_of(rules->list[i]->name), name))
		i++;
	return i;
}

struct teller {
	rule_says_fn each;
	void *ctx;
};

static void tell(const struct teller *t, const char *key, const char *value)
{
	t->each(t->ctx, key, span_of(value));
}

static void tell_texts(const struct teller *t, const char *key,
		       const struct texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		tell(t, key, texts->list[i]);
}

static void tell_flag(const struct teller *t, const char *key, bool flag)
{
	if (flag)
		tell(t, key, "true");
}

/* "7", "606-649" or "*" for all there may be. */
static void add_range(struct buf *out, unsigned from, unsigned to)
{
	buf_add_char(out, '.');
	if (from == 0 && to >= 999)
		buf_add_char(out, '*');
	else if (from == to)
		buf_addf(out, "%u", from);
	else
		buf_addf(out, "%u-%u", from, to);
}

static void add_code(struct buf *out, const struct code_range *c)
{
	if (c->class_ == 0)
		buf_add_char(out, '*');
	else
		buf_addf(out, "%u", c->class_);
	add_range(out, c->subject_from, c->subject_to);
	add_range(out, c->detail_from, c->detail_to);
}

static void add_reply(struct buf *out, const struct reply_range *r)
{
	if (reply_range_is_class(r))
		buf_addf(out, "%dxx", r->from / 100);
	else if (r->from == r->to)
		buf_addf(out, "%d", r->from);
	else
		buf_addf(out, "%d-%d", r->from, r->to);
}

static void tell_codes(const struct teller *t, const struct rule *rule)
{
	struct buf b;

	buf_init(&b);
	for (size_t i = 0; i < rule->code_count; i++) {
		buf_reset(&b);
		add_code(&b, &rule->codes[i]);
		tell(t, "code", b.data);
	}
	for (size_t i = 0; i < rule->reply_count; i++) {
		buf_reset(&b);
		add_reply(&b, &rule->replies[i]);
		tell(t, "reply", b.data);
	}
	for (size_t i = 0; i < rule->exit_count; i++) {
		buf_reset(&b);
		buf_addf(&b, "%d", rule->exits[i]);
		tell(t, "exit", b.data);
	}
	buf_release(&b);
}

static void tell_circumstances(const struct teller *t, const struct rule *rule)
{
	for (unsigned i = 0; i < SMTP_STAGE_COUNT; i++)
		if ((rule->stages & (1U << i)) != 0)
			tell(t, "stage",
			     i == STAGE_UNKNOWN
				     ? "unknown"
				     : smtp_stage_name((enum smtp_stage)i));
	if (rule->speaker != SPEAKER_ANY)
		tell(t, "speaker",
		     rule->speaker == SPEAKER_REMOTE ? "remote" : "local");
	if (rule->claim != CLAIM_NONE)
		tell(t, "claim", claim_names[rule->claim]);
	tell_flag(t, "weak", rule->weak);
	tell_flag(t, "anywhere", rule->anywhere);
	tell_flag(t, "bare", rule->bare);
	tell_flag(t, "malformed", rule->malformed);
}

void rules_describe(const struct rules *rules, size_t i, rule_says_fn each,
		    void *ctx)
{
	const struct rule *rule = rules->list[i];
	const struct teller t = {each, ctx};

	tell_texts(&t, "text", &rule->text);
	tell_texts(&t, "unless", &rule->unless);
	tell_texts(&t, "link", &rule->link);
	tell_texts(&t, "remote", &rule->remote);
	tell_texts(&t, "type", &rule->type);
	tell_codes(&t, rule);
	tell_circumstances(&t, rule);
	tell_texts(&t, "example", &rule->example);
	tell_texts(&t, "source", &rule->source);
}
