/* How far a verdict goes: proofs, bounds, holds of guards and persons. */
#include "policy_history.h"

static struct policy_event unproved(double day, enum reason r, const char *send)
{
	struct policy_event e = verdict(AT(day), r, send);

	e.evidence = EVIDENCE_UNPROVED;
	return e;
}

START_TEST(an_unproved_hard_failure_is_bounded)
{
	struct policy_event e[] = {unproved(0, REASON_USER_UNKNOWN, "a")};

	FOLD(e, AT(0));
	ck_assert(only()->bounded);
	ck_assert_int_eq(only()->until_s, AT(30));
	ck_assert_int_eq(only()->evidence, EVIDENCE_UNPROVED);
	ck_assert_int_eq(state.applied[0], APPLIED_YES);
}
END_TEST

START_TEST(a_second_send_gives_the_full_length)
{
	struct policy_event e[] = {unproved(0, REASON_USER_UNKNOWN, "a"),
				   unproved(9, REASON_USER_UNKNOWN, "b")};

	FOLD(e, AT(9));
	ck_assert(!only()->bounded);
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	/* The same send told again is no second witness. */
	e[1].send = "a";
	FOLD(e, AT(9));
	ck_assert(only()->bounded);
	ck_assert_int_eq(only()->until_s, AT(30));
	ck_assert_uint_eq(only()->hits, 1);
	ck_assert_int_eq(state.applied[1], APPLIED_NO);
}
END_TEST

START_TEST(a_proof_of_the_same_send_gives_the_full_length)
{
	struct policy_event e[] = {
		unproved(0, REASON_MAILBOX_DISABLED, "a"),
		verdict(AT(9), REASON_MAILBOX_DISABLED, "a")};

	e[1].evidence = EVIDENCE_TOKEN;
	FOLD(e, AT(9));
	ck_assert(!only()->bounded);
	ck_assert_int_eq(only()->until_s, AT(365));
	ck_assert_int_eq(only()->evidence, EVIDENCE_TOKEN);
	ck_assert_uint_eq(only()->hits, 1);
	ck_assert_int_eq(state.applied[1], APPLIED_YES);
}
END_TEST

START_TEST(an_unproved_failure_holds_no_longer_than_a_proved_one)
{
	struct policy_event e[] = {unproved(0, REASON_MAILBOX_DISABLED, "a")};

	settings.expiry_s[REASON_MAILBOX_DISABLED] = 10 * DAY;
	FOLD(e, AT(0));
	ck_assert_int_eq(only()->until_s, AT(10));
	ck_assert(!only()->bounded);
	/* Without a bound of their own they hold as long. */
	settings.unproved_hard_s = -1;
	settings.expiry_s[REASON_MAILBOX_DISABLED] = 100 * DAY;
	FOLD(e, AT(0));
	ck_assert_int_eq(only()->until_s, AT(100));
}
END_TEST

START_TEST(a_second_witness_of_less_shortens_nothing)
{
	struct policy_event e[] = {unproved(0, REASON_MAILBOX_DISABLED, "a"),
				   unproved(9, REASON_DOMAIN_UNKNOWN, "b")};

	settings.expiry_s[REASON_MAILBOX_DISABLED] = 365 * DAY;
	settings.expiry_s[REASON_DOMAIN_UNKNOWN] = 60 * DAY;
	FOLD(e, AT(9));
	ck_assert(!only()->bounded);
	ck_assert_int_eq(only()->until_s, AT(365));
}
END_TEST

START_TEST(a_proof_may_come_after_the_short_end)
{
	struct policy_event e[] = {unproved(0, REASON_USER_UNKNOWN, "a"),
				   verdict(AT(40), REASON_USER_UNKNOWN, "a")};

	fold(e, 1, AT(39));
	ck_assert_uint_eq(state.suppression_count, 0);
	FOLD(e, AT(40));
	ck_assert_int_eq(only()->since_s, AT(40));
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
}
END_TEST

START_TEST(an_unproved_complaint_holds_all_the_same)
{
	struct policy_event e[] = {unproved(0, REASON_COMPLAINT, "a")};

	FOLD(e, AT(0));
	ck_assert(!only()->bounded);
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
}
END_TEST

START_TEST(an_unproved_promotion_has_its_full_length)
{
	struct policy_event e[] = {unproved(0, REASON_MAILBOX_FULL, "a"),
				   unproved(3, REASON_MAILBOX_FULL, "b"),
				   unproved(6, REASON_MAILBOX_FULL, "c"),
				   unproved(40, REASON_MAILBOX_FULL, "d")};

	fold(e, 3, AT(6));
	ck_assert(!only()->bounded);
	ck_assert_int_eq(only()->until_s, AT(36));
	fold(e, 4, AT(40));
	ck_assert(!only()->bounded);
	ck_assert_int_eq(only()->until_s, AT(130));
}
END_TEST

START_TEST(unproved_reports_of_several_are_held)
{
	struct policy_event e[] = {unproved(0, REASON_USER_UNKNOWN, "a"),
				   unproved(0, REASON_DELAYED, "a")};

	e[0].recipients = e[1].recipients = 2;
	FOLD(e, AT(500));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[0], APPLIED_HELD);
	ck_assert_int_eq(state.applied[1], APPLIED_NO);
	ck_assert_int_eq(state.next_change_s, 0);
	e[0].hold = HOLD_APPLIED;
	FOLD(e, AT(500));
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	e[0].hold = HOLD_DROPPED;
	FOLD(e, AT(500));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[0], APPLIED_NO);
}
END_TEST

START_TEST(a_failed_proof_never_acts)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a")};
	const enum policy_hold holds[] = {HOLD_NONE, HOLD_WAITING, HOLD_REVIEW,
					  HOLD_APPLIED, HOLD_DROPPED};
	const enum trust_verify modes[] = {VERIFY_AUTO, VERIFY_OFF,
					   VERIFY_PREFER, VERIFY_REQUIRE};

	e[0].evidence = EVIDENCE_FAILED;
	for (size_t i = 0; i < LENGTH(holds); i++) {
		e[0].hold = holds[i];
		settings.trust.verify = modes[i % LENGTH(modes)];
		FOLD(e, AT(100));
		ck_assert_uint_eq(state.suppression_count, 0);
		ck_assert_int_eq(state.applied[0], APPLIED_NO);
	}
}
END_TEST

START_TEST(what_waits_acts_when_its_time_has_come)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a")};

	e[0].hold = HOLD_WAITING;
	e[0].hold_until_s = AT(1);
	FOLD(e, AT(1) - 1);
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[0], APPLIED_HELD);
	ck_assert_int_eq(state.next_change_s, AT(1));
	FOLD(e, AT(1));
	ck_assert_int_eq(only()->since_s, AT(0));
	ck_assert_int_eq(state.applied[0], APPLIED_YES);
}
END_TEST

START_TEST(a_delivery_contradicts_what_waits)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   verdict(AT(0.5), REASON_DELIVERED, "b")};

	e[0].hold = HOLD_WAITING;
	e[0].hold_until_s = AT(1);
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[0], APPLIED_NO);
	e[1].evidence = EVIDENCE_UNPROVED;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 1);
	e[1].evidence = EVIDENCE_RELAY;
	e[1].at_s = AT(0) - 1;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 1);
	e[1].at_s = AT(1) + 1;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 1);
	/* The first and the last second of the wait belong to it. */
	e[1].at_s = AT(1);
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	e[1].at_s = AT(0);
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
}
END_TEST

START_TEST(a_delivery_that_is_held_or_dropped_contradicts_nothing)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   verdict(AT(0.5), REASON_DELIVERED, "b")};

	e[0].hold = HOLD_WAITING;
	e[0].hold_until_s = AT(1);
	e[1].hold = HOLD_DROPPED;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 1);
	ck_assert_int_eq(state.applied[1], APPLIED_NO);
	e[1].hold = HOLD_REVIEW;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 1);
	e[1].hold = HOLD_APPLIED;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
}
END_TEST

START_TEST(what_a_person_has_to_review_waits_for_ever)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a")};

	e[0].hold = HOLD_REVIEW;
	FOLD(e, AT(4000));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[0], APPLIED_HELD);
	ck_assert_int_eq(state.next_change_s, 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		an_unproved_hard_failure_is_bounded,
		a_second_send_gives_the_full_length,
		a_proof_of_the_same_send_gives_the_full_length,
		an_unproved_failure_holds_no_longer_than_a_proved_one,
		a_second_witness_of_less_shortens_nothing,
		a_proof_may_come_after_the_short_end,
		an_unproved_complaint_holds_all_the_same,
		an_unproved_promotion_has_its_full_length,
		unproved_reports_of_several_are_held,
		a_failed_proof_never_acts,
		what_waits_acts_when_its_time_has_come,
		a_delivery_contradicts_what_waits,
		a_delivery_that_is_held_or_dropped_contradicts_nothing,
		what_a_person_has_to_review_waits_for_ever,
	};

	return RUN_POLICY_TESTS("policy_evidence", tests);
}
