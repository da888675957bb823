#ifndef TESTS_UNIT_POLICY_HISTORY_H
#define TESTS_UNIT_POLICY_HISTORY_H

#include <stdlib.h>

#include <check.h>

#include "policy/policy.h"

/* Short ways to write a history; times are days after a midnight UTC. */
#define HOUR ((int64_t)3600)
#define DAY (24 * HOUR)
#define DAY0 (19000 * DAY)
#define AT(days) (DAY0 + (int64_t)((days)*86400.0))
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;
static struct policy_settings settings;
static struct policy_state state;

static void setup(void)
{
	arena_init(&arena);
	policy_settings_init(&settings);
}

static void teardown(void)
{
	arena_release(&arena);
}

static inline struct policy_event verdict(int64_t at_s, enum reason reason,
					  const char *send)
{
	return (struct policy_event){
		.type = POLICY_VERDICT,
		.id = at_s - DAY0 + 1,
		.at_s = at_s,
		.sent_at_s = at_s,
		.stream = "",
		.send = send,
		.reason = reason,
		.class_ = reason_info(reason)->class_,
		.effect = reason_info(reason)->effect,
		.evidence = EVIDENCE_RELAY,
		.recipients = 1,
	};
}

static inline struct policy_event decision(int64_t at_s,
					   enum policy_event_type type)
{
	return (struct policy_event){.type = type,
				     .id = at_s - DAY0 + 1,
				     .at_s = at_s,
				     .sent_at_s = at_s,
				     .stream = "",
				     .send = ""};
}

static inline void fold(const struct policy_event *events, size_t n,
			int64_t now_s)
{
	policy_fold(&settings, events, n, now_s, &arena, &state);
}
#define FOLD(events, now_s) fold(events, LENGTH(events), now_s)

/* The one suppression in force. */
static inline const struct policy_suppression *only(void)
{
	ck_assert_uint_eq(state.suppression_count, 1);
	return &state.suppressions[0];
}

static inline int run_policy_tests(const char *name, const TTest *const *tests,
				   size_t n)
{
	Suite *suite = suite_create(name);
	TCase *all = tcase_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_set_timeout(all, 60);
	for (size_t i = 0; i < n; i++)
		tcase_add_test(all, tests[i]);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
#define RUN_POLICY_TESTS(name, tests)                                          \
	run_policy_tests(name, tests, LENGTH(tests))

#endif
