#include "verdict/verdict.h"

#include <stdio.h>
#include <string.h>

#include "util/num.h"
#include "verdict/rule.h"

/*
 * A rule has to decide its own examples, against all other rules: so a rule
 * that another one hides, or that does not say what its author meant, is found
 * before it judges mail.
 */

#define EXAMPLE_BYTES 256

/* "550 5.1.1 text": the codes at the start of an example. */
static void read_codes(struct fact *fact, struct span example)
{
	struct span word;

	if (!span_next_word(&example, &word))
		return;
	if (num_int(word.p, word.n, 599, &fact->reply) == 0 &&
	    !span_next_word(&example, &word))
		return;
	(void)status_parse(word, &fact->reply_status);
}

static enum smtp_stage first_stage(unsigned stages)
{
	int i;

	for (i = 0; i < SMTP_STAGE_COUNT; i++)
		if ((stages & (1U << (unsigned)i)) != 0)
			return (enum smtp_stage)i;
	return STAGE_UNKNOWN;
}

/*
 * The fact that an example stands for: a failure whose stage, host and type
 * are the first that the rule asks for.
 */
static void example_fact(const struct rule *rule, const char *example,
			 char remote[EXAMPLE_BYTES], struct fact *fact)
{
	*fact = (struct fact){
		.kind = REPORT_BOUNCE,
		.feedback_type = "",
		.reporting_mta = "relay.example.org",
		.address = rule->malformed ? "a..b@example.com"
					   : "someone@example.com",
		.final = "",
		.action = ACTION_FAILED,
		.exit_code = rule->exit_count > 0 ? rule->exits[0] : -1,
		.stage = first_stage(rule->stages),
		.remote = remote,
		.diagnostic_type =
			rule->type.count > 0 ? rule->type.list[0] : "",
		.reply_text = example,
		.diagnostic = example,
	};
	read_codes(fact, span_of(example));
	fact->remote_reply = rule->speaker != SPEAKER_LOCAL && fact->reply != 0;
	if (rule->remote.count > 0)
		snprintf(remote, EXAMPLE_BYTES, "mx.%s", rule->remote.list[0]);
	else if (fact->remote_reply)
		snprintf(remote, EXAMPLE_BYTES, "mx.example.com");
	else
		remote[0] = '\0';
}

/* Operators may decide otherwise what one of our rules would have decided. */
static bool is_overruled(const struct rules *rules, const struct rule *rule,
			 const char *decider)
{
	size_t i = rules_find(rules, span_of(decider));

	return !rule->is_operator && i < rules->count &&
	       rules->list[i]->is_operator;
}

static int check_example(const struct rules *rules, const struct rule *rule,
			 const char *example, struct error *err)
{
	char remote[EXAMPLE_BYTES];
	struct judgement j;
	struct fact fact;

	example_fact(rule, example, remote, &fact);
	judge(rules, &fact, &j);
	/* A rule of any stage may need a known one: replies to RCPT abound. */
	if (rule->stages == 0 && strcmp(j.rule, rule->name) != 0) {
		fact.stage = STAGE_RCPT;
		judge(rules, &fact, &j);
	}
	if (strcmp(j.rule, rule->name) == 0 ||
	    is_overruled(rules, rule, j.rule))
		return 0;
	return error_set(err, ERROR_FATAL,
			 "%s:%u: rule %s: its example \"%s\" is decided by %s "
			 "(%s)",
			 rule->file, rule->line, rule->name, example, j.rule,
			 reason_info(j.reason)->name);
}

int rules_check_one(const struct rules *rules, size_t i, struct error *err)
{
	const struct rule *rule = rules->list[i];

	for (size_t k = 0; k < rule->example.count; k++)
		if (check_example(rules, rule, rule->example.list[k], err) != 0)
			return -1;
	return 0;
}

int rules_check(const struct rules *rules, struct error *err)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules_check_one(rules, i, err) != 0)
			return -1;
	return 0;
}
