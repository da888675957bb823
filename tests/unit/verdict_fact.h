#ifndef TESTS_VERDICT_FACT_H
#define TESTS_VERDICT_FACT_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/verdict.h"

/*
 * Facts for the tests of the judge: the last word of a remote host at RCPT,
 * unless a test says otherwise. The compiled-in rules are loaded once.
 */

static struct rules *rules;
static struct judgement judgement;

static inline struct fact failed(int reply, const char *code, const char *text)
{
	struct fact f = {
		.kind = REPORT_BOUNCE,
		.feedback_type = "",
		.reporting_mta = "relay.example.org",
		.address = "user@example.com",
		.final = "",
		.action = ACTION_FAILED,
		.reply = reply,
		.exit_code = -1,
		.stage = STAGE_RCPT,
		.remote_reply = reply != 0,
		.remote = reply != 0 ? "mx.example.com" : "",
		.diagnostic_type = "smtp",
		.reply_text = text,
		.diagnostic = text,
	};

	if (code[0] != '\0')
		ck_assert_int_eq(status_parse(span_of(code), &f.reply_status),
				 0);
	f.status = f.reply_status;
	return f;
}

static inline const char *reason_of(const struct fact *f)
{
	judge(rules, f, &judgement);
	return reason_info(judgement.reason)->name;
}

static inline const char *reason_for(int reply, const char *code,
				     const char *text)
{
	struct fact f = failed(reply, code, text);

	return reason_of(&f);
}

static inline void load_rules(void)
{
	struct error err = {0};

	rules = rules_load(NULL, &err);
	ck_assert_msg(rules != NULL, "%s", err.text);
}

static inline void free_rules(void)
{
	rules_free(rules);
	rules = NULL;
}

static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failures;

	srunner_run_all(runner, CK_NORMAL);
	failures = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
