/* Guards over many addresses: breaker, guard, domains, providers, dates. */
#include "policy_history.h"

static struct policy_domain_event failure(double hour, uint64_t address)
{
	return (struct policy_domain_event){
		.at_s = DAY0 + (int64_t)(hour * 3600.0), .address_id = address};
}

static size_t count_true(const bool *flags, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += flags[i];
	return count;
}

START_TEST(five_addresses_in_the_same_hours_share_their_failure)
{
	struct policy_domain_event e[] = {failure(0, 1), failure(5.5, 2),
					  failure(11, 3), failure(20, 4),
					  failure(23.9, 5)};
	bool shared[LENGTH(e)];

	policy_breaker(&settings, e, LENGTH(e), shared);
	ck_assert_uint_eq(count_true(shared, LENGTH(e)), 5);
	e[4] = failure(24, 5);
	policy_breaker(&settings, e, LENGTH(e), shared);
	ck_assert_uint_eq(count_true(shared, LENGTH(e)), 0);
	e[4] = failure(23.9, 4);
	policy_breaker(&settings, e, LENGTH(e), shared);
	ck_assert_uint_eq(count_true(shared, LENGTH(e)), 0);
}
END_TEST

START_TEST(only_the_hours_of_the_outage_are_shared)
{
	struct policy_domain_event e[] = {
		failure(500, 1), failure(100, 1), failure(101, 2),
		failure(102, 3), failure(103, 4), failure(104, 5),
		failure(105, 1), failure(10, 2),  failure(124, 6)};
	const bool expected[] = {false, true, true,  true, true,
				 true,	true, false, true};
	bool shared[LENGTH(e)];

	policy_breaker(&settings, e, LENGTH(e), shared);
	for (size_t i = 0; i < LENGTH(e); i++)
		ck_assert_int_eq(shared[i], expected[i]);
	policy_breaker(&settings, NULL, 0, NULL);
}
END_TEST

START_TEST(a_full_mailbox_is_never_the_domains)
{
	ck_assert(policy_breaker_applies(REASON_NETWORK_ERROR));
	ck_assert(policy_breaker_applies(REASON_DNS_FAILURE));
	ck_assert(policy_breaker_applies(REASON_HOST_BUSY));
	ck_assert(policy_breaker_applies(REASON_UNKNOWN_TRANSIENT));
	ck_assert(!policy_breaker_applies(REASON_MAILBOX_FULL));
	ck_assert(!policy_breaker_applies(REASON_RECIPIENT_REFUSED));
	ck_assert(!policy_breaker_applies(REASON_RECIPIENT_RESTRICTED));
	ck_assert(!policy_breaker_applies(REASON_USER_UNKNOWN));
}
END_TEST

static const struct {
	unsigned hard, total, past_hard, past_hours;
	bool held;
} guard_rows[] = {
	{19, 19, 0, 0, false},	  {20, 20, 0, 0, true},
	{20, 66, 0, 0, true},	  {20, 67, 0, 0, false},
	{100, 100, 20, 1, false}, {101, 101, 20, 1, true},
	{50, 50, 10, 10, false},  {51, 51, 10, 10, true},
	{0, 500, 0, 0, false},
};

START_TEST(an_unusual_hour_is_held)
{
	for (size_t i = 0; i < LENGTH(guard_rows); i++) {
		struct policy_hour hours[11] = {{0}};
		bool held[11];
		size_t n = guard_rows[i].past_hours;

		for (size_t j = 0; j < n; j++)
			hours[j] = (struct policy_hour){
				.hour = (int64_t)j,
				.hard = guard_rows[i].past_hard,
				.total = 1000};
		hours[n] = (struct policy_hour){.hour = 100,
						.hard = guard_rows[i].hard,
						.total = guard_rows[i].total};
		policy_guard(&settings, hours, n + 1, held);
		ck_assert_int_eq(held[n], guard_rows[i].held);
	}
}
END_TEST

START_TEST(held_hours_are_no_part_of_the_history)
{
	struct policy_hour hours[] = {{0, 19, 19}, {1, 500, 500}, {2, 95, 95}};
	bool held[LENGTH(hours)];

	policy_guard(&settings, hours, LENGTH(hours), held);
	ck_assert(!held[0] && held[1] && !held[2]);
	hours[2].hard = hours[2].total = 96;
	policy_guard(&settings, hours, LENGTH(hours), held);
	ck_assert(held[2]);
}
END_TEST

START_TEST(the_history_is_a_week_long)
{
	struct policy_hour hours[] = {{0, 19, 19}, {168, 95, 95}};
	bool held[LENGTH(hours)];

	policy_guard(&settings, hours, LENGTH(hours), held);
	ck_assert(!held[1]);
	hours[1].hour++;
	policy_guard(&settings, hours, LENGTH(hours), held);
	ck_assert(held[1]);
}
END_TEST

static const char name[] = "parked.example";

START_TEST(three_proved_addresses_close_a_domain)
{
	struct policy_null_mx e[] = {{AT(3), 3}, {AT(0), 1}, {AT(2), 2}};
	int64_t since_s, until_s;

	ck_assert(policy_domain_suppressed(&settings, span_of(name), e, 3,
					   AT(4), &since_s, &until_s));
	ck_assert_int_eq(since_s, AT(3));
	ck_assert_int_eq(until_s, AT(93));
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 3,
					    AT(93), &since_s, &until_s));
	e[0].address_id = 2;
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 3,
					    AT(4), &since_s, &until_s));
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), NULL, 0,
					    AT(4), &since_s, &until_s));
}
END_TEST

START_TEST(a_provider_of_mailboxes_is_never_closed)
{
	struct policy_null_mx e[] = {{AT(0), 1}, {AT(1), 2}, {AT(2), 3}};
	int64_t since_s, until_s;

	ck_assert(!policy_domain_suppressed(&settings, SPAN("gmail.com"), e, 3,
					    AT(4), &since_s, &until_s));
	settings.mode = POLICY_OBSERVE;
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 3,
					    AT(4), &since_s, &until_s));
}
END_TEST

START_TEST(a_reopened_domain_needs_new_witnesses)
{
	struct policy_null_mx e[] = {{AT(0), 1},   {AT(1), 2},	 {AT(2), 3},
				     {AT(100), 4}, {AT(101), 5}, {AT(102), 6}};
	int64_t since_s, until_s;

	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 5,
					    AT(102), &since_s, &until_s));
	ck_assert(policy_domain_suppressed(&settings, span_of(name), e, 6,
					   AT(102), &since_s, &until_s));
	ck_assert_int_eq(since_s, AT(102));
}
END_TEST

START_TEST(the_sending_date_is_clamped)
{
	ck_assert_int_eq(policy_sent_at(0, AT(20)), AT(20));
	ck_assert_int_eq(policy_sent_at(AT(21), AT(20)), AT(20));
	ck_assert_int_eq(policy_sent_at(AT(19), AT(20)), AT(19));
	ck_assert_int_eq(policy_sent_at(AT(6), AT(20)), AT(6));
	ck_assert_int_eq(policy_sent_at(AT(5), AT(20)), AT(6));
}
END_TEST

START_TEST(providers_are_known_by_domain_or_by_server)
{
	ck_assert_str_eq(policy_provider(SPAN("gmail.com"), SPAN("")),
			 "google");
	ck_assert_str_eq(policy_provider(SPAN("corp.example"),
					 SPAN("aspmx.l.google.com")),
			 "google");
	ck_assert_str_eq(
		policy_provider(
			SPAN("corp.example"),
			SPAN("corp-example.mail.protection.outlook.com")),
		"microsoft");
	ck_assert_str_eq(
		policy_provider(SPAN("notgmail.com"), SPAN("mx.example")), "");
	ck_assert_str_eq(policy_provider(SPAN(""), SPAN("")), "");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		five_addresses_in_the_same_hours_share_their_failure,
		only_the_hours_of_the_outage_are_shared,
		a_full_mailbox_is_never_the_domains,
		an_unusual_hour_is_held,
		held_hours_are_no_part_of_the_history,
		the_history_is_a_week_long,
		three_proved_addresses_close_a_domain,
		a_provider_of_mailboxes_is_never_closed,
		a_reopened_domain_needs_new_witnesses,
		the_sending_date_is_clamped,
		providers_are_known_by_domain_or_by_server,
	};

	return RUN_POLICY_TESTS("policy_guard", tests);
}
