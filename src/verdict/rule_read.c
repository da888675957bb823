#include "verdict/rule.h"

#include <string.h>

#include "util/num.h"

/*
 * One rule from its libconfig group. A rule that could never match, or not as
 * its author thinks, is refused here with its place.
 */

struct reader {
	struct rules *rules;
	struct rule *rule;
	const char *file;
	struct error *err;
};

static int fail(const struct reader *r, const config_setting_t *s,
		const char *what)
{
	const char *name = config_setting_name(s);

	/* About the rule as a whole, whose name has been said. */
	if (name != NULL && strcmp(name, r->rule->name) == 0)
		return error_set(r->err, ERROR_FATAL, "%s:%u: rule %s: %s",
				 r->file, config_setting_source_line(s),
				 r->rule->name, what);
	return error_set(r->err, ERROR_FATAL, "%s:%u: rule %s: %s: %s", r->file,
			 config_setting_source_line(s), r->rule->name,
			 name != NULL ? name : "value", what);
}

/* The i-th string of a value that is one string or a list of them. */
static const char *string_at(const config_setting_t *s, int i)
{
	if (config_setting_type(s) == CONFIG_TYPE_STRING)
		return i == 0 ? config_setting_get_string(s) : NULL;
	return config_setting_get_string_elem(s, i);
}

static int count_of(const config_setting_t *s)
{
	return config_setting_is_aggregate(s) ? config_setting_length(s) : 1;
}

static int read_strings(const struct reader *r, const config_setting_t *s,
			struct texts *out)
{
	int i, n = count_of(s);

	if (n == 0)
		return fail(r, s, "empty");
	out->list = arena_array(&r->rules->arena, (size_t)n, sizeof(char *));
	for (i = 0; i < n; i++) {
		const char *text = string_at(s, i);

		if (text == NULL || text[0] == '\0')
			return fail(r, s, "a text or a list of texts needed");
		out->list[i] = arena_strdup(&r->rules->arena, text);
	}
	out->count = (size_t)n;
	return 0;
}

static int read_phrases(const struct reader *r, const config_setting_t *s,
			struct texts *out)
{
	size_t i;

	if (read_strings(r, s, out) != 0)
		return -1;
	out->grams =
		arena_array(&r->rules->arena, out->count, sizeof(*out->grams));
	for (i = 0; i < out->count; i++) {
		size_t n = strlen(out->list[i]);
		char *p = arena_alloc(&r->rules->arena, FOLD_PHRASE_BYTES(n));

		p[fold_phrase(out->list[i], n, p, FOLD_PHRASE_BYTES(n) - 1)] =
			'\0';
		out->list[i] = p;
		out->grams[i] = grams_rarest(p);
		if (strcspn(p + strspn(p, "*"), "*") < PHRASE_MIN_BYTES)
			return fail(r, s,
				    "the first part of a phrase needs three "
				    "bytes");
	}
	return 0;
}

static int read_text(const struct reader *r, const config_setting_t *s)
{
	return read_phrases(r, s, &r->rule->text);
}

static int read_unless(const struct reader *r, const config_setting_t *s)
{
	return read_phrases(r, s, &r->rule->unless);
}

static int read_link(const struct reader *r, const config_setting_t *s)
{
	return read_phrases(r, s, &r->rule->link);
}

static int read_remote(const struct reader *r, const config_setting_t *s)
{
	return read_strings(r, s, &r->rule->remote);
}

static int read_type(const struct reader *r, const config_setting_t *s)
{
	return read_strings(r, s, &r->rule->type);
}

static int read_example(const struct reader *r, const config_setting_t *s)
{
	return read_strings(r, s, &r->rule->example);
}

static int read_code(const struct reader *r, const config_setting_t *s)
{
	struct texts texts;
	size_t i;

	if (read_strings(r, s, &texts) != 0)
		return -1;
	r->rule->codes = arena_array(&r->rules->arena, texts.count,
				     sizeof(*r->rule->codes));
	r->rule->code_count = texts.count;
	for (i = 0; i < texts.count; i++)
		if (code_range_parse(span_of(texts.list[i]),
				     &r->rule->codes[i]) != 0)
			return fail(r, s,
				    "enhanced codes are written 5.1.1, *.2.2, "
				    "5.6.* or 5.7.606-649");
	return 0;
}

static int read_reply(const struct reader *r, const config_setting_t *s)
{
	struct texts texts;
	size_t i;

	if (read_strings(r, s, &texts) != 0)
		return -1;
	r->rule->replies = arena_array(&r->rules->arena, texts.count,
				       sizeof(*r->rule->replies));
	r->rule->reply_count = texts.count;
	for (i = 0; i < texts.count; i++)
		if (reply_range_parse(span_of(texts.list[i]),
				      &r->rule->replies[i]) != 0)
			return fail(r, s,
				    "basic codes are written \"550\", "
				    "\"521-523\" or \"5xx\"");
	return 0;
}

static int read_exit(const struct reader *r, const config_setting_t *s)
{
	struct texts texts;
	size_t i;

	if (read_strings(r, s, &texts) != 0)
		return -1;
	r->rule->exits = arena_array(&r->rules->arena, texts.count,
				     sizeof(*r->rule->exits));
	r->rule->exit_count = texts.count;
	for (i = 0; i < texts.count; i++)
		if (num_int(texts.list[i], strlen(texts.list[i]), 255,
			    &r->rule->exits[i]) != 0)
			return fail(r, s, "an exit status is \"0\" to \"255\"");
	return 0;
}

static int stage_of(const char *name)
{
	if (strcmp(name, "unknown") == 0)
		return STAGE_UNKNOWN;
	return smtp_stage_find(span_of(name));
}

static int read_stage(const struct reader *r, const config_setting_t *s)
{
	struct texts texts;
	size_t i;
	int stage;

	if (read_strings(r, s, &texts) != 0)
		return -1;
	for (i = 0; i < texts.count; i++) {
		stage = stage_of(texts.list[i]);
		if (stage < 0)
			return fail(r, s,
				    "stages are unknown, connect, helo, tls, "
				    "auth, mail, rcpt, data and body");
		r->rule->stages |= 1U << (unsigned)stage;
	}
	return 0;
}

static int read_speaker(const struct reader *r, const config_setting_t *s)
{
	const char *who = config_setting_get_string(s);

	if (who != NULL && strcmp(who, "remote") == 0)
		r->rule->speaker = SPEAKER_REMOTE;
	else if (who != NULL && strcmp(who, "local") == 0)
		r->rule->speaker = SPEAKER_LOCAL;
	else
		return fail(r, s, "\"remote\" or \"local\" needed");
	return 0;
}

/* Only what a failure can be: never a success, a delay, a complaint. */
static int read_reason(const struct reader *r, const config_setting_t *s)
{
	const char *name = config_setting_get_string(s);
	int reason = name == NULL ? -1 : reason_find(span_of(name));

	if (reason < 0)
		return fail(r, s, "no such reason; dsnd-rules(5) lists them");
	r->rule->reason = (enum reason)reason;
	if (reason_info(r->rule->reason)->class_ == VERDICT_COMPLAINT ||
	    (reason_info(r->rule->reason)->class_ == VERDICT_NONE &&
	     r->rule->reason != REASON_UNKNOWN))
		return fail(r, s,
			    "what is no failure is decided by the report's "
			    "kind, not by a rule");
	return 0;
}

static int read_flag(const struct reader *r, const config_setting_t *s,
		     bool *out)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return fail(r, s, "true or false needed");
	*out = config_setting_get_bool(s) != 0;
	return 0;
}

static int read_weak(const struct reader *r, const config_setting_t *s)
{
	return read_flag(r, s, &r->rule->weak);
}

static int read_bare(const struct reader *r, const config_setting_t *s)
{
	return read_flag(r, s, &r->rule->bare);
}

static int read_anywhere(const struct reader *r, const config_setting_t *s)
{
	return read_flag(r, s, &r->rule->anywhere);
}

static int read_claim(const struct reader *r, const config_setting_t *s)
{
	struct span what = span_of(config_setting_get_string(s));
	int i;

	for (i = CLAIM_NONE + 1; i < CLAIM_COUNT; i++)
		if (span_eq(what, span_of(claim_names[i]))) {
			r->rule->claim = (enum claim)i;
			return 0;
		}
	return fail(r, s, "\"gone\", \"closed\" or \"full\" needed");
}

static int read_source(const struct reader *r, const config_setting_t *s)
{
	return read_strings(r, s, &r->rule->source);
}

static int read_malformed(const struct reader *r, const config_setting_t *s)
{
	return read_flag(r, s, &r->rule->malformed);
}

static const struct {
	const char *name;
	int (*read)(const struct reader *r, const config_setting_t *s);
} keys[] = {
	{"text", read_text},	     {"unless", read_unless},
	{"link", read_link},	     {"code", read_code},
	{"reply", read_reply},	     {"stage", read_stage},
	{"remote", read_remote},     {"speaker", read_speaker},
	{"type", read_type},	     {"exit", read_exit},
	{"bare", read_bare},	     {"malformed", read_malformed},
	{"weak", read_weak},	     {"reason", read_reason},
	{"example", read_example},   {"source", read_source},
	{"anywhere", read_anywhere}, {"claim", read_claim},
};

static int read_key(const struct reader *r, const config_setting_t *s)
{
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].name, config_setting_name(s)) == 0)
			return keys[i].read(r, s);
	return fail(r, s, "no such key");
}

/* Codes that only say which digit comes first, or X.0.0, which says less. */
static bool codes_are_class(const struct rule *rule)
{
	size_t i;

	for (i = 0; i < rule->code_count; i++)
		if (rule->codes[i].subject_from != 0 ||
		    rule->codes[i].detail_from != 0)
			return false;
	return true;
}

static int tier_of(const struct rule *rule, bool is_operator)
{
	if (rule->text.count + rule->link.count + rule->exit_count +
			    rule->code_count + rule->reply_count ==
		    0 &&
	    rule->claim == CLAIM_NONE)
		return -1;
	if (is_operator)
		return TIER_OPERATOR;
	if (rule->text.count + rule->link.count > 0)
		return rule->weak ? TIER_WEAK_TEXT : TIER_TEXT;
	if (rule->claim != CLAIM_NONE)
		return rule->weak ? TIER_WEAK_TEXT : TIER_CLAIM;
	if (rule->exit_count > 0)
		return TIER_EXIT;
	if (rule->code_count > 0 && rule->reply_count > 0)
		return rule->weak ? TIER_WEAK_CODE : TIER_PAIR;
	if (rule->code_count > 0) {
		if (codes_are_class(rule))
			return TIER_CLASS;
		return rule->weak ? TIER_WEAK_CODE : TIER_CODE;
	}
	return reply_range_is_class(&rule->replies[0]) ? TIER_CLASS
						       : TIER_REPLY;
}

static int rule_finish(const struct reader *r, const config_setting_t *group,
		       bool is_operator)
{
	int tier = tier_of(r->rule, is_operator);

	if (config_setting_get_member(group, "reason") == NULL)
		return fail(r, group, "reason is missing");
	if (r->rule->example.count == 0)
		return fail(r, group, "example is missing");
	if (tier < 0)
		return fail(r, group,
			    "one of text, link, claim, code, reply and exit "
			    "needed");
	r->rule->tier = (enum tier)tier;
	return 0;
}

int rule_read(struct rules *rules, const config_setting_t *group,
	      const char *file, bool is_operator, struct error *err)
{
	struct rule *rule = arena_alloc(&rules->arena, sizeof(*rule));
	struct reader r = {rules, rule, file, err};
	const config_setting_t *all;
	int i, n;

	rule->name = arena_strdup(&rules->arena, config_setting_name(group));
	rule->file = file;
	rule->line = config_setting_source_line(group);
	if (!config_setting_is_group(group))
		return fail(&r, group, "a rule is written NAME: { ... };");
	if (strlen(rule->name) >= RULE_NAME_BYTES)
		return fail(&r, group, "the name is too long");
	n = config_setting_length(group);
	for (i = 0; i < n; i++)
		if (read_key(&r, config_setting_get_elem(group, (unsigned)i)) !=
		    0)
			return -1;
	if (rule_finish(&r, group, is_operator) != 0)
		return -1;
	/* What a file says for all its rules. */
	all = config_setting_get_member(config_setting_parent(group), "source");
	if (rule->source.count == 0 && all != NULL && read_source(&r, all) != 0)
		return -1;
	rule->is_operator = is_operator;
	return rules_append(rules, rule, err);
}
