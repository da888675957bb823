/* Who is forgotten: crowds of reports, and what retention has left of some. */
#include "store_fixture.h"

#include <poll.h>
#include <sys/wait.h>

static struct store_forgotten told;
static char why[64];

static void take(void *ctx, const struct store_forgotten *f)
{
	(void)ctx;
	snprintf(why, sizeof(why), "%s", f->suppressed);
	told = *f;
}

static void forget(struct store *s, const char *address, bool all,
		   int64_t now_s)
{
	const struct store_forget what = {
		.addresses = &address, .n = 1, .all = all};
	struct error err = {0};

	ck_assert_msg(store_forget(s, &what, take, NULL, NULL, now_s, &err) ==
			      0,
		      "%s", err.text);
	ck_assert_uint_eq(wrong_states(s, now_s), 0);
}

/* More than any history holds, proved and not, some of them taken back. */
START_TEST(crowd_of_reports_goes_altogether)
{
	struct store_undo undo = {.until_s = T0 + 100, .note = "", .who = ""};
	struct error err = {0};
	struct store_rework result;
	struct store *s = database_open(path);
	int64_t reports;

	for (unsigned i = 0; i < 4500; i++) {
		const struct sample x = {.id = i,
					 .address = "ann@example.net",
					 .reason = REASON_USER_UNKNOWN,
					 .evidence = i % 2 ? EVIDENCE_RELAY
							   : EVIDENCE_SENDER,
					 .at_s = T0 + i};

		if (i % 500 == 0)
			batch_begin(s);
		sample_add(s, &x);
		if (i % 500 == 499)
			batch_commit(s, T0 + DAY);
	}
	ck_assert_int_eq(store_undo(s, &undo, NULL, T0 + DAY, &result, &err),
			 0);
	reports = number_of("SELECT count(*) FROM fact");
	ck_assert_int_gt(reports, 4400);
	forget(s, "ann@example.net", false, T0 + DAY);
	ck_assert_int_eq(told.reports, reports);
	ck_assert_str_eq(why, "user_unknown");
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM message "
				   "WHERE original_from <> ''"),
			 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM decision"), 0);
	ck_assert_str_eq(ask(s, "ann@example.net", NULL, T0 + DAY),
			 "user_unknown");
	store_close(s);
}
END_TEST

START_TEST(hours_of_a_domain_are_counted_without_it)
{
	struct store *s = database_open(path);

	break_domain(s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 1);
	/* Of the facts nothing is left, of the hour everything. */
	retain_all(s, T0 + DAY, T0 + 2 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM domain_event"), 5);
	forget(s, "c@big.example", false, T0 + 2 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM domain_event"), 4);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM address "
				   "WHERE folded = 'c@big.example'"),
			 0);
	store_close(s);
}
END_TEST

/* Its carry rows are all there is. */
START_TEST(what_retention_left_is_forgotten_too)
{
	const struct sample x = {.address = "ann@example.net",
				 .reason = REASON_USER_UNKNOWN,
				 .at_s = T0};
	struct store *s = database_open(path);

	commit_all(s, &x, 1, T0 + 1);
	retain_all(s, T0 + DAY, T0 + 2 * DAY);
	forget(s, "ann@example.net", false, T0 + 2 * DAY);
	ck_assert(told.known && told.stays);
	ck_assert_int_eq(told.reports, 0);
	ck_assert_str_eq(ask(s, "ann@example.net", NULL, T0 + 2 * DAY),
			 "user_unknown");
	forget(s, "ann@example.net", true, T0 + 2 * DAY);
	ck_assert(told.known && !told.stays);
	ck_assert_int_eq(number_of("SELECT count(*) FROM carry"), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM address"), 0);
	ck_assert_str_eq(ask(s, "ann@example.net", NULL, T0 + 2 * DAY), "yes");
	store_close(s);
}
END_TEST

/* The mailbox still has the message: it is not read as a new one. */
START_TEST(message_that_is_still_there_is_not_counted_again)
{
	const struct sample x[] = {{.address = "ann@example.net",
				    .reason = REASON_USER_UNKNOWN,
				    .message_id = "m1@example.com",
				    .at_s = T0},
				   {.id = 1,
				    .address = "ann@example.net",
				    .reason = REASON_DELIVERED,
				    .action = ACTION_DELIVERED,
				    .message_id = "m2@example.com",
				    .at_s = T0}};
	struct store_known known;
	struct store_message m;
	struct store *s = database_open(path);

	commit_all(s, x, 2, T0 + 1);
	forget(s, "ann@example.net", true, T0 + 1);
	sample_message(&x[0], &m);
	ck_assert_int_eq(store_message_known(s, &m, &known, NULL), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM message WHERE "
				   "original_id = '' AND original_from = ''"),
			 2);
	store_close(s);
}
END_TEST

/*
 * Whoever forgets waits for the lock; meanwhile somebody else has forgotten it
 * too, and the next address that came got its number.
 */
START_TEST(number_that_is_anothers_by_now_is_left_alone)
{
	const struct sample x = {.address = "ann@example.net",
				 .reason = REASON_USER_UNKNOWN,
				 .at_s = T0};
	struct store *s = database_open(path);
	sqlite3 *db = NULL;
	int ends[2], status = -1;
	char go = 0;
	pid_t pid;

	commit_all(s, &x, 1, T0 + 1);
	store_close(s);
	ck_assert_int_eq(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		ck_assert_int_eq(read(ends[0], &go, 1), 1);
		s = store_open(path, STORE_WRITE, &policy, NULL);
		forget(s, "ann@example.net", true, T0 + 1);
		store_close(s);
		_exit(0);
	}
	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db,
				      "BEGIN IMMEDIATE; UPDATE address SET "
				      "folded = 'bob@example.net', "
				      "written = 'bob@example.net'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	ck_assert_int_eq(write(ends[1], &go, 1), 1);
	poll(NULL, 0, 500);
	ck_assert_int_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(db);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppression"), 1);
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("store");

	tcase_add_test(cases, crowd_of_reports_goes_altogether);
	tcase_add_test(cases, hours_of_a_domain_are_counted_without_it);
	tcase_add_test(cases, what_retention_left_is_forgotten_too);
	tcase_add_test(cases, message_that_is_still_there_is_not_counted_again);
	tcase_add_test(cases, number_that_is_anothers_by_now_is_left_alone);
	return run_cases("store forget", cases);
}
