/*
 * A stranger's words are judged outside the jail, with all the rules: it comes
 * to an end, to the same each time, and to a verdict that is one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "report/facts.h"
#include "verdict/verdict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rules *rules;

static void free_rules(void)
{
	rules_free(rules);
}

static void load_rules(void)
{
	struct error err;

	if (rules != NULL)
		return;
	rules = rules_load(NULL, &err);
	if (rules == NULL || atexit(free_rules) != 0)
		abort();
}

static void check(const struct fact *fact)
{
	struct judgement one, two;

	judge(rules, fact, &one);
	judge(rules, fact, &two);
	if (memcmp(&one, &two, sizeof(one)) != 0 || one.rule[0] == '\0')
		abort();
	if (memchr(one.words, '\0', sizeof(one.words)) == NULL)
		abort();
	if (one.effect == EFFECT_SUPPRESS && one.class_ != VERDICT_HARD)
		abort();
}

/* The first byte tells the stage, the rest is what was said. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fact_draft draft;
	struct report report;
	struct fact *fact;

	load_rules();
	if (size == 0)
		return 0;
	report_init(&report);
	report.kind = REPORT_BOUNCE;
	fact_draft_init(&draft);
	draft.action = ACTION_FAILED;
	draft.address = SPAN("someone@example.com");
	draft.stage = (enum smtp_stage)(data[0] % (STAGE_BODY + 1));
	draft.words = span_make((const char *)data + 1, size - 1);
	fact = facts_add(&report, &draft);
	if (fact == NULL)
		abort();
	check(fact);
	report_release(&report);
	return 0;
}
