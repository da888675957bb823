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

static void add_texts(struct buf *out, const char *key, const struct texts *t)
{
	for (size_t i = 0; i < t->count; i++)
		buf_addf(out, "%s\t%s\n", key, t->list[i]);
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
	buf_add_str(out, "code\t");
	if (c->class_ == 0)
		buf_add_char(out, '*');
	else
		buf_addf(out, "%u", c->class_);
	add_range(out, c->subject_from, c->subject_to);
	add_range(out, c->detail_from, c->detail_to);
	buf_add_char(out, '\n');
}

static void add_reply(struct buf *out, const struct reply_range *r)
{
	if (reply_range_is_class(r))
		buf_addf(out, "reply\t%dxx\n", r->from / 100);
	else if (r->from == r->to)
		buf_addf(out, "reply\t%d\n", r->from);
	else
		buf_addf(out, "reply\t%d-%d\n", r->from, r->to);
}

static void add_codes(struct buf *out, const struct rule *rule)
{
	for (size_t i = 0; i < rule->code_count; i++)
		add_code(out, &rule->codes[i]);
	for (size_t i = 0; i < rule->reply_count; i++)
		add_reply(out, &rule->replies[i]);
	for (size_t i = 0; i < rule->exit_count; i++)
		buf_addf(out, "exit\t%d\n", rule->exits[i]);
}

static void add_circumstances(struct buf *out, const struct rule *rule)
{
	for (unsigned i = 0; i < SMTP_STAGE_COUNT; i++)
		if ((rule->stages & (1U << i)) != 0)
			buf_addf(out, "stage\t%s\n",
				 smtp_stage_name((enum smtp_stage)i));
	if (rule->speaker != SPEAKER_ANY)
		buf_addf(out, "speaker\t%s\n",
			 rule->speaker == SPEAKER_REMOTE ? "remote" : "local");
	if (rule->weak)
		buf_add_str(out, "weak\ttrue\n");
	if (rule->bare)
		buf_add_str(out, "bare\ttrue\n");
	if (rule->malformed)
		buf_add_str(out, "malformed\ttrue\n");
}

void rules_describe(const struct rules *rules, size_t i, struct buf *out)
{
	const struct rule *rule = rules->list[i];

	add_texts(out, "text", &rule->text);
	add_texts(out, "unless", &rule->unless);
	add_texts(out, "link", &rule->link);
	add_texts(out, "remote", &rule->remote);
	add_texts(out, "type", &rule->type);
	add_codes(out, rule);
	add_circumstances(out, rule);
	add_texts(out, "example", &rule->example);
}
