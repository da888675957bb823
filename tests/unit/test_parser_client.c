#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "parser/parser.h"
#include "util/buf.h"
#include "util/fdio.h"

/*
 * The client against a parser that goes wrong on demand
 * (tests/tools/parser_fault): whatever one message does, that message alone is
 * unreadable and every other one gets its own record.
 */

#define WINDOW 8

static struct buf program;

static void use_program(const char *name)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	ck_assert_int_gt(n, 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	buf_init(&program);
	buf_addf(&program, "%s/tools/%s", self, name);
}

static void setup(void)
{
	use_program("parser_fault");
}

static void teardown(void)
{
	buf_release(&program);
}

static void settings_of(struct parser_settings *s)
{
	parser_settings_init(s);
	s->program = program.data;
	s->window_messages = WINDOW;
	/* More than any machine takes: who needs it says less. */
	s->message_ms = 60000;
}

static void receive_one(struct parser *p, uint64_t want_id, const char *want)
{
	struct error err;
	struct report r;
	const char *why;
	uint64_t id;

	report_init(&r);
	ck_assert_int_eq(parser_receive(p, &id, &r, &why, &err), 1);
	ck_assert_uint_eq(id, want_id);
	if (want) {
		ck_assert_int_eq(r.kind, REPORT_BOUNCE);
		ck_assert_str_eq(r.subject, want);
		ck_assert_ptr_null(why);
	} else {
		ck_assert_int_eq(r.kind, REPORT_UNREADABLE);
		ck_assert_ptr_nonnull(why);
	}
	report_release(&r);
}

/* A whole window whose k-th message is the fault. */
static void window_with(struct parser *p, const char *fault, unsigned k)
{
	char text[32];

	for (unsigned i = 0; i < WINDOW; i++) {
		snprintf(text, sizeof text, "message %u", i);
		if (i == k)
			snprintf(text, sizeof text, "%s", fault);
		ck_assert_int_eq(
			parser_submit(p, 100 + i, text, strlen(text), NULL), 1);
	}
	for (unsigned i = 0; i < WINDOW; i++) {
		snprintf(text, sizeof text, "message %u", i);
		receive_one(p, 100 + i, i == k ? NULL : text);
	}
	ck_assert_uint_eq(parser_in_flight(p), 0);
}

static void recovers_within(int64_t message_ms, const char *fault)
{
	struct parser_settings s;
	struct parser *p;

	settings_of(&s);
	s.message_ms = message_ms;
	p = parser_open(&s, NULL);
	for (unsigned k = 0; k < WINDOW; k++) {
		window_with(p, fault, k);
		ck_assert_uint_eq(parser_deaths(p), k + 1);
	}
	parser_close(p);
}

static void recovers_at_every_place(const char *fault)
{
	recovers_within(60000, fault);
}

/* Long enough for a busy machine, short enough for many hangs. */
static void recovers_from_silence(const char *fault)
{
	recovers_within(1000, fault);
}

START_TEST(a_crash_costs_only_its_message)
{
	recovers_at_every_place("crash");
}
END_TEST

START_TEST(a_hang_costs_only_its_message)
{
	recovers_from_silence("hang");
}
END_TEST

START_TEST(overrun_memory_costs_only_its_message)
{
	recovers_at_every_place("memory");
}
END_TEST

START_TEST(a_quiet_exit_costs_only_its_message)
{
	recovers_at_every_place("exit");
}
END_TEST

START_TEST(a_closed_socket_costs_only_its_message)
{
	recovers_at_every_place("close");
}
END_TEST

START_TEST(half_a_record_costs_only_its_message)
{
	recovers_from_silence("half");
}
END_TEST

START_TEST(garbage_costs_only_its_message)
{
	recovers_at_every_place("garbage");
}
END_TEST

START_TEST(an_absurd_length_costs_only_its_message)
{
	recovers_at_every_place("length");
}
END_TEST

START_TEST(a_forged_id_costs_only_its_message)
{
	recovers_at_every_place("forged");
}
END_TEST

START_TEST(control_characters_cost_only_their_message)
{
	recovers_at_every_place("control");
}
END_TEST

START_TEST(a_record_too_short_costs_only_its_message)
{
	recovers_at_every_place("cut");
}
END_TEST

START_TEST(a_frame_of_another_type_costs_only_its_message)
{
	recovers_at_every_place("type");
}
END_TEST

START_TEST(every_message_a_crash_still_answers_every_message)
{
	struct parser_settings s;
	struct parser *p;

	settings_of(&s);
	p = parser_open(&s, NULL);
	for (unsigned i = 0; i < WINDOW; i++)
		ck_assert_int_eq(parser_submit(p, i, "crash", 5, NULL), 1);
	for (unsigned i = 0; i < WINDOW; i++)
		receive_one(p, i, NULL);
	ck_assert_uint_eq(parser_deaths(p), WINDOW);
	parser_close(p);
}
END_TEST

/* What one message did to the worker must not be held against the next. */
START_TEST(a_message_after_a_poisoned_one_is_not_blamed)
{
	struct parser_settings s;
	struct parser *p;

	settings_of(&s);
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, "poison", 6, NULL), 1);
	ck_assert_int_eq(parser_submit(p, 2, "innocent", 8, NULL), 1);
	ck_assert_int_eq(parser_submit(p, 3, "another", 7, NULL), 1);
	receive_one(p, 1, "poison");
	receive_one(p, 2, "innocent");
	receive_one(p, 3, "another");
	ck_assert_uint_eq(parser_deaths(p), 0);
	parser_close(p);
}
END_TEST

START_TEST(a_second_record_for_one_message_ends_the_worker)
{
	struct parser_settings s;
	struct parser *p;

	settings_of(&s);
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, "twice", 5, NULL), 1);
	ck_assert_int_eq(parser_submit(p, 2, "next", 4, NULL), 1);
	receive_one(p, 1, "twice");
	receive_one(p, 2, "next");
	parser_close(p);
}
END_TEST

START_TEST(a_worn_out_worker_is_replaced_without_a_loss)
{
	struct parser_settings s;
	struct parser *p;
	char text[32];

	settings_of(&s);
	s.recycle_after = 3;
	p = parser_open(&s, NULL);
	for (unsigned i = 0; i < WINDOW; i++) {
		snprintf(text, sizeof text, "message %u", i);
		ck_assert_int_eq(parser_submit(p, i, text, strlen(text), NULL),
				 1);
	}
	for (unsigned i = 0; i < WINDOW; i++) {
		snprintf(text, sizeof text, "message %u", i);
		receive_one(p, i, text);
	}
	ck_assert_uint_eq(parser_deaths(p), 0);
	parser_close(p);
}
END_TEST

START_TEST(the_window_is_bounded_in_messages_and_bytes)
{
	struct parser_settings s;
	struct parser *p;
	static char big[3000];

	memset(big, 'b', sizeof big);
	settings_of(&s);
	s.window_bytes = 4000;
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, big, sizeof big, NULL), 1);
	ck_assert_int_eq(parser_submit(p, 2, big, sizeof big, NULL), 0);
	for (unsigned i = 1; i < WINDOW; i++)
		ck_assert_int_eq(parser_submit(p, i, "m", 1, NULL), 1);
	ck_assert_int_eq(parser_submit(p, 2, "m", 1, NULL), 0);
	parser_close(p);
	/* One message fits whatever its size. */
	s.window_bytes = 1;
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, big, sizeof big, NULL), 1);
	parser_close(p);
}
END_TEST

/* Both sides have more to write than the socket holds. */
START_TEST(large_messages_both_ways_do_not_stand_still)
{
	struct parser_settings s;
	struct parser *p;
	struct error err;
	struct report r;
	uint64_t id;
	static char big[1 << 20];

	memset(big, 'b', sizeof big);
	settings_of(&s);
	s.window_bytes = (size_t)64 << 20;
	p = parser_open(&s, NULL);
	for (unsigned i = 0; i < WINDOW; i++)
		ck_assert_int_eq(parser_submit(p, i, big, sizeof big, NULL), 1);
	for (unsigned i = 0; i < WINDOW; i++) {
		report_init(&r);
		ck_assert_int_eq(parser_receive(p, &id, &r, NULL, &err), 1);
		ck_assert_uint_eq(id, i);
		ck_assert_int_eq(r.kind, REPORT_BOUNCE);
		ck_assert(r.partial);
		ck_assert_uint_eq(strlen(r.subject), REPORT_MAX_FIELD);
		report_release(&r);
	}
	parser_close(p);
}
END_TEST

START_TEST(a_message_over_the_cap_is_read_as_partial)
{
	struct parser_settings s;
	struct parser *p;
	struct report r;
	uint64_t id;

	settings_of(&s);
	s.report.max_bytes = 4;
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, "longer", 6, NULL), 1);
	report_init(&r);
	ck_assert_int_eq(parser_receive(p, &id, &r, NULL, NULL), 1);
	ck_assert_str_eq(r.subject, "long");
	ck_assert(r.partial);
	report_release(&r);
	parser_close(p);
}
END_TEST

START_TEST(nothing_in_flight_gives_nothing)
{
	struct parser_settings s;
	struct parser *p;
	struct report r;
	uint64_t id;

	settings_of(&s);
	p = parser_open(&s, NULL);
	report_init(&r);
	ck_assert_int_eq(parser_receive(p, &id, &r, NULL, NULL), 0);
	report_release(&r);
	parser_close(p);
}
END_TEST

START_TEST(a_program_that_is_not_there_is_fatal_and_named)
{
	struct parser_settings s;
	struct error err;
	struct parser *p;

	settings_of(&s);
	s.program = "/nonexistent/dsnd-parse";
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, "m", 1, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_FATAL);
	ck_assert_ptr_nonnull(strstr(err.text, "/nonexistent/dsnd-parse"));
	parser_close(p);
}
END_TEST

START_TEST(no_program_is_one_to_be_found)
{
	struct parser_settings s;
	struct error err;
	struct parser *p;

	settings_of(&s);
	s.program = "";
	p = parser_open(&s, &err);
	/* Where the project is installed, one is found indeed. */
	if (parser_submit(p, 1, "a", 1, &err) < 0)
		ck_assert_ptr_nonnull(strstr(err.text, "/dsnd-parse: "));
	parser_close(p);
}
END_TEST

START_TEST(a_program_that_ends_at_once_is_fatal)
{
	struct parser_settings s;
	struct error err;
	struct parser *p;

	settings_of(&s);
	s.program = "/bin/false";
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, "m", 1, &err), -1);
	ck_assert_int_eq(err.scope, ERROR_FATAL);
	ck_assert_ptr_nonnull(strstr(err.text, "status 1"));
	parser_close(p);
}
END_TEST

START_TEST(no_worker_outlives_its_client)
{
	struct parser_settings s;
	struct parser *p;

	settings_of(&s);
	p = parser_open(&s, NULL);
	ck_assert_int_eq(parser_submit(p, 1, "hang", 4, NULL), 1);
	parser_close(p);
	/* No child of ours is left. */
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

static TCase *fault_case(void)
{
	TCase *tc = tcase_create("fault");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_crash_costs_only_its_message);
	tcase_add_test(tc, a_hang_costs_only_its_message);
	tcase_add_test(tc, overrun_memory_costs_only_its_message);
	tcase_add_test(tc, a_quiet_exit_costs_only_its_message);
	tcase_add_test(tc, a_closed_socket_costs_only_its_message);
	tcase_add_test(tc, half_a_record_costs_only_its_message);
	tcase_add_test(tc, garbage_costs_only_its_message);
	tcase_add_test(tc, an_absurd_length_costs_only_its_message);
	tcase_add_test(tc, a_forged_id_costs_only_its_message);
	tcase_add_test(tc, control_characters_cost_only_their_message);
	tcase_add_test(tc, a_record_too_short_costs_only_its_message);
	tcase_add_test(tc, a_frame_of_another_type_costs_only_its_message);
	return tc;
}

static TCase *client_case(void)
{
	TCase *tc = tcase_create("client");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, every_message_a_crash_still_answers_every_message);
	tcase_add_test(tc, a_message_after_a_poisoned_one_is_not_blamed);
	tcase_add_test(tc, a_second_record_for_one_message_ends_the_worker);
	tcase_add_test(tc, a_worn_out_worker_is_replaced_without_a_loss);
	tcase_add_test(tc, the_window_is_bounded_in_messages_and_bytes);
	tcase_add_test(tc, large_messages_both_ways_do_not_stand_still);
	tcase_add_test(tc, a_message_over_the_cap_is_read_as_partial);
	tcase_add_test(tc, nothing_in_flight_gives_nothing);
	tcase_add_test(tc, a_program_that_is_not_there_is_fatal_and_named);
	tcase_add_test(tc, no_program_is_one_to_be_found);
	tcase_add_test(tc, a_program_that_ends_at_once_is_fatal);
	tcase_add_test(tc, no_worker_outlives_its_client);
	return tc;
}

int main(void)
{
	Suite *suite = suite_create("parser_client");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, fault_case());
	suite_add_tcase(suite, client_case());
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
