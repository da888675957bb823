/* Soft failures: counting, promotion, probation and the retry advice. */
#include <string.h>

#include "policy_history.h"

static struct policy_event full(double day, const char *send)
{
	return verdict(AT(day), REASON_MAILBOX_FULL, send);
}

static struct policy_event delivered(double day)
{
	return verdict(AT(day), REASON_DELIVERED, "d");
}

START_TEST(three_sends_over_three_days_promote)
{
	struct policy_event e[] = {full(0, "a"), full(2, "b"), full(3, "c")};

	fold(e, 2, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.soft_count, 1);
	ck_assert_uint_eq(state.softs[0].count, 2);
	ck_assert_int_eq(state.softs[0].first_at_s, AT(0));
	ck_assert_int_eq(state.softs[0].last_at_s, AT(2));
	ck_assert_int_eq(state.softs[0].promotes_at_s, AT(3));
	ck_assert(state.softs[0].reasons == UINT64_C(1) << REASON_MAILBOX_FULL);
	FOLD(e, AT(3));
	ck_assert_int_eq(only()->source, SOURCE_PROMOTED);
	ck_assert_int_eq(only()->reason, REASON_MAILBOX_FULL);
	ck_assert_int_eq(only()->class_, VERDICT_SOFT);
	ck_assert_int_eq(only()->since_s, AT(3));
	ck_assert_int_eq(only()->until_s, AT(33));
	ck_assert_uint_eq(only()->hits, 3);
	ck_assert_uint_eq(state.soft_count, 0);
	e[2].at_s--;
	FOLD(e, AT(3));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 3);
}
END_TEST

START_TEST(one_send_counts_once_however_often_it_is_reported)
{
	struct policy_event e[] = {full(0, "a"), full(2, "a"), full(4, "a"),
				   full(6, "a")};

	FOLD(e, AT(7));
	ck_assert_uint_eq(state.softs[0].count, 1);
	ck_assert_int_eq(state.applied[0], APPLIED_YES);
	ck_assert_int_eq(state.applied[3], APPLIED_NO);
}
END_TEST

START_TEST(without_a_name_a_send_is_the_day_it_was_sent)
{
	struct policy_event e[] = {full(0.1, ""), full(0.9, ""), full(5, "")};

	FOLD(e, AT(6));
	ck_assert_uint_eq(state.softs[0].count, 2);
}
END_TEST

START_TEST(what_is_older_than_the_window_counts_no_more)
{
	struct policy_event e[] = {full(0, "a"), full(50, "b"), full(90, "c")};

	fold(e, 2, AT(90));
	ck_assert_uint_eq(state.softs[0].count, 2);
	ck_assert_int_eq(state.next_change_s, AT(90) + 1);
	fold(e, 2, AT(90) + 1);
	ck_assert_uint_eq(state.softs[0].count, 1);
	FOLD(e, AT(90));
	ck_assert_uint_eq(state.suppression_count, 1);
	e[2].at_s++;
	FOLD(e, AT(91));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 2);
	fold(e, 2, AT(300));
	ck_assert_uint_eq(state.soft_count, 0);
	ck_assert_int_eq(state.next_change_s, 0);
}
END_TEST

START_TEST(a_delivery_in_between_resets_the_run)
{
	struct policy_event e[] = {full(0, "a"), full(2, "b"), delivered(3),
				   full(4, "c")};

	FOLD(e, AT(4));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 1);
	ck_assert_int_eq(state.applied[2], APPLIED_YES);
	/* One without proof resets nothing. */
	e[2].evidence = EVIDENCE_UNPROVED;
	FOLD(e, AT(4));
	ck_assert_uint_eq(state.suppression_count, 1);
	ck_assert_int_eq(state.applied[2], APPLIED_NO);
}
END_TEST

START_TEST(a_late_copy_of_what_a_delivery_reset_does_not_count)
{
	struct policy_event e[] = {full(0, "a"), delivered(1), full(2, "a"),
				   full(3, "a")};

	e[2].sent_at_s = AT(0);
	FOLD(e, AT(4));
	ck_assert_uint_eq(state.softs[0].count, 1);
	ck_assert_int_eq(state.applied[2], APPLIED_NO);
	ck_assert_int_eq(state.applied[3], APPLIED_YES);
}
END_TEST

START_TEST(streams_count_for_themselves)
{
	struct policy_event e[] = {full(0, "a"), full(2, "b"), full(4, "c"),
				   full(5, "d")};

	e[1].stream = "news";
	FOLD(e, AT(4.5));
	ck_assert_str_eq(only()->stream, "");
	e[0].stream = e[2].stream = e[3].stream = "offers";
	FOLD(e, AT(5));
	ck_assert_str_eq(only()->stream, "offers");
	ck_assert_ptr_null(policy_suppressed(&state, "news"));
	ck_assert_uint_eq(state.soft_count, 1);
	ck_assert_str_eq(state.softs[0].stream, "news");
}
END_TEST

START_TEST(each_promotion_lasts_longer)
{
	/* Probation: one failure after each end is enough. */
	struct policy_event e[] = {full(0, "a"),   full(3, "b"),
				   full(6, "c"),   full(40, "d"),
				   full(140, "e"), full(350, "f")};
	const int64_t ends[] = {AT(36), AT(130), AT(320), AT(530)};

	for (size_t i = 0; i < LENGTH(ends); i++) {
		fold(e, 3 + i, e[2 + i].at_s);
		ck_assert_int_eq(only()->until_s, ends[i]);
		ck_assert_uint_eq(only()->hits, i == 0 ? 3 : 1);
		fold(e, 3 + i, ends[i]);
		ck_assert_uint_eq(state.suppression_count, 0);
		ck_assert(state.softs[0].probation);
		ck_assert_uint_eq(state.softs[0].step, i + 1);
		ck_assert_int_eq(state.softs[0].promotes_at_s, ends[i]);
	}
}
END_TEST

START_TEST(retention_keeps_the_steps)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c"),
				   full(40, "d"), full(140, "e")};
	struct policy_event *carry, kept[LENGTH(e) + 4];
	size_t n = policy_carry(&settings, e, 4, AT(41), &arena, &carry);

	memcpy(kept, carry, n * sizeof(*carry));
	kept[n++] = e[4];
	FOLD(e, AT(140));
	ck_assert_int_eq(only()->until_s, AT(320));
	fold(kept, n, AT(140));
	ck_assert_int_eq(only()->until_s, AT(320));
	ck_assert_uint_eq(state.softs[0].step, 3);
}
END_TEST

START_TEST(probation_asks_for_the_same_reason)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c"),
				   verdict(AT(40), REASON_NETWORK_ERROR, "d")};

	FOLD(e, AT(40));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 1);
	ck_assert(state.softs[0].probation);
}
END_TEST

START_TEST(what_ends_probation_is_called_by_its_own_reason)
{
	struct policy_event e[] = {full(0, "a"),
				   full(3, "b"),
				   full(6, "c"),
				   verdict(AT(40), REASON_NETWORK_ERROR, "d"),
				   verdict(AT(41), REASON_NETWORK_ERROR, "e"),
				   full(42, "f")};

	FOLD(e, AT(42));
	ck_assert_int_eq(only()->reason, REASON_MAILBOX_FULL);
	ck_assert_uint_eq(only()->hits, 1);
	ck_assert_int_eq(only()->until_s, AT(132));
}
END_TEST

START_TEST(mail_sent_before_the_end_never_counts_in_probation)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c"),
				   full(37, "d"), full(38, "d")};

	/* Told again, the same mail may bear another date. */
	e[3].sent_at_s = AT(35);
	FOLD(e, AT(38));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[4], APPLIED_NO);
}
END_TEST

START_TEST(probation_looks_at_mail_sent_after_the_end)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c"),
				   full(37, "d")};

	e[3].sent_at_s = AT(36) - 1;
	FOLD(e, AT(38));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[3], APPLIED_NO);
	e[3].sent_at_s = AT(36);
	FOLD(e, AT(38));
	ck_assert_uint_eq(state.suppression_count, 1);
}
END_TEST

START_TEST(a_release_begins_probation_too)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c"),
				   decision(AT(7), POLICY_RELEASE),
				   full(8, "d")};

	fold(e, 4, AT(7));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert(state.softs[0].probation);
	e[4].sent_at_s = AT(7) - 1;
	FOLD(e, AT(8));
	ck_assert_uint_eq(state.suppression_count, 0);
	e[4].sent_at_s = AT(7);
	FOLD(e, AT(8));
	ck_assert_int_eq(only()->until_s, AT(98));
}
END_TEST

START_TEST(a_delivery_ends_probation_and_the_steps)
{
	struct policy_event e[] = {full(0, "a"),  full(3, "b"),	 full(6, "c"),
				   delivered(40), full(41, "d"), full(44, "e"),
				   full(47, "f")};

	fold(e, 5, AT(41));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert(!state.softs[0].probation);
	FOLD(e, AT(47));
	ck_assert_int_eq(only()->until_s, AT(77));
}
END_TEST

START_TEST(failures_while_suppressed_support_and_do_not_lengthen)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c"),
				   full(8, "d"), full(20, "d")};

	FOLD(e, AT(21));
	ck_assert_int_eq(only()->until_s, AT(36));
	ck_assert_uint_eq(only()->hits, 4);
}
END_TEST

START_TEST(a_refusal_never_expires_and_a_closed_list_lasts_half_a_year)
{
	struct policy_event e[] = {
		verdict(AT(0), REASON_RECIPIENT_REFUSED, "a"),
		verdict(AT(3), REASON_RECIPIENT_REFUSED, "b"),
		verdict(AT(6), REASON_RECIPIENT_REFUSED, "c")};

	FOLD(e, AT(7));
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	for (size_t i = 0; i < LENGTH(e); i++)
		e[i].reason = REASON_RECIPIENT_RESTRICTED;
	FOLD(e, AT(7));
	ck_assert_int_eq(only()->until_s, AT(186));
	/* Most of the run decides what it is called. */
	e[0].reason = e[2].reason = REASON_MAILBOX_FULL;
	FOLD(e, AT(7));
	ck_assert_int_eq(only()->reason, REASON_MAILBOX_FULL);
	ck_assert_int_eq(only()->until_s, AT(36));
}
END_TEST

START_TEST(what_is_not_of_a_forward_target_lasts_as_long_as_its_reason)
{
	struct policy_event e[] = {
		verdict(AT(0), REASON_RECIPIENT_RESTRICTED, "a"),
		verdict(AT(3), REASON_RECIPIENT_RESTRICTED, "b"),
		verdict(AT(6), REASON_RECIPIENT_RESTRICTED, "c")};

	for (size_t i = 0; i < LENGTH(e); i++)
		e[i].forwarded = true;
	FOLD(e, AT(6));
	ck_assert_int_eq(only()->until_s, AT(186));
	/* Dead addresses that are to be counted. */
	settings.effect[REASON_USER_UNKNOWN] = EFFECT_COUNT;
	for (size_t i = 0; i < LENGTH(e); i++)
		e[i] = verdict(e[i].at_s, REASON_USER_UNKNOWN, e[i].send);
	FOLD(e, AT(6));
	ck_assert_int_eq(only()->source, SOURCE_PROMOTED);
	ck_assert_int_eq(only()->class_, VERDICT_HARD);
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
}
END_TEST

START_TEST(what_a_whole_domain_suffers_promotes_nobody)
{
	struct policy_event e[] = {verdict(AT(0), REASON_NETWORK_ERROR, "a"),
				   verdict(AT(3), REASON_NETWORK_ERROR, "b"),
				   verdict(AT(6), REASON_NETWORK_ERROR, "c")};

	e[1].shared = true;
	FOLD(e, AT(6));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 2);
	ck_assert_int_eq(state.applied[1], APPLIED_NO);
	/* A full mailbox is nobody else's. */
	for (size_t i = 0; i < LENGTH(e); i++)
		e[i].reason = REASON_MAILBOX_FULL;
	FOLD(e, AT(6));
	ck_assert_uint_eq(state.suppression_count, 1);
}
END_TEST

static const struct {
	enum reason reason;
	int reply;
	int64_t first_s, give_up_s;
} advice[] = {
	{REASON_GREYLISTED, 451, 15 * 60, 72 * HOUR},
	{REASON_SYSTEM_ERROR, 421, HOUR, 72 * HOUR},
	{REASON_SYSTEM_ERROR, 451, HOUR, 72 * HOUR},
	{REASON_MAILBOX_UNAVAILABLE, 450, 4 * HOUR, 72 * HOUR},
	{REASON_MAILBOX_FULL, 452, 24 * HOUR, 7 * DAY},
	{REASON_MAILBOX_FULL, 552, 24 * HOUR, 7 * DAY},
	{REASON_NETWORK_ERROR, 0, 4 * HOUR, 72 * HOUR},
	{REASON_RECIPIENT_REFUSED, 550, 0, 0},
	{REASON_UNKNOWN_PERMANENT, 550, 0, 0},
};

START_TEST(the_retry_advice_follows_the_reply)
{
	for (size_t i = 0; i < LENGTH(advice); i++) {
		struct policy_event e[] = {
			verdict(AT(0), advice[i].reason, "a")};
		const struct policy_soft *soft;

		e[0].reply = advice[i].reply;
		e[0].effect = EFFECT_COUNT;
		FOLD(e, AT(0));
		ck_assert_uint_eq(state.soft_count, 1);
		soft = &state.softs[0];
		if (advice[i].first_s == 0) {
			ck_assert_int_eq(soft->due_at_s, 0);
			continue;
		}
		ck_assert_int_eq(soft->due_reason, advice[i].reason);
		ck_assert_int_eq(soft->due_at_s, AT(0) + advice[i].first_s);
		ck_assert_uint_eq(soft->attempt, 1);
		ck_assert_uint_eq(soft->attempts_left, 5);
		ck_assert_int_eq(soft->give_up_at_s,
				 AT(0) + advice[i].give_up_s);
		FOLD(e, soft->give_up_at_s + 1);
		ck_assert_int_eq(state.softs[0].due_at_s, 0);
	}
}
END_TEST

START_TEST(the_advice_doubles_five_times_at_most)
{
	struct policy_event e[6];
	int64_t at_s = AT(0), wait_s = HOUR;

	for (size_t i = 0; i < LENGTH(e); i++) {
		e[i] = verdict(at_s, REASON_SYSTEM_ERROR, "a");
		e[i].reply = 451;
		fold(e, i + 1, at_s);
		if (i == 5)
			break;
		at_s += wait_s;
		ck_assert_int_eq(state.softs[0].due_at_s, at_s);
		ck_assert_uint_eq(state.softs[0].attempt, i + 1);
		ck_assert_uint_eq(state.softs[0].attempts_left, 5 - i);
		wait_s *= 2;
	}
	ck_assert_int_eq(state.softs[0].due_at_s, 0);
	ck_assert_uint_eq(state.softs[0].attempts_left, 0);
}
END_TEST

START_TEST(who_would_be_suppressed_is_not_to_be_tried_again)
{
	struct policy_event e[] = {full(0, "a"), full(3, "b"), full(6, "c")};

	settings.mode = POLICY_OBSERVE;
	fold(e, 2, AT(3));
	ck_assert_int_ne(state.softs[0].due_at_s, 0);
	FOLD(e, AT(6));
	ck_assert_uint_eq(state.soft_count, 0);
}
END_TEST

START_TEST(nobody_is_advised_to_retry_a_suppressed_or_living_address)
{
	struct policy_event e[] = {full(0, "a"),
				   verdict(AT(1), REASON_USER_UNKNOWN, "b")};

	fold(e, 1, AT(1));
	ck_assert_int_ne(state.softs[0].due_at_s, 0);
	ck_assert_int_ne(state.softs[0].give_up_at_s, 0);
	FOLD(e, AT(1));
	ck_assert_int_eq(state.softs[0].due_at_s, 0);
	ck_assert_uint_eq(state.softs[0].attempts_left, 0);
	ck_assert_int_eq(state.softs[0].give_up_at_s, 0);
	e[1] = delivered(1);
	FOLD(e, AT(1));
	ck_assert_uint_eq(state.soft_count, 0);
	/* Dead is dead in every stream. */
	e[0].stream = "news";
	e[1] = verdict(AT(1), REASON_USER_UNKNOWN, "b");
	FOLD(e, AT(1));
	ck_assert_str_eq(state.softs[0].stream, "news");
	ck_assert_int_eq(state.softs[0].due_at_s, 0);
	e[1] = decision(AT(1), POLICY_SUPPRESS);
	e[1].stream = "news";
	FOLD(e, AT(1));
	ck_assert_int_eq(state.softs[0].due_at_s, 0);
	/* Where advice was all there was to say, nothing is left. */
	e[0] = verdict(AT(0), REASON_NETWORK_ERROR, "a");
	e[0].shared = true;
	e[1] = verdict(AT(0.1), REASON_USER_UNKNOWN, "b");
	fold(e, 1, AT(0.1));
	ck_assert_uint_eq(state.soft_count, 1);
	FOLD(e, AT(0.1));
	ck_assert_uint_eq(state.soft_count, 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		three_sends_over_three_days_promote,
		one_send_counts_once_however_often_it_is_reported,
		without_a_name_a_send_is_the_day_it_was_sent,
		what_is_older_than_the_window_counts_no_more,
		a_delivery_in_between_resets_the_run,
		a_late_copy_of_what_a_delivery_reset_does_not_count,
		streams_count_for_themselves,
		each_promotion_lasts_longer,
		retention_keeps_the_steps,
		probation_asks_for_the_same_reason,
		what_ends_probation_is_called_by_its_own_reason,
		mail_sent_before_the_end_never_counts_in_probation,
		probation_looks_at_mail_sent_after_the_end,
		a_release_begins_probation_too,
		a_delivery_ends_probation_and_the_steps,
		failures_while_suppressed_support_and_do_not_lengthen,
		a_refusal_never_expires_and_a_closed_list_lasts_half_a_year,
		what_is_not_of_a_forward_target_lasts_as_long_as_its_reason,
		what_a_whole_domain_suffers_promotes_nobody,
		the_retry_advice_follows_the_reply,
		the_advice_doubles_five_times_at_most,
		who_would_be_suppressed_is_not_to_be_tried_again,
		nobody_is_advised_to_retry_a_suppressed_or_living_address,
	};

	return RUN_POLICY_TESTS("policy_soft", tests);
}
