#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/landlock.h"
#include "util/buf.h"

/*
 * The jail, tried from inside: tests/tools/jail_probe closes it around itself
 * and then tries one thing.
 */

static void probe_path(struct buf *path)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	buf_add_str(path, self);
	buf_add_str(path, "/tools/jail_probe");
}

/* The wait status of a probe; what it sent is in out, of 16 bytes. */
static int probe(const char *what, char *out)
{
	struct buf path;
	int pair[2];
	int status;
	pid_t pid;

	buf_init(&path);
	probe_path(&path);
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	pid = fork();
	if (pid == 0) {
		if (pair[1] != 3)
			dup2(pair[1], 3);
		execl(path.data, path.data, what, (char *)NULL);
		_exit(9);
	}
	close(pair[1]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	memset(out, 0, 16);
	(void)recv(pair[0], out, 15, MSG_DONTWAIT);
	close(pair[0]);
	buf_release(&path);
	return status;
}

static void dies_of_sigsys(const char *what)
{
	char out[16];
	int status = probe(what, out);

	ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
		      "%s: status %#x", what, (unsigned)status);
}

START_TEST(parsing_can_work_in_the_jail)
{
	char out[16];

	ck_assert_int_eq(probe("work", out), 0);
	ck_assert_str_eq(out, "done");
}
END_TEST

START_TEST(no_file_can_be_opened_or_made)
{
	dies_of_sigsys("open");
	dies_of_sigsys("create");
}
END_TEST

START_TEST(no_socket_can_be_made)
{
	dies_of_sigsys("socket");
	dies_of_sigsys("unix-socket");
}
END_TEST

START_TEST(no_process_can_be_started)
{
	dies_of_sigsys("fork");
	dies_of_sigsys("clone");
	dies_of_sigsys("exec");
}
END_TEST

START_TEST(no_other_process_can_be_touched)
{
	dies_of_sigsys("kill-parent");
	dies_of_sigsys("kill");
	dies_of_sigsys("ptrace");
}
END_TEST

START_TEST(no_other_descriptor_can_be_used)
{
	dies_of_sigsys("other-fd");
	dies_of_sigsys("dup");
}
END_TEST

START_TEST(nothing_else_can_be_asked_of_the_kernel)
{
	dies_of_sigsys("getuid");
}
END_TEST

#ifndef DSND_SANITIZE
START_TEST(no_memory_becomes_executable)
{
	dies_of_sigsys("exec-memory");
	dies_of_sigsys("mprotect");
}
END_TEST

START_TEST(no_limit_can_be_read_or_raised)
{
	dies_of_sigsys("prlimit");
}
END_TEST

START_TEST(memory_ends_at_its_limit)
{
	char out[16];
	int status = probe("much-memory", out);

	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 1);
}
END_TEST
#endif

/* Behind the filter it is never seen at work: here it is alone. */
static int landlock_denies(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (landlock_deny_all() == 0)
		return 0; /* this kernel has none */
	if (open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES)
		return 1;
	return mkdir("/tmp/landlock-test", 0700) < 0 && errno == EACCES ? 0 : 2;
}

START_TEST(landlock_takes_the_files_away)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(landlock_denies());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(processor_time_ends_at_its_limit)
{
	char out[16];
	int status = probe("loop", out);

	ck_assert(WIFSIGNALED(status));
	ck_assert(WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parser_sandbox");
	TCase *tc = tcase_create("jail");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(tc, parsing_can_work_in_the_jail);
	tcase_add_test(tc, no_file_can_be_opened_or_made);
	tcase_add_test(tc, no_socket_can_be_made);
	tcase_add_test(tc, no_process_can_be_started);
	tcase_add_test(tc, no_other_process_can_be_touched);
	tcase_add_test(tc, no_other_descriptor_can_be_used);
	tcase_add_test(tc, nothing_else_can_be_asked_of_the_kernel);
#ifndef DSND_SANITIZE
	tcase_add_test(tc, no_memory_becomes_executable);
	tcase_add_test(tc, no_limit_can_be_read_or_raised);
	tcase_add_test(tc, memory_ends_at_its_limit);
#endif
	tcase_add_test(tc, landlock_takes_the_files_away);
	tcase_add_test(tc, processor_time_ends_at_its_limit);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
