/*
 * What must not act: on a whole domain, on an allow entry, or for longer than
 * others may wait for the write lock.
 */
#include "store_fixture.h"

static void expire_all(struct store *s, int64_t now_s)
{
	int more;

	while ((more = store_expire(s, 200, now_s, NULL)) == 1)
		;
	ck_assert_int_eq(more, 0);
	ck_assert_uint_eq(wrong_states(s, now_s), 0);
}

/* Three addresses of one domain of which a null MX is told. */
static void tell_null_mx(struct store *s, bool forwarded)
{
	static const char *const addresses[] = {
		"a@gone.example", "b@gone.example", "c@gone.example"};
	struct sample x[3];

	for (unsigned i = 0; i < 3; i++)
		x[i] = (struct sample){.id = 1 + i,
				       .address = addresses[i],
				       .reason = REASON_NULL_MX,
				       .forwarded = forwarded,
				       .at_s = T0 + i};
	commit_all(s, x, 3, T0 + 3);
}

START_TEST(null_mx_of_a_forward_target_says_nothing_of_the_domain)
{
	struct store *s = database_open(path);

	tell_null_mx(s, true);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 3), "yes");
	store_close(s);
}
END_TEST

START_TEST(domain_waits_for_what_a_guard_holds_of_it)
{
	struct store *s;

	policy.guard.min_count = 2;
	s = database_open(path);
	tell_null_mx(s, false);
	ck_assert_str_eq(ask(s, "a@gone.example", NULL, T0 + 3), "yes");
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 3), "yes");
	expire_all(s, T0 + 2 * DAY);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 2 * DAY),
			 "null_mx");
	store_close(s);
}
END_TEST

START_TEST(domain_is_suppressed_at_once_by_what_a_person_applied)
{
	int64_t ids[3];
	struct store *s;

	policy.guard.min_count = 2;
	s = database_open(path);
	tell_null_mx(s, false);
	ids[0] = number_of("SELECT min(bounce_id) FROM pending");
	for (unsigned i = 1; i < 3; i++)
		ids[i] = ids[0] + i;
	ck_assert_int_eq(
		store_holds_decide(s, ids, 3, true, "op", "", T0 + 9, NULL), 0);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 9), "null_mx");
	store_close(s);
}
END_TEST

START_TEST(reason_that_one_host_gives_everybody_is_held)
{
	static const char *const addresses[] = {
		"a@one.example", "b@two.example", "c@three.example"};
	struct store *s;

	policy.guard.min_count = 3;
	s = database_open(path);
	batch_begin(s);
	for (unsigned i = 0; i < 3; i++) {
		const struct sample x = {.id = i,
					 .address = addresses[i],
					 .reason = REASON_MAILBOX_DISABLED,
					 .at_s = T0 + i};

		sample_add(s, &x);
	}
	batch_commit(s, T0 + 3);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact "
				   "WHERE held_by = 'reason'"),
			 3);
	ck_assert_str_eq(ask(s, "b@two.example", NULL, T0 + 3), "yes");
	store_close(s);
}
END_TEST

START_TEST(outage_that_is_taken_back_was_none)
{
	const struct store_undo undo = {.since_s = T0 + 200,
					.until_s = T0 + 250,
					.who = "op",
					.note = "a mistake"};
	struct store *s = database_open(path);
	struct store_rework r;

	break_domain(s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 1);
	ck_assert_int_eq(number_of("SELECT sum(count) FROM soft"), 0);
	ck_assert_int_eq(store_undo(s, &undo, NULL, T0 + HOUR, &r, NULL), 0);
	ck_assert_int_eq(r.verdicts, 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM breaker_hour"), 0);
	ck_assert_int_eq(number_of("SELECT sum(count) FROM soft"), 4);
	ck_assert_uint_eq(wrong_states(s, T0 + HOUR), 0);
	store_close(s);
}
END_TEST

START_TEST(undo_tells_how_many_read_differently_now)
{
	const struct sample x[] = {{.id = 1,
				    .address = "ann@example.org",
				    .reason = REASON_USER_UNKNOWN,
				    .at_s = T0},
				   {.id = 2,
				    .address = "bob@example.org",
				    .reason = REASON_MAILBOX_DISABLED,
				    .at_s = T0},
				   {.id = 3,
				    .address = "cyd@example.org",
				    .reason = REASON_IP_BLOCKED,
				    .at_s = T0}};
	const struct store_undo undo = {
		.until_s = T0 + 9, .who = "op", .note = "a mistake"};
	int64_t later_s = T0 + 400 * DAY;
	struct store *s = database_open(path);
	struct store_rework r;

	commit_all(s, x, 3, T0);
	/* Bob's has ended by then, and nobody was kept from mailing Cyd. */
	ck_assert_int_eq(store_undo(s, &undo, NULL, later_s, &r, NULL), 0);
	ck_assert_int_eq(r.verdicts, 3);
	ck_assert_int_eq(r.addresses, 3);
	ck_assert_int_eq(r.changed, 1);
	ck_assert_int_eq(r.released, 1);
	ck_assert_int_eq(r.suppressed, 0);
	store_close(s);
}
END_TEST

START_TEST(domain_is_not_suppressed_by_what_a_person_dropped)
{
	int64_t first;
	struct store *s;

	policy.guard.min_count = 2;
	s = database_open(path);
	tell_null_mx(s, false);
	first = number_of("SELECT min(bounce_id) FROM pending");
	ck_assert_int_eq(
		store_hold_decide(s, first, false, "op", "", T0 + 9, NULL), 0);
	expire_all(s, T0 + 2 * DAY);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 2 * DAY), "yes");
	store_close(s);
}
END_TEST

START_TEST(domain_is_not_suppressed_for_a_reason_without_effect)
{
	struct store *s;

	policy.effect[REASON_NULL_MX] = EFFECT_NONE;
	s = database_open(path);
	tell_null_mx(s, false);
	ck_assert_str_eq(ask(s, "new@gone.example", NULL, T0 + 3), "yes");
	store_close(s);
}
END_TEST

START_TEST(allow_entry_outlives_the_facts_that_were_dropped)
{
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_USER_UNKNOWN,
			   .at_s = T0};
	struct store_decision allow = {.action = STORE_ALLOW,
				       .address = SPAN("ann@example.org"),
				       .stream = "",
				       .who = "op",
				       .note = "a customer",
				       .at_s = T0 + 1};
	struct store *s;

	policy.guard.min_count = 1;
	s = database_open(path);
	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(store_decide(s, &allow, 1, T0 + 1, NULL, NULL), 0);
	ck_assert_int_eq(
		store_hold_decide(s, number_of("SELECT bounce_id FROM pending"),
				  false, "op", "", T0 + 2, NULL),
		0);
	retain_all(s, T0 + 99 * DAY, T0 + 99 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	ck_assert_int_eq(number_of("SELECT allowed FROM address_state"), 1);
	store_close(s);
}
END_TEST

START_TEST(what_arrived_at_the_limit_of_retention_is_kept)
{
	const struct sample x[] = {{.id = 1,
				    .address = "ann@example.org",
				    .reason = REASON_IP_BLOCKED,
				    .at_s = T0 - 1},
				   {.id = 2,
				    .address = "ann@example.org",
				    .reason = REASON_IP_BLOCKED,
				    .at_s = T0}};
	struct store *s = database_open(path);

	commit_all(s, x, 2, T0);
	retain_all(s, T0, T0 + 9 * DAY);
	ck_assert_int_eq(number_of("SELECT min(at) FROM fact"), T0);
	retain_all(s, T0 + 1, T0 + 10 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	store_close(s);
}
END_TEST

START_TEST(changed_retry_advice_reaches_those_that_wait)
{
	struct sample x = {.id = 1,
			   .address = "ann@example.org",
			   .reason = REASON_MAILBOX_FULL,
			   .at_s = T0};
	struct store *s = database_open(path);

	commit_all(s, &x, 1, T0);
	ck_assert_int_eq(store_policy_changed(s, T0, NULL), 0);
	store_close(s);
	policy.retry.full_s = 2 * DAY;
	s = database_open(path);
	ck_assert_int_eq(store_policy_changed(s, T0 + 1, NULL), 1);
	expire_all(s, T0 + 1);
	ck_assert_int_eq(number_of("SELECT due_at FROM due"), T0 + 2 * DAY);
	store_close(s);
}
END_TEST

/* n dead addresses of one domain. */
static void bury(struct store *s, unsigned n)
{
	batch_begin(s);
	for (unsigned k = 0; k < n; k++) {
		char address[64];
		struct sample x = {.id = k,
				   .address = address,
				   .reason = REASON_USER_UNKNOWN,
				   .at_s = T0};

		snprintf(address, sizeof(address), "u%u@big.example", k);
		sample_add(s, &x);
	}
	batch_commit(s, T0);
}

static int64_t marked(void)
{
	return number_of("SELECT count(*) FROM address_state "
			 "WHERE next_change <= 1700000000");
}

START_TEST(crowd_that_a_decision_concerns_is_folded_in_small_steps)
{
	struct store_decision allow = {.action = STORE_ALLOW,
				       .address = SPAN("@big.example"),
				       .stream = "",
				       .who = "op",
				       .note = "ours",
				       .at_s = T0 + 1};
	struct store *s;

	policy.guard.min_count = 1000000;
	s = database_open(path);
	bury(s, 2500);
	ck_assert_int_eq(marked(), 0);
	ck_assert_int_eq(store_decide(s, &allow, 1, T0 + 1, NULL, NULL), 0);
	ck_assert_int_gt(number_of("SELECT count(*) FROM suppressed"), 1400);
	/* Nobody who asks has to wait for them. */
	ck_assert_str_eq(ask(s, "u7@big.example", NULL, T0 + 1), "yes");
	ck_assert_str_eq(ask(s, "u2477@big.example", NULL, T0 + 1), "yes");
	ck_assert_int_eq(store_expire(s, 100, T0 + 1, NULL), 1);
	ck_assert_int_eq(store_expire(s, 100, T0 + 1, NULL), 1);
	ck_assert_str_eq(ask(s, "u7@big.example", NULL, T0 + 1), "yes");
	ck_assert_str_eq(ask(s, "u2477@big.example", NULL, T0 + 1), "yes");
	/* Who starts again goes on. */
	store_close(s);
	s = database_open(path);
	expire_all(s, T0 + 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM refold"), 0);
	ck_assert_int_eq(marked(), 0);
	ck_assert_int_eq(number_of("SELECT count(*) FROM suppressed"), 0);
	store_close(s);
}
END_TEST

START_TEST(crowd_that_a_guard_concerns_is_folded_in_small_steps)
{
	struct sample last = {.id = 5000,
			      .address = "last@big.example",
			      .reason = REASON_USER_UNKNOWN,
			      .at_s = T0};
	struct buf small, large;
	struct store *s;

	buf_init(&small);
	buf_init(&large);
	policy.guard.min_count = 2501;
	s = database_open(path);
	bury(s, 2500);
	ck_assert_str_eq(ask(s, "u2477@big.example", NULL, T0), "user_unknown");
	commit_all(s, &last, 1, T0);
	ck_assert_int_gt(marked(), 0);
	ck_assert_str_eq(ask(s, "u2477@big.example", NULL, T0), "yes");
	dump_to(s, T0, &small);
	expire_all(s, T0);
	dump_to(s, T0, &large);
	ck_assert_str_eq(small.data, large.data);
	buf_release(&large);
	buf_release(&small);
	store_close(s);
}
END_TEST

START_TEST(flood_without_proof_cannot_push_out_what_is_proved)
{
	enum { FLOOD = 1100 };
	struct sample complaint = {.id = 1,
				   .address = "ann@example.org",
				   .reason = REASON_COMPLAINT,
				   .at_s = T0};
	struct store *s = database_open(path);

	commit_all(s, &complaint, 1, T0);
	batch_begin(s);
	for (unsigned i = 0; i < FLOOD; i++) {
		struct sample x = {.id = 10 + i,
				   .address = "ann@example.org",
				   .reason = REASON_USER_UNKNOWN,
				   .evidence = EVIDENCE_FOREIGN,
				   .at_s = T0 + 1 + i};

		sample_add(s, &x);
	}
	batch_commit(s, T0 + DAY);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + DAY),
			 "complaint");
	/* Nor when retention has taken what it may. */
	retain_all(s, T0 + 9 * DAY, T0 + 9 * DAY);
	ck_assert_int_eq(number_of("SELECT count(*) FROM fact"), 0);
	ck_assert_str_eq(ask(s, "ann@example.org", NULL, T0 + 9 * DAY),
			 "complaint");
	ck_assert_uint_eq(wrong_states(s, T0 + 9 * DAY), 0);
	store_close(s);
}
END_TEST

START_TEST(mail_that_was_never_ours_does_not_speak_of_our_health)
{
	struct sample x[2] = {{.id = 1,
			       .address = "ann@example.org",
			       .reason = REASON_IP_BLOCKED,
			       .evidence = EVIDENCE_FOREIGN},
			      {.id = 2,
			       .address = "bob@example.net",
			       .reason = REASON_IP_BLOCKED}};
	struct store *s = database_open(path);

	x[0].at_s = x[1].at_s = number_of("SELECT strftime('%s', 'now')") - 60;
	commit_all(s, x, 2, x[0].at_s);
	ck_assert_int_eq(number_of("SELECT count(*) FROM sender_health"), 1);
	ck_assert_int_eq(number_of("SELECT count(*) FROM sender_health "
				   "WHERE provider = 'example.net'"),
			 1);
	store_close(s);
}
END_TEST

int main(void)
{
	TCase *c = tcase_create("bounds");

	tcase_add_test(c,
		       null_mx_of_a_forward_target_says_nothing_of_the_domain);
	tcase_add_test(c, domain_waits_for_what_a_guard_holds_of_it);
	tcase_add_test(c,
		       domain_is_suppressed_at_once_by_what_a_person_applied);
	tcase_add_test(c, reason_that_one_host_gives_everybody_is_held);
	tcase_add_test(c, outage_that_is_taken_back_was_none);
	tcase_add_test(c, undo_tells_how_many_read_differently_now);
	tcase_add_test(c, domain_is_not_suppressed_by_what_a_person_dropped);
	tcase_add_test(c, domain_is_not_suppressed_for_a_reason_without_effect);
	tcase_add_test(c, allow_entry_outlives_the_facts_that_were_dropped);
	tcase_add_test(c, what_arrived_at_the_limit_of_retention_is_kept);
	tcase_add_test(c, changed_retry_advice_reaches_those_that_wait);
	tcase_add_test(c,
		       crowd_that_a_decision_concerns_is_folded_in_small_steps);
	tcase_add_test(c, crowd_that_a_guard_concerns_is_folded_in_small_steps);
	tcase_add_test(c, flood_without_proof_cannot_push_out_what_is_proved);
	tcase_add_test(c,
		       mail_that_was_never_ours_does_not_speak_of_our_health);
	return run_cases("store bounds", c);
}
