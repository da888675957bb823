#ifndef TESTS_UNIT_RUN_H
#define TESTS_UNIT_RUN_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

/* Runs one suite of one case; the value of main(). */
static inline int run_tests(const char *name, const TTest *const *tests,
			    size_t n)
{
	Suite *suite = suite_create(name);
	TCase *all = tcase_create(name);
	SRunner *runner;
	int failed;

	for (size_t i = 0; i < n; i++)
		tcase_add_test(all, tests[i]);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
#define RUN_TESTS(name, tests)                                                 \
	run_tests(name, tests, sizeof(tests) / sizeof((tests)[0]))

/*
 * Whether function(arg) ends its process: by abort(), or by the sanitizer that
 * sees the same thing first.
 */
static inline int aborts(void (*function)(void *), void *arg)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(2);
		function(arg);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return !WIFEXITED(status) || WEXITSTATUS(status) == 1;
}

#endif
