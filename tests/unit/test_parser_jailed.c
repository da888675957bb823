#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "parser/parser.h"
#include "util/buf.h"

/*
 * The real dsnd-parse on mail that is known to kill mail libraries: each
 * message has exactly one report, and its neighbours have their right ones.
 */

static struct buf program;
static struct buf hostile;

static void setup(void)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	buf_init(&program);
	buf_addf(&program, "%s/../dsnd-parse", self);
	buf_init(&hostile);
}

static void teardown(void)
{
	buf_release(&program);
	buf_release(&hostile);
}

static void times(const char *s, size_t n)
{
	while (n-- > 0)
		buf_add_str(&hostile, s);
}

/* A DSN about one user, as Postfix writes it. */
static void bounce_of(struct buf *b, unsigned user)
{
	buf_reset(b);
	buf_addf(b,
		 "From: MAILER-DAEMON@mx.example.com\n"
		 "Subject: Undelivered Mail Returned to Sender\n"
		 "MIME-Version: 1.0\n"
		 "Content-Type: multipart/report; "
		 "report-type=delivery-status; boundary=\"b%u\"\n\n"
		 "--b%u\nContent-Type: text/plain\n\nSorry.\n"
		 "--b%u\nContent-Type: message/delivery-status\n\n"
		 "Reporting-MTA: dns; mx.example.com\n\n"
		 "Final-Recipient: rfc822; user%u@example.net\n"
		 "Action: failed\nStatus: 5.1.1\n"
		 "Diagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
		 "--b%u--\n",
		 user, user, user, user, user);
}

static void expect_bounce(struct parser *p, unsigned user)
{
	struct buf address;
	struct report r;
	uint64_t id;

	report_init(&r);
	ck_assert_int_eq(parser_receive(p, &id, &r, NULL, NULL), 1);
	ck_assert_uint_eq(id, user);
	ck_assert_int_eq(r.kind, REPORT_BOUNCE);
	ck_assert_uint_eq(r.fact_count, 1);
	buf_init(&address);
	buf_addf(&address, "user%u@example.net", user);
	ck_assert_str_eq(r.facts[0].address, address.data);
	ck_assert_str_eq(r.facts[0].reply_text, "550 5.1.1 no such user");
	buf_release(&address);
	report_release(&r);
}

/* What is in `hostile` between two bounces: read without harm, or not read. */
static void costs_only_itself(void)
{
	struct parser_settings s;
	struct parser *p;
	struct report r;
	struct buf b;
	uint64_t id;

	parser_settings_init(&s);
	s.program = program.data;
	s.window_bytes = (size_t)64 << 20;
	p = parser_open(&s, NULL);
	buf_init(&b);
	bounce_of(&b, 1);
	ck_assert_int_eq(parser_submit(p, 1, b.data, b.len, NULL), 1);
	ck_assert_int_eq(parser_submit(p, 2, hostile.data, hostile.len, NULL),
			 1);
	bounce_of(&b, 3);
	ck_assert_int_eq(parser_submit(p, 3, b.data, b.len, NULL), 1);
	expect_bounce(p, 1);
	report_init(&r);
	ck_assert_int_eq(parser_receive(p, &id, &r, NULL, NULL), 1);
	ck_assert_uint_eq(id, 2);
	for (size_t i = 0; i < r.fact_count; i++)
		ck_assert_int_ne(r.facts[i].action, ACTION_FAILED);
	report_release(&r);
	expect_bounce(p, 3);
	ck_assert_uint_eq(parser_in_flight(p), 0);
	buf_release(&b);
	parser_close(p);
}

START_TEST(a_boundary_of_one_quote)
{
	times("Content-Type: multipart/report; boundary=\"\\\"\"\n\nx\n", 1);
	costs_only_itself();
}
END_TEST

START_TEST(comments_nested_beyond_the_stack)
{
	times("From: a@example.com\nDate: ", 1);
	times("(", 300000);
	times("\nContent-Type: multipart/mixed; boundary=b ", 1);
	times("(", 300000);
	times("\n\n--b\n\nx\n--b--\n", 1);
	costs_only_itself();
}
END_TEST

START_TEST(messages_nested_beyond_the_stack)
{
	times("Content-Type: multipart/mixed; boundary=b\n\n--b\n", 1);
	times("Content-Type: message/rfc822\n\n", 60000);
	costs_only_itself();
}
END_TEST

START_TEST(quoted_printable_that_ends_in_mid_character)
{
	times("Content-Type: text/plain\n"
	      "Content-Transfer-Encoding: quoted-printable\n\nx=4",
	      1);
	costs_only_itself();
}
END_TEST

START_TEST(a_million_parts)
{
	times("Content-Type: multipart/mixed; boundary=b\n\n", 1);
	times("--b\n\nx\n", 500000);
	costs_only_itself();
}
END_TEST

START_TEST(multiparts_in_multiparts)
{
	struct buf line;

	buf_init(&line);
	for (unsigned i = 0; i < 20000; i++) {
		buf_reset(&line);
		buf_addf(&line,
			 "Content-Type: multipart/mixed; boundary=b%u\n\n"
			 "--b%u\n",
			 i, i);
		times(line.data, 1);
	}
	buf_release(&line);
	costs_only_itself();
}
END_TEST

START_TEST(encoded_words_in_unheard_of_charsets)
{
	times("Content-Type: multipart/mixed; boundary=b; "
	      "name=\"=?x-unheard-of?Q?=FC?=\"\n\n"
	      "--b\nContent-Type: text/plain; charset=iso-2022-cn-ext; "
	      "name=\"=?iso-8859-1?Q?=FCber?=\"\n\nx\n--b--\n",
	      1);
	costs_only_itself();
}
END_TEST

START_TEST(bytes_of_every_kind)
{
	for (unsigned i = 0; i < 100000; i++)
		buf_add_char(&hostile, (char)(i * 2654435761u >> 24));
	costs_only_itself();
}
END_TEST

START_TEST(an_empty_message)
{
	costs_only_itself();
}
END_TEST

static void parse_hostile(struct report *r)
{
	struct parser_settings s;
	struct parser *p;
	uint64_t id;

	parser_settings_init(&s);
	s.program = program.data;
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, hostile.data, hostile.len, NULL),
			 1);
	report_init(r);
	ck_assert_int_eq(parser_receive(p, &id, r, NULL, NULL), 1);
	parser_close(p);
}

static void dsn_begins(void)
{
	times("From: MAILER-DAEMON@mx.example.com\n"
	      "Subject: Undelivered Mail Returned to Sender\n"
	      "MIME-Version: 1.0\n"
	      "Content-Type: multipart/report; "
	      "report-type=delivery-status; boundary=b\n\n"
	      "--b\nContent-Type: message/global-delivery-status\n\n"
	      "Reporting-MTA: dns; mx.example.com\n\n",
	      1);
}

/* libc's sort asks the kernel something once there is much to sort. */
START_TEST(as_many_recipients_as_there_may_be)
{
	struct report r;

	dsn_begins();
	for (unsigned i = 0; i < 6000; i++) {
		struct buf recipient;

		buf_init(&recipient);
		buf_addf(&recipient,
			 "Final-Recipient: rfc822; r%u@example.net\n"
			 "Action: failed\nStatus: 5.1.1\n\n",
			 i);
		times(recipient.data, 1);
		buf_release(&recipient);
	}
	times("--b--\n", 1);
	parse_hostile(&r);
	ck_assert_int_eq(r.kind, REPORT_BOUNCE);
	ck_assert_uint_eq(r.fact_count, REPORT_MAX_RECIPIENTS);
	ck_assert(r.partial);
	report_release(&r);
}
END_TEST

START_TEST(addresses_in_other_scripts)
{
	struct report r;

	dsn_begins();
	times("Final-Recipient: utf-8; j\xc3\xb6rg@b\xc3\xbc"
	      "cher.example\n"
	      "Original-Recipient: utf-8; j\xc3\xb6rg@b\xc3\xbc"
	      "cher.example\n"
	      "Action: failed\nStatus: 5.1.1\n\n--b--\n",
	      1);
	parse_hostile(&r);
	ck_assert_int_eq(r.kind, REPORT_BOUNCE);
	ck_assert_uint_eq(r.fact_count, 1);
	ck_assert_ptr_nonnull(strstr(r.facts[0].address, "j\xc3\xb6rg@b"));
	report_release(&r);
}
END_TEST

#define FATAL 110 /* behind the answers that are sent one by one */

static void expect(struct parser *p, unsigned user)
{
	struct report r;
	uint64_t id;

	if (user != FATAL) {
		expect_bounce(p, user);
		return;
	}
	report_init(&r);
	ck_assert_int_eq(parser_receive(p, &id, &r, NULL, NULL), 1);
	ck_assert_uint_eq(id, FATAL);
#ifndef DSND_SANITIZE /* no limit of memory then */
	ck_assert_int_eq(r.kind, REPORT_UNREADABLE);
#endif
	report_release(&r);
}

/*
 * A worker that has answered a hundred keeps answers back for a while. They
 * are lost with it, and asked for again; the others must not be blamed.
 */
START_TEST(a_death_with_answers_kept_back_costs_only_its_message)
{
	struct parser_settings s;
	unsigned next = 1;
	struct parser *p;
	struct buf b;

	parser_settings_init(&s);
	s.program = program.data;
	s.memory_bytes = (size_t)128 << 20;
	s.report.max_bytes = (size_t)64 << 20;
	s.window_bytes = (size_t)128 << 20;
	p = parser_open(&s, NULL);
	buf_init(&b);
	times("Subject: more than there is memory for\n\n", 1);
	times("filler\n", (size_t)7 << 20);
	for (unsigned i = 1; i <= 130; i++) {
		const struct buf *message = i == FATAL ? &hostile : &b;

		bounce_of(&b, i);
		while (parser_submit(p, i, message->data, message->len, NULL) ==
		       0)
			expect(p, next++);
	}
	while (next <= 130)
		expect(p, next++);
	buf_release(&b);
	parser_close(p);
}
END_TEST

/* As under a service manager that forbids it. */
static int forbid_seccomp(void)
{
	struct scmp_arg_cmp mode = SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP, 0);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc;

	if (!filter)
		return -1;
	rc = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM),
				    SCMP_SYS(seccomp), 0, NULL);
	if (rc == 0)
		rc = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM),
					    SCMP_SYS(prctl), 1, &mode);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc;
}

/* 0 where the parser refused to work and said why. */
static int refuses_to_work(void)
{
	struct parser_settings s;
	struct parser *p;
	struct error err;
	int rc;

	if (forbid_seccomp() != 0)
		return 1;
	parser_settings_init(&s);
	s.program = program.data;
	p = parser_open(&s, NULL);
	rc = parser_submit(p, 1, "From: a\n\nb\n", 11, &err);
	parser_close(p);
	if (rc != -1 || err.scope != ERROR_FATAL)
		return 2;
	return strstr(err.text, "(seccomp)") ? 0 : 3;
}

START_TEST(without_its_filter_it_parses_nothing)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(refuses_to_work());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("parser_jailed");
	TCase *tc = tcase_create("hostile");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_boundary_of_one_quote);
	tcase_add_test(tc, comments_nested_beyond_the_stack);
	tcase_add_test(tc, messages_nested_beyond_the_stack);
	tcase_add_test(tc, quoted_printable_that_ends_in_mid_character);
	tcase_add_test(tc, a_million_parts);
	tcase_add_test(tc, multiparts_in_multiparts);
	tcase_add_test(tc, encoded_words_in_unheard_of_charsets);
	tcase_add_test(tc, bytes_of_every_kind);
	tcase_add_test(tc, an_empty_message);
	tcase_add_test(tc, as_many_recipients_as_there_may_be);
	tcase_add_test(tc, addresses_in_other_scripts);
	tcase_add_test(tc,
		       a_death_with_answers_kept_back_costs_only_its_message);
	tcase_add_test(tc, without_its_filter_it_parses_nothing);
	suite_add_tcase(suite, tc);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
