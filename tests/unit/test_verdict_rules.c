#include <check.h>
#include <stdlib.h>

#include "verdict/verdict.h"

/* The compiled-in rules themselves, and what a bad file is told. */

START_TEST(every_example_is_decided_by_its_rule)
{
	struct error err = {0};
	struct rules *rules = rules_load(NULL, &err);

	ck_assert_msg(rules != NULL, "%s", err.text);
	ck_assert_msg(rules_check(rules, &err) == 0, "%s", err.text);
	ck_assert_uint_gt(rules_count(rules), 200);
	rules_free(rules);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("verdict_rules");
	TCase *tc = tcase_create("rules");
	SRunner *runner;
	int failed;

	tcase_add_test(tc, every_example_is_decided_by_its_rule);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
