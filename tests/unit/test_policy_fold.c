/* What the policy decides about hard failures, complaints and people's word. */
#include "policy_history.h"

START_TEST(nothing_happened_and_nothing_holds)
{
	fold(NULL, 0, AT(1));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.soft_count, 0);
	ck_assert_int_eq(state.next_change_s, 0);
	ck_assert(!state.allowed);
	ck_assert_ptr_null(policy_suppressed(&state, NULL));
}
END_TEST

static const struct {
	enum reason reason;
	int64_t length_s;
} hard_lengths[] = {
	{REASON_USER_UNKNOWN, 0},
	{REASON_ADDRESS_SYNTAX, 0},
	{REASON_NULL_MX, 0},
	{REASON_MOVED, 0},
	{REASON_DOMAIN_UNKNOWN, 180 * DAY},
	{REASON_MAILBOX_DISABLED, 365 * DAY},
	{REASON_ESP_SUPPRESSED, 90 * DAY},
};

START_TEST(hard_suppresses_at_once_for_as_long_as_the_reason_says)
{
	for (size_t i = 0; i < LENGTH(hard_lengths); i++) {
		enum reason reason = hard_lengths[i].reason;
		int64_t length_s = hard_lengths[i].length_s;
		struct policy_event e[] = {verdict(AT(0), reason, "a")};

		FOLD(e, AT(0));
		ck_assert_int_eq(only()->source, SOURCE_HARD);
		ck_assert_int_eq(only()->reason, reason);
		ck_assert_int_eq(only()->class_, VERDICT_HARD);
		ck_assert_int_eq(only()->since_s, AT(0));
		ck_assert_int_eq(only()->until_s,
				 length_s ? AT(0) + length_s : POLICY_NO_END);
		ck_assert_uint_eq(only()->hits, 1);
		ck_assert(!only()->bounded);
		ck_assert_int_eq(state.applied[0], APPLIED_YES);
		ck_assert_int_eq(state.next_change_s, only()->until_s);
		if (length_s == 0)
			continue;
		FOLD(e, AT(0) + length_s - 1);
		ck_assert_uint_eq(state.suppression_count, 1);
		FOLD(e, AT(0) + length_s);
		ck_assert_uint_eq(state.suppression_count, 0);
		ck_assert_int_eq(state.next_change_s, 0);
	}
}
END_TEST

START_TEST(a_dead_address_is_dead_for_all_streams)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a")};

	e[0].stream = "news";
	FOLD(e, AT(0));
	ck_assert_str_eq(only()->stream, "");
	ck_assert_ptr_nonnull(policy_suppressed(&state, "invoices"));
	ck_assert_ptr_nonnull(policy_suppressed(&state, ""));
}
END_TEST

START_TEST(a_vanished_domain_seen_again_a_day_later_never_expires)
{
	struct policy_event e[] = {verdict(AT(0), REASON_DOMAIN_UNKNOWN, "a"),
				   verdict(AT(1), REASON_DOMAIN_UNKNOWN, "b")};

	e[1].at_s--;
	FOLD(e, AT(2));
	ck_assert_int_eq(only()->until_s, AT(181) - 1);
	e[1].at_s++;
	FOLD(e, AT(2));
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	e[1].send = "a";
	FOLD(e, AT(2));
	ck_assert_int_eq(only()->until_s, AT(180));
}
END_TEST

START_TEST(the_longest_hard_reason_is_the_one_shown)
{
	struct policy_event e[] = {
		verdict(AT(0), REASON_ESP_SUPPRESSED, "a"),
		verdict(AT(5), REASON_USER_UNKNOWN, "b"),
		verdict(AT(9), REASON_MAILBOX_DISABLED, "c")};

	FOLD(e, AT(10));
	ck_assert_int_eq(only()->reason, REASON_USER_UNKNOWN);
	ck_assert_int_eq(only()->event_id, e[1].id);
	ck_assert_int_eq(only()->since_s, AT(0));
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	ck_assert_uint_eq(only()->hits, 3);
}
END_TEST

START_TEST(an_expired_hard_suppression_comes_back_with_the_next_failure)
{
	struct policy_event e[] = {
		verdict(AT(0), REASON_ESP_SUPPRESSED, "a"),
		verdict(AT(100), REASON_ESP_SUPPRESSED, "b")};

	fold(e, 1, AT(95));
	ck_assert_uint_eq(state.suppression_count, 0);
	FOLD(e, AT(100));
	ck_assert_int_eq(only()->since_s, AT(100));
	ck_assert_int_eq(only()->until_s, AT(190));
}
END_TEST

START_TEST(a_forward_targets_death_counts_and_does_not_suppress)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   verdict(AT(7), REASON_USER_UNKNOWN, "b"),
				   verdict(AT(14), REASON_USER_UNKNOWN, "c")};

	for (size_t i = 0; i < LENGTH(e); i++)
		e[i].forwarded = true;
	fold(e, 2, AT(8));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 2);
	FOLD(e, AT(15));
	ck_assert_int_eq(only()->source, SOURCE_PROMOTED);
	ck_assert_int_eq(only()->until_s, AT(44));
}
END_TEST

START_TEST(a_block_never_counts)
{
	struct policy_event e[] = {verdict(AT(0), REASON_IP_BLOCKED, "a"),
				   verdict(AT(7), REASON_POLICY, "b"),
				   verdict(AT(14), REASON_SPAM_CONTENT, "c"),
				   verdict(AT(21), REASON_REPUTATION, "d")};

	e[3].effect = EFFECT_SUPPRESS;
	FOLD(e, AT(22));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.soft_count, 0);
	for (size_t i = 0; i < LENGTH(e); i++)
		ck_assert_int_eq(state.applied[i], APPLIED_NO);
}
END_TEST

START_TEST(what_is_no_failure_has_no_effect)
{
	struct policy_event e[] = {verdict(AT(0), REASON_DELAYED, "a"),
				   verdict(AT(1), REASON_AUTO_REPLY, "a"),
				   verdict(AT(2), REASON_CHALLENGE, "a"),
				   verdict(AT(3), REASON_MDN, "a"),
				   verdict(AT(4), REASON_UNKNOWN, "a")};

	FOLD(e, AT(5));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.soft_count, 0);
	for (size_t i = 0; i < LENGTH(e); i++)
		ck_assert_int_eq(state.applied[i], APPLIED_NO);
}
END_TEST

START_TEST(a_complaint_holds_in_its_stream_for_ever)
{
	struct policy_event e[] = {verdict(AT(0), REASON_COMPLAINT, "a")};

	e[0].stream = "news";
	FOLD(e, AT(4000));
	ck_assert_int_eq(only()->source, SOURCE_COMPLAINT);
	ck_assert_int_eq(only()->class_, VERDICT_COMPLAINT);
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	ck_assert_ptr_nonnull(policy_suppressed(&state, "news"));
	ck_assert_ptr_nonnull(policy_suppressed(&state, NULL));
	ck_assert_ptr_null(policy_suppressed(&state, "invoices"));
	ck_assert_ptr_null(policy_suppressed(&state, ""));
}
END_TEST

START_TEST(an_operators_word_beats_a_complaint_only_by_force)
{
	struct policy_event e[] = {verdict(AT(0), REASON_COMPLAINT, "a"),
				   decision(AT(1), POLICY_ALLOW),
				   verdict(AT(3), REASON_COMPLAINT, "b")};

	fold(e, 2, AT(2));
	ck_assert(state.allowed);
	ck_assert_int_eq(only()->source, SOURCE_COMPLAINT);
	e[1].force = true;
	fold(e, 2, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[0], APPLIED_NO);
	e[1] = decision(AT(1), POLICY_RELEASE);
	fold(e, 2, AT(2));
	ck_assert_uint_eq(state.suppression_count, 1);
	e[1].force = true;
	fold(e, 2, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	/* Of mail sent before the release, heard of after it. */
	e[2].sent_at_s = AT(1) - 1;
	FOLD(e, AT(3));
	ck_assert_uint_eq(state.suppression_count, 0);
	e[2].sent_at_s = AT(1);
	FOLD(e, AT(3));
	ck_assert_int_eq(only()->since_s, AT(3));
}
END_TEST

START_TEST(an_allow_entry_beats_what_came_before_and_what_comes_after)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   decision(AT(1), POLICY_ALLOW),
				   verdict(AT(2), REASON_USER_UNKNOWN, "b"),
				   decision(AT(3), POLICY_DISALLOW)};

	fold(e, 3, AT(2));
	ck_assert(state.allowed);
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[2], APPLIED_NO);
	FOLD(e, AT(3));
	ck_assert(!state.allowed);
	ck_assert_uint_eq(only()->hits, 2);
}
END_TEST

START_TEST(an_allow_entry_of_one_stream_leaves_the_others)
{
	struct policy_event e[] = {verdict(AT(0), REASON_COMPLAINT, "a"),
				   verdict(AT(0), REASON_COMPLAINT, "b"),
				   decision(AT(1), POLICY_ALLOW)};

	e[0].stream = "news";
	e[1].stream = "offers";
	e[2].stream = "news";
	e[2].force = true;
	FOLD(e, AT(2));
	ck_assert(!state.allowed);
	ck_assert_str_eq(only()->stream, "offers");
}
END_TEST

START_TEST(what_an_allow_entry_of_a_stream_hides_was_not_applied)
{
	struct policy_event e[] = {
		verdict(AT(0), REASON_USER_UNKNOWN, "a"),
		verdict(AT(0), REASON_UNKNOWN_PERMANENT, "b"),
		decision(AT(1), POLICY_ALLOW)};

	settings.effect[REASON_UNKNOWN_PERMANENT] = EFFECT_SUPPRESS;
	e[0].stream = e[1].stream = e[2].stream = "news";
	FOLD(e, AT(2));
	/* A dead address is so for all streams, whatever one of them allows. */
	ck_assert_int_eq(state.applied[0], APPLIED_YES);
	ck_assert_int_eq(state.applied[1], APPLIED_NO);
	ck_assert_int_eq(only()->reason, REASON_USER_UNKNOWN);
}
END_TEST

START_TEST(the_later_of_suppress_and_allow_wins)
{
	struct policy_event e[] = {decision(AT(0), POLICY_SUPPRESS),
				   decision(AT(1), POLICY_ALLOW)};

	fold(e, 1, AT(1));
	ck_assert_int_eq(only()->source, SOURCE_OPERATOR);
	ck_assert_int_eq(only()->until_s, POLICY_NO_END);
	ck_assert_uint_eq(only()->hits, 1);
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 0);
	e[0].at_s = AT(3);
	FOLD(e, AT(4));
	ck_assert_int_eq(only()->source, SOURCE_OPERATOR);
}
END_TEST

START_TEST(an_operators_suppression_ends_when_it_says)
{
	struct policy_event e[] = {decision(AT(0), POLICY_SUPPRESS)};

	e[0].until_s = AT(10);
	FOLD(e, AT(10) - 1);
	ck_assert_int_eq(only()->until_s, AT(10));
	ck_assert_int_eq(only()->event_id, e[0].id);
	ck_assert_int_eq(state.next_change_s, AT(10));
	FOLD(e, AT(10));
	ck_assert_uint_eq(state.suppression_count, 0);
}
END_TEST

START_TEST(a_release_ends_what_is_in_force)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   decision(AT(1), POLICY_SUPPRESS),
				   decision(AT(2), POLICY_RELEASE),
				   verdict(AT(4), REASON_USER_UNKNOWN, "b")};

	e[1].stream = "news";
	fold(e, 3, AT(3));
	ck_assert_uint_eq(state.suppression_count, 0);
	/* Sent before the release, heard of after it. */
	e[3].sent_at_s = AT(2) - 1;
	FOLD(e, AT(4));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_int_eq(state.applied[3], APPLIED_NO);
	e[3].sent_at_s = AT(2);
	FOLD(e, AT(4));
	ck_assert_int_eq(only()->since_s, AT(4));
	ck_assert_uint_eq(only()->hits, 1);
}
END_TEST

START_TEST(the_same_campaign_counts_again_after_a_release)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   decision(AT(2), POLICY_RELEASE),
				   verdict(AT(4), REASON_USER_UNKNOWN, "a")};

	FOLD(e, AT(4));
	ck_assert_uint_eq(only()->hits, 1);
	ck_assert_int_eq(only()->since_s, AT(4));
}
END_TEST

START_TEST(an_import_is_released_and_allowed_like_our_own)
{
	struct policy_event e[] = {decision(AT(0), POLICY_SUPPRESS),
				   decision(AT(1), POLICY_ALLOW)};

	e[0].imported = true;
	e[0].reason = REASON_USER_UNKNOWN;
	e[0].class_ = VERDICT_HARD;
	fold(e, 1, AT(1));
	ck_assert_int_eq(only()->source, SOURCE_IMPORT);
	ck_assert_int_eq(only()->reason, REASON_USER_UNKNOWN);
	FOLD(e, AT(1));
	ck_assert_uint_eq(state.suppression_count, 0);
	e[1].type = POLICY_RELEASE;
	FOLD(e, AT(1));
	ck_assert_uint_eq(state.suppression_count, 0);
	e[1].type = POLICY_ALLOW;
	e[0].reason = REASON_COMPLAINT;
	e[0].class_ = VERDICT_COMPLAINT;
	FOLD(e, AT(1));
	ck_assert_int_eq(only()->class_, VERDICT_COMPLAINT);
	ck_assert_int_eq(only()->source, SOURCE_IMPORT);
}
END_TEST

/* Of a dead address and a person's word, each until its end. */
static enum policy_source shown(enum reason reason, int64_t until_s)
{
	struct policy_event e[] = {verdict(AT(0), reason, "a"),
				   decision(AT(1), POLICY_SUPPRESS)};

	e[1].until_s = until_s;
	FOLD(e, AT(2));
	ck_assert_uint_eq(state.suppression_count, 2);
	return policy_suppressed(&state, NULL)->source;
}

START_TEST(of_several_the_one_that_lasts_longest_is_shown)
{
	ck_assert_int_eq(shown(REASON_MAILBOX_DISABLED, AT(365) - 1),
			 SOURCE_HARD);
	ck_assert_int_eq(shown(REASON_MAILBOX_DISABLED, AT(365)), SOURCE_HARD);
	ck_assert_int_eq(shown(REASON_MAILBOX_DISABLED, AT(365) + 1),
			 SOURCE_OPERATOR);
	ck_assert_int_eq(shown(REASON_MAILBOX_DISABLED, POLICY_NO_END),
			 SOURCE_OPERATOR);
	ck_assert_int_eq(shown(REASON_USER_UNKNOWN, AT(365)), SOURCE_HARD);
	ck_assert_int_eq(shown(REASON_USER_UNKNOWN, POLICY_NO_END),
			 SOURCE_HARD);
}
END_TEST

START_TEST(observing_records_and_suppresses_nobody)
{
	struct policy_event e[] = {verdict(AT(0), REASON_USER_UNKNOWN, "a"),
				   verdict(AT(1), REASON_COMPLAINT, "a"),
				   verdict(AT(2), REASON_MAILBOX_FULL, "a"),
				   decision(AT(3), POLICY_SUPPRESS)};

	settings.mode = POLICY_OBSERVE;
	fold(e, 3, AT(3));
	ck_assert_uint_eq(state.suppression_count, 0);
	ck_assert_uint_eq(state.softs[0].count, 1);
	for (size_t i = 0; i < 3; i++)
		ck_assert_int_eq(state.applied[i], APPLIED_NO);
	FOLD(e, AT(3));
	ck_assert_int_eq(only()->source, SOURCE_OPERATOR);
}
END_TEST

START_TEST(operators_change_effects_and_lengths)
{
	struct policy_event e[] = {
		verdict(AT(0), REASON_UNKNOWN_PERMANENT, "a"),
		verdict(AT(0), REASON_USER_UNKNOWN, "a")};

	settings.effect[REASON_UNKNOWN_PERMANENT] = EFFECT_SUPPRESS;
	settings.effect[REASON_USER_UNKNOWN] = EFFECT_NONE;
	FOLD(e, AT(1));
	ck_assert_int_eq(only()->reason, REASON_UNKNOWN_PERMANENT);
	ck_assert_int_eq(only()->class_, VERDICT_SOFT);
	ck_assert_int_eq(only()->until_s, AT(30));
	settings.effect[REASON_UNKNOWN_PERMANENT] = EFFECT_NONE;
	settings.effect[REASON_USER_UNKNOWN] = EFFECT_SUPPRESS;
	settings.expiry_s[REASON_USER_UNKNOWN] = 5 * DAY;
	FOLD(e, AT(1));
	ck_assert_int_eq(only()->until_s, AT(5));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		nothing_happened_and_nothing_holds,
		hard_suppresses_at_once_for_as_long_as_the_reason_says,
		a_dead_address_is_dead_for_all_streams,
		a_vanished_domain_seen_again_a_day_later_never_expires,
		the_longest_hard_reason_is_the_one_shown,
		an_expired_hard_suppression_comes_back_with_the_next_failure,
		a_forward_targets_death_counts_and_does_not_suppress,
		a_block_never_counts,
		what_is_no_failure_has_no_effect,
		a_complaint_holds_in_its_stream_for_ever,
		an_operators_word_beats_a_complaint_only_by_force,
		an_allow_entry_beats_what_came_before_and_what_comes_after,
		an_allow_entry_of_one_stream_leaves_the_others,
		what_an_allow_entry_of_a_stream_hides_was_not_applied,
		the_later_of_suppress_and_allow_wins,
		an_operators_suppression_ends_when_it_says,
		a_release_ends_what_is_in_force,
		the_same_campaign_counts_again_after_a_release,
		an_import_is_released_and_allowed_like_our_own,
		of_several_the_one_that_lasts_longest_is_shown,
		observing_records_and_suppresses_nobody,
		operators_change_effects_and_lengths,
	};

	return RUN_POLICY_TESTS("policy_fold", tests);
}
