#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "run.h"
#include "util/log.h"

/* Where journald would listen: a datagram socket with a name. */
static char path[64];

static int listen_as_the_journal(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	snprintf(path, sizeof path, "/tmp/dsnd-log.%d", (int)getpid());
	unlink(path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address),
			 0);
	return fd;
}

static void heard(int fd, const char *expected)
{
	char got[4096];
	ssize_t n = recv(fd, got, sizeof got - 1, MSG_DONTWAIT);

	ck_assert_int_ge(n, 0);
	got[n] = '\0';
	ck_assert_str_eq(got, expected);
}

START_TEST(the_journal_gets_each_value_in_a_field_of_its_own)
{
	int fd = listen_as_the_journal();
	struct log_line line;
	struct error err;

	log_init("dsnd", LOG_LEVEL_INFO);
	ck_assert_int_eq(log_to(LOG_TARGET_JOURNAL, path, &err), 0);
	log_msg(LOG_LEVEL_WARNING, "mailbox %s: gone", "bounces");
	heard(fd, "PRIORITY=4\nSYSLOG_IDENTIFIER=dsnd\n"
		  "MESSAGE=mailbox bounces: gone\n");
	log_begin(&line, LOG_LEVEL_INFO, "message");
	log_field(&line, "mailbox", "two words");
	log_field_int(&line, "recipients", 3);
	log_end(&line);
	heard(fd, "PRIORITY=6\nSYSLOG_IDENTIFIER=dsnd\n"
		  "MESSAGE=message mailbox=\"two words\" recipients=3\n"
		  "DSND_EVENT=message\nDSND_MAILBOX=two words\n"
		  "DSND_RECIPIENTS=3\n");
	log_begin(&line, LOG_LEVEL_DEBUG, "silent");
	log_end(&line);
	ck_assert_int_lt(recv(fd, path, 1, MSG_DONTWAIT), 0);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(mail_cannot_write_a_field_of_its_own)
{
	int fd = listen_as_the_journal();
	struct log_line line;
	struct error err;

	log_init("dsnd", LOG_LEVEL_INFO);
	ck_assert_int_eq(log_to(LOG_TARGET_JOURNAL, path, &err), 0);
	log_begin(&line, LOG_LEVEL_INFO, "message");
	log_field(&line, "reporter", "a\nPRIORITY=0");
	log_end(&line);
	heard(fd, "PRIORITY=6\nSYSLOG_IDENTIFIER=dsnd\n"
		  "MESSAGE=message reporter=\"a\\x0aPRIORITY=0\"\n"
		  "DSND_EVENT=message\nDSND_REPORTER=a\\x0aPRIORITY=0\n");
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(a_journal_that_hangs_loses_lines_and_holds_up_nobody)
{
	int fd = listen_as_the_journal();
	time_t began = time(NULL);
	bool told = false;
	unsigned lines = 0;
	struct error err;
	char got[4096];
	ssize_t n;

	log_init("dsnd", LOG_LEVEL_INFO);
	ck_assert_int_eq(log_to(LOG_TARGET_JOURNAL, path, &err), 0);
	for (int i = 0; i < 5000; i++)
		log_msg(LOG_LEVEL_INFO, "line");
	ck_assert_int_lt(time(NULL) - began, 30);
	while (recv(fd, got, sizeof got, MSG_DONTWAIT) > 0)
		lines++;
	ck_assert_uint_lt(lines, 5000);
	log_msg(LOG_LEVEL_INFO, "after");
	heard(fd, "PRIORITY=6\nSYSLOG_IDENTIFIER=dsnd\nMESSAGE=after\n");
	while ((n = recv(fd, got, sizeof got - 1, MSG_DONTWAIT)) > 0) {
		unsigned long lost = 0;
		const char *number;

		got[n] = '\0';
		number = strstr(got, "that are lost: ");
		ck_assert_ptr_nonnull(number);
		for (number += 15; *number != '\n'; number++)
			lost = lost * 10 + (unsigned long)(*number - '0');
		ck_assert_uint_eq(lost, 5000 - lines);
		told = true;
	}
	ck_assert(told);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(a_journal_that_takes_a_line_now_and_then_holds_up_nobody)
{
	int fd = listen_as_the_journal();
	struct error err;
	char got[4096];
	time_t began;

	log_init("dsnd", LOG_LEVEL_INFO);
	ck_assert_int_eq(log_to(LOG_TARGET_JOURNAL, path, &err), 0);
	for (int i = 0; i < 5000; i++)
		log_msg(LOG_LEVEL_INFO, "line");
	began = time(NULL);
	for (int i = 0; i < 8; i++) {
		ck_assert_int_gt(recv(fd, got, sizeof got, MSG_DONTWAIT), 0);
		log_msg(LOG_LEVEL_INFO, "line");
	}
	ck_assert_int_lt(time(NULL) - began, 6);
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(a_journal_that_is_not_there_is_said_at_once)
{
	struct error err;

	ck_assert_int_eq(log_to(LOG_TARGET_JOURNAL, "/nowhere/socket", &err),
			 -1);
	ck_assert_str_eq(err.text,
			 "log: the journal at /nowhere/socket cannot be "
			 "reached; is systemd-journald running? Else use "
			 "\"stderr\": No such file or directory");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_journal_gets_each_value_in_a_field_of_its_own,
		mail_cannot_write_a_field_of_its_own,
		a_journal_that_hangs_loses_lines_and_holds_up_nobody,
		a_journal_that_takes_a_line_now_and_then_holds_up_nobody,
		a_journal_that_is_not_there_is_said_at_once,
	};

	return RUN_TESTS("util/log", tests);
}
