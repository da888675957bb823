/* What time, crowds and a changed configuration do. */
#include "store_fixture.h"

static void expire_all(struct store *s, int64_t now_s)
{
	int more;

	while ((more = store_expire(s, 10, now_s, NULL)) == 1)
		;
	ck_assert_int_eq(more, 0);
	ck_assert_uint_eq(wrong_states(s, now_s), 0);
}

static int64_t suppressed(struct store *s, int64_t now_s)
{
	struct store_status status;

	ck_assert_int_eq(store_status(s, now_s, &status, NULL), 0);
	return status.suppressed;
}

static void add_one(struct store *s, unsigned id, const char *address,
		    enum reason reason, int64_t at_s)
{
	struct sample x = {
		.id = id, .address = address, .reason = reason, .at_s = at_s};

	commit_all(s, &x, 1, at_s);
}

START_TEST(promoted_suppression_ends_and_the_next_lasts_longer)
{
	struct store *s = database_open(path);
	int64_t end_s;

	for (unsigned i = 0; i < 3; i++)
		add_one(s, i, "ann@example.org", REASON_MAILBOX_FULL,
			T0 + 2 * DAY * i);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 5 * DAY),
			 "mailbox_full");
	end_s = number_of("SELECT until FROM suppression");
	ck_assert_int_eq(end_s, T0 + 34 * DAY);
	/* Before housekeeping as well as after it. */
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, end_s), "yes");
	ck_assert_int_eq(suppressed(s, end_s - 1), 1);
	ck_assert_int_eq(suppressed(s, end_s), 0);
	expire_all(s, end_s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppression"), 0);
	ck_assert_int_eq(suppressed(s, end_s), 0);
	add_one(s, 9, "ann@example.org", REASON_MAILBOX_FULL, end_s + DAY);
	ck_assert_int_eq(number_of("SELECT until FROM suppression"),
			 end_s + 91 * DAY);
	store_close(s);
}
END_TEST

/* An hour of n new hard failures of one domain, after a quiet week. */
static void crowd(struct store *s, unsigned n, int64_t at_s)
{
	batch_begin(s);
	for (unsigned i = 0; i < n; i++) {
		char address[64];
		struct sample x = {.id = 1000 + i,
				   .address = address,
				   .reason = REASON_USER_UNKNOWN,
				   .at_s = at_s + i};

		snprintf(address, sizeof(address), "u%u@big.example", i);
		sample_add(s, &x);
	}
	batch_commit(s, at_s + n);
}

START_TEST(crowd_of_hard_failures_is_held_and_acts_after_its_time)
{
	struct store *s = database_open(path);
	int64_t at_s = T0 + 10 * HOUR;

	crowd(s, 100, at_s);
	ck_assert_str_eq(ask(s, "u5@big.example", NULL, at_s + HOUR), "yes");
	ck_assert_int_eq(number_of("SELECT count(*) FROM pending "
				   "WHERE held_by <> '' AND until IS NOT NULL"),
			 100);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	expire_all(s, at_s + 2 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 100);
	ck_assert_int_eq(number_of("SELECT count(*) FROM pending"), 0);
	store_close(s);
}
END_TEST

/* Commonplace as a reason, and unusual of a single domain. */
START_TEST(dead_addresses_of_many_domains_hold_nobody)
{
	struct store *s = database_open(path);

	for (unsigned i = 0; i < 60; i++) {
		char address[64];

		snprintf(address, sizeof(address), "u@d%u.example", i);
		add_one(s, i, address, REASON_USER_UNKNOWN, T0 + i);
	}
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 60);
	ck_assert_int_eq(number_of("SELECT count(*) FROM pending"), 0);
	store_close(s);
}
END_TEST

START_TEST(the_one_too_many_holds_those_before_it_as_well)
{
	struct store *s = database_open(path);
	int64_t at_s = T0 + 10 * HOUR;

	crowd(s, 5, at_s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 5);
	crowd(s, 100, at_s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	ck_assert_uint_eq(wrong_states(s, at_s + 200), 0);
	store_close(s);
}
END_TEST

START_TEST(person_applies_or_drops_what_is_held)
{
	struct store *s = database_open(path);
	int64_t at_s = T0 + 10 * HOUR;
	struct error err = {0};
	int64_t first;

	crowd(s, 100, at_s);
	first = number_of("SELECT min(bounce_id) FROM pending");
	ck_assert_int_eq(store_hold_decide(s, first, true, "op", "seen",
					   at_s + 200, &err),
			 0);
	ck_assert_int_eq(store_hold_decide(s, first + 1, false, "op", "no",
					   at_s + 200, &err),
			 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM pending"), 98);
	ck_assert_int_eq(
		store_hold_decide(s, first, true, "op", "", at_s + 201, &err),
		-1);
	ck_assert_int_eq(err.scope, ERROR_MESSAGE);
	expire_all(s, at_s + 2 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 99);
	store_close(s);
}
END_TEST

START_TEST(soft_failures_of_a_whole_domain_promote_nobody)
{
	struct store *s = database_open(path);

	/* Ann has two failures of her own; the third is everybody's. */
	add_one(s, 1, "ann@example.org", REASON_HOST_BUSY, T0);
	add_one(s, 2, "ann@example.org", REASON_HOST_BUSY, T0 + 2 * DAY);
	add_one(s, 3, "ann@example.org", REASON_HOST_BUSY, T0 + 4 * DAY);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 4 * DAY),
			 "host_busy");
	add_one(s, 4, "b@example.org", REASON_HOST_BUSY, T0 + 4 * DAY + 60);
	add_one(s, 5, "c@example.org", REASON_HOST_BUSY, T0 + 4 * DAY + HOUR);
	add_one(s, 6, "d@example.org", REASON_HOST_BUSY, T0 + 4 * DAY - HOUR);
	add_one(s, 7, "e@example.org", REASON_HOST_BUSY, T0 + 4 * DAY + 70);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 4 * DAY), "yes");
	ck_assert_uint_eq(wrong_states(s, T0 + 4 * DAY + HOUR), 0);
	store_close(s);
}
END_TEST

START_TEST(domain_that_takes_no_mail_is_suppressed_whole)
{
	struct store *s = database_open(path);
	int64_t until_s;

	add_one(s, 1, "a@gone.example", REASON_NULL_MX, T0);
	add_one(s, 2, "b@gone.example", REASON_NULL_MX, T0 + 1);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 2), "yes");
	add_one(s, 3, "c@gone.example", REASON_NULL_MX, T0 + 2);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 3), "null_mx");
	until_s = number_of("SELECT until FROM suppression s JOIN address a "
			    "ON a.id = s.address WHERE a.folded LIKE '@%'");
	ck_assert_int_gt(until_s, T0);
	expire_all(s, until_s);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, until_s), "yes");
	store_close(s);
}
END_TEST

START_TEST(changed_policy_folds_everybody_again)
{
	struct store *s = database_open(path);
	struct error err = {0};

	add_one(s, 1, "ann@example.org", REASON_MAILBOX_FULL, T0);
	ck_assert_int_eq(store_policy_changed(s, T0, &err), 0);
	ck_assert_int_eq(store_policy_changed(s, T0, &err), 0);
	store_close(s);
	policy.soft.threshold = 1;
	policy.soft.min_span_s = 0;
	s = database_open(path);
	ck_assert_int_eq(store_policy_changed(s, T0 + 1, &err), 1);
	expire_all(s, T0 + 1);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 1),
			 "mailbox_full");
	ck_assert_int_eq(store_policy_changed(s, T0 + 2, &err), 0);
	store_close(s);
}
END_TEST

START_TEST(what_ended_by_a_clock_ahead_begins_again)
{
	struct store *s = database_open(path);
	int64_t ahead_s = T0 + 300 * DAY;

	add_one(s, 1, "ann@example.org", REASON_DOMAIN_UNKNOWN, T0);
	ck_assert_int_eq(store_clock(s, T0, NULL), 0);
	ck_assert_int_eq(store_clock(s, ahead_s, NULL), STORE_CLOCK_LEAPT);
	expire_all(s, ahead_s);
	/* An hour does not matter, and has been seen. */
	ck_assert_int_eq(store_clock(s, ahead_s - HOUR, NULL), 0);
	ck_assert_int_eq(store_clock(s, T0 + HOUR, NULL), STORE_CLOCK_BACK);
	expire_all(s, T0 + HOUR);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + HOUR),
			 "domain_unknown");
	ck_assert_int_eq(store_clock(s, T0 + HOUR, NULL), 0);
	store_close(s);
}
END_TEST

START_TEST(changed_policy_holds_before_everybody_is_folded)
{
	struct store *s = database_open(path);
	struct error err = {0};

	crowd(s, 60, T0);
	policy.guard.min_count = 1000;
	ck_assert_int_eq(store_policy_changed(s, T0, &err), 0);
	store_close(s);
	policy.mode = POLICY_OBSERVE;
	s = database_open(path);
	ck_assert_int_eq(store_policy_changed(s, T0 + 1, &err), 1);
	for (unsigned i = 0; i < 4; i++) {
		ck_assert_str_eq(ask(s, "u1@big.example", NULL, T0 + 1), "yes");
		ck_assert_str_eq(ask(s, "u59@big.example", NULL, T0 + 1),
				 "yes");
		ck_assert_int_eq(store_expire(s, 10, T0 + 1, &err), 1);
	}
	expire_all(s, T0 + 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	store_close(s);
}
END_TEST

START_TEST(changed_guard_lets_go_what_it_held)
{
	struct store *s = database_open(path);
	int64_t at_s = T0 + 10 * HOUR;

	crowd(s, 100, at_s);
	ck_assert_int_eq(store_policy_changed(s, at_s, NULL), 0);
	store_close(s);
	policy.guard.min_count = 1000;
	s = database_open(path);
	ck_assert_int_eq(store_policy_changed(s, at_s + 200, NULL), 1);
	expire_all(s, at_s + 200);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 100);
	store_close(s);
}
END_TEST

START_TEST(retention_deletes_history_and_keeps_what_it_means)
{
	struct store *s = database_open(path);
	int64_t now_s = T0 + 200 * DAY;
	int64_t counted;

	add_one(s, 1, "dead@example.org", REASON_USER_UNKNOWN, T0);
	add_one(s, 2, "dead@example.org", REASON_USER_UNKNOWN, T0 + DAY);
	for (unsigned i = 0; i < 3; i++)
		add_one(s, 10 + i, "full@example.org", REASON_MAILBOX_FULL,
			T0 + 2 * DAY * i);
	add_one(s, 20, "fine@example.org", REASON_IP_BLOCKED, T0);
	counted = number_of("SELECT sum(hard + soft + block) "
			    "FROM campaign_rate");
	expire_all(s, now_s);
	retain_all(s, now_s - 100 * DAY, now_s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	ck_assert_str_eq(ask(s, "dead@example.org", NULL, now_s),
			 "user_unknown");
	ck_assert_str_eq(ask(s, "full@example.org", NULL, now_s), "yes");
	ck_assert_int_eq(number_of("SELECT sum(hard + soft + block) "
				   "FROM campaign_rate"),
			 counted);
	ck_assert_uint_eq(wrong_states(s, now_s), 0);
	/* Probation outlives the history that led to it. */
	add_one(s, 30, "full@example.org", REASON_MAILBOX_FULL, now_s);
	ck_assert_str_eq(ask(s, "full@example.org", NULL, now_s),
			 "mailbox_full");
	ck_assert_int_eq(
		number_of("SELECT until FROM suppression s JOIN address a "
			  "ON a.id = s.address "
			  "WHERE a.folded = 'full@example.org'"),
		now_s + 90 * DAY);
	store_close(s);
}
END_TEST

START_TEST(what_has_ended_is_dumped_no_more_though_nobody_has_noticed)
{
	struct store *s = database_open(path);
	struct buf before, after;

	buf_init(&before);
	buf_init(&after);
	for (unsigned i = 0; i < 3; i++)
		add_one(s, 10 + i, "full@example.org", REASON_MAILBOX_FULL,
			T0 + 2 * DAY * i);
	dump_to(s, T0 + 5 * DAY, &before);
	ck_assert_ptr_nonnull(strstr(before.data, "\"until\":"));
	dump_to(s, T0 + 40 * DAY, &before);
	expire_all(s, T0 + 40 * DAY);
	dump_to(s, T0 + 40 * DAY, &after);
	ck_assert_str_eq(before.data, after.data);
	buf_release(&before);
	buf_release(&after);
	store_close(s);
}
END_TEST

START_TEST(copy_stays_as_long_as_what_it_copies)
{
	struct store *s = database_open(path);
	struct sample x[] = {{.id = 1,
			      .address = "full@example.org",
			      .reason = REASON_MAILBOX_FULL,
			      .at_s = T0,
			      .message_id = "m1@example.com"},
			     {.id = 2,
			      .address = "full@example.org",
			      .reason = REASON_MAILBOX_FULL,
			      .at_s = T0 + 5,
			      .message_id = "m1@example.com"}};

	commit_all(s, x, 2, T0 + 10);
	/* The first one counts towards a suppression still. */
	retain_all(s, T0 + 10 * DAY, T0 + 20 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 2);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact WHERE copy"), 1);
	retain_all(s, T0 + 200 * DAY, T0 + 210 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	store_close(s);
}
END_TEST

START_TEST(messages_disposed_of_go_with_their_facts)
{
	struct store *s = database_open(path);
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_IP_BLOCKED,
			   .at_s = T0};
	struct store_message m;

	sample_message(&x, &m);
	commit_all(s, &x, 1, T0);
	retain_all(s, T0 + DAY, T0 + DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM message"), 1);
	ck_assert_int_eq(store_disposal_done(s, &m.key, 1, NULL), 0);
	retain_all(s, T0 + DAY, T0 + DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM message"), 0);
	store_close(s);
}
END_TEST

START_TEST(checkpoint_moves_the_log_into_the_database)
{
	struct store *s = database_open(path);
	struct error err = {0};
	sqlite3 *reader;

	ck_assert_int_eq(sqlite3_open(path, &reader), SQLITE_OK);
	sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM fact", NULL, NULL,
		     NULL);
	add_one(s, 1, "ann@example.org", REASON_USER_UNKNOWN, T0);
	ck_assert_msg(store_checkpoint(s, &err) == 0, "%s", err.text);
	ck_assert_int_gt(store_log_left(s), 0);
	sqlite3_close(reader);
	ck_assert_msg(store_checkpoint(s, &err) == 0, "%s", err.text);
	ck_assert_int_eq(store_log_left(s), 0);
	store_close(s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 1);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("time");

	tcase_add_test(c, promoted_suppression_ends_and_the_next_lasts_longer);
	tcase_add_test(c,
		       crowd_of_hard_failures_is_held_and_acts_after_its_time);
	tcase_add_test(c, dead_addresses_of_many_domains_hold_nobody);
	tcase_add_test(c, the_one_too_many_holds_those_before_it_as_well);
	tcase_add_test(c, person_applies_or_drops_what_is_held);
	tcase_add_test(c, soft_failures_of_a_whole_domain_promote_nobody);
	tcase_add_test(c, domain_that_takes_no_mail_is_suppressed_whole);
	tcase_add_test(c, changed_policy_folds_everybody_again);
	tcase_add_test(c, what_ended_by_a_clock_ahead_begins_again);
	tcase_add_test(c, changed_policy_holds_before_everybody_is_folded);
	tcase_add_test(c, changed_guard_lets_go_what_it_held);
	tcase_add_test(c, retention_deletes_history_and_keeps_what_it_means);
	tcase_add_test(
		c, what_has_ended_is_dumped_no_more_though_nobody_has_noticed);
	tcase_add_test(c, copy_stays_as_long_as_what_it_copies);
	tcase_add_test(c, messages_disposed_of_go_with_their_facts);
	tcase_add_test(c, checkpoint_moves_the_log_into_the_database);
	return run_cases("store time", c);
}
