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

/* The word on the last of these hours. */
static enum policy_guard word_on(const struct policy_hour *hours, size_t n,
				 bool common)
{
	enum policy_guard words[200];

	ck_assert_uint_le(n, LENGTH(words));
	/* Whatever was there before. */
	for (size_t i = 0; i < n; i++)
		words[i] = GUARD_HELD;
	policy_guard(&settings, common, hours, n, words);
	return words[n - 1];
}

#define WORD(hours) word_on(hours, LENGTH(hours), false)
#undef DAY
#define DAY 24 /* hours */

static const struct {
	unsigned hard, all;
	enum policy_guard word;
} first_hours[] = {
	{19, 19, GUARD_FREE},	 {20, 20, GUARD_HELD},
	{103, 128, GUARD_HELD},	 {102, 128, GUARD_LARGE},
	{20, 2000, GUARD_LARGE}, {0, 2000, GUARD_FREE},
};

START_TEST(without_a_history_only_a_lonely_hour_is_held)
{
	for (size_t i = 0; i < LENGTH(first_hours); i++) {
		const struct policy_hour hours[] = {
			{1, first_hours[i].hard, first_hours[i].all}};

		ck_assert_int_eq(WORD(hours), first_hours[i].word);
	}
}
END_TEST

START_TEST(large_is_five_times_the_usual_peak)
{
	struct policy_hour hours[] = {{0, 10, 10},
				      {DAY, 12, 12},
				      {2 * DAY, 10, 10},
				      {3 * DAY, 50, 50}};

	ck_assert_int_eq(WORD(hours), GUARD_FREE);
	hours[3].hard = hours[3].all = 51;
	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(one_accident_does_not_make_the_next_usual)
{
	const struct policy_hour hours[] = {{0, 10, 30},
					    {DAY, 10, 30},
					    {2 * DAY, 500, 520},
					    {3 * DAY, 500, 520}};

	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(accident_of_several_hours_is_one)
{
	const struct policy_hour hours[] = {{DAY, 2, 10},
					    {2 * DAY, 300, 310},
					    {2 * DAY + 1, 300, 310},
					    {3 * DAY, 300, 310}};

	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(accident_is_no_history_of_its_own_later_hours)
{
	const struct policy_hour hours[] = {{0, 2, 10},
					    {DAY, 3, 10},
					    {2 * DAY, 300, 310},
					    {2 * DAY + 1, 300, 310},
					    {2 * DAY + 2, 280, 290}};

	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(what_came_every_day_is_usual)
{
	struct policy_hour hours[3 * DAY + 1];

	for (size_t i = 0; i < LENGTH(hours); i++)
		hours[i] = (struct policy_hour){(int64_t)i, 30, 30};
	ck_assert_int_eq(word_on(hours, 1, false), GUARD_HELD);
	ck_assert_int_eq(word_on(hours, DAY + 1, false), GUARD_HELD);
	ck_assert_int_eq(word_on(hours, 2 * DAY + 1, false), GUARD_FREE);
	ck_assert_int_eq(WORD(hours), GUARD_FREE);
}
END_TEST

/* A mailing a week, its second week: a tenth of the list fails as ever. */
START_TEST(mailing_is_large_but_in_proportion)
{
	struct policy_hour hours[] = {{0, 4000, 10000},
				      {DAY, 12, 30},
				      {2 * DAY, 9, 20},
				      {7 * DAY, 4500, 11000}};

	ck_assert_int_eq(WORD(hours), GUARD_LARGE);
	hours[3].hard = 9500;
	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(more_than_twice_its_usual_share_is_out_of_proportion)
{
	/* A tenth of all before, with what is taken for granted. */
	struct policy_hour hours[] = {
		{0, 38, 768}, {DAY, 12, 32}, {7 * DAY, 1843, 9216}};

	ck_assert_int_eq(WORD(hours), GUARD_LARGE);
	hours[2].hard = 1844;
	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

/* A twentieth of all failures is usual for it, a third is not. */
START_TEST(small_provider_is_seen_among_a_mailing)
{
	struct policy_hour hours[] = {
		{0, 50, 1000}, {DAY, 4, 30}, {7 * DAY, 60, 1200}};

	ck_assert_int_eq(WORD(hours), GUARD_LARGE);
	hours[2] = (struct policy_hour){7 * DAY, 600, 1700};
	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(what_dead_addresses_mostly_say_needs_a_history)
{
	const struct policy_hour hours[] = {
		{0, 500, 500}, {7 * DAY, 600, 600}, {14 * DAY, 3100, 3100}};

	ck_assert_int_eq(word_on(hours, 1, true), GUARD_FREE);
	ck_assert_int_eq(word_on(hours, 2, true), GUARD_FREE);
	ck_assert_int_eq(word_on(hours, 3, true), GUARD_HELD);
}
END_TEST

START_TEST(the_history_is_a_month_long)
{
	struct policy_hour hours[] = {
		{DAY, 19, 19}, {2 * DAY, 19, 19}, {31 * DAY, 95, 95}};

	ck_assert_int_eq(WORD(hours), GUARD_FREE);
	hours[2].hour = 32 * DAY;
	ck_assert_int_eq(WORD(hours), GUARD_HELD);
}
END_TEST

START_TEST(steps_of_all_are_small)
{
	for (unsigned n = 0; n < 100000; n += 1 + n / 50) {
		ck_assert_uint_le(policy_guard_step(n), n);
		ck_assert_uint_ge(policy_guard_step(n) * 9, n * 8 - n / 2);
		ck_assert_uint_eq(policy_guard_step(policy_guard_step(n)),
				  policy_guard_step(n));
	}
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

START_TEST(witnesses_of_a_closed_domain_must_be_some_time_apart)
{
	struct policy_null_mx e[] = {
		{AT(0), 1}, {AT(1), 2}, {AT(2), 3}, {AT(2.5), 4}};
	int64_t since_s, until_s;

	settings.null_mx_domain.min_span_s = 48 * HOUR;
	ck_assert(policy_domain_suppressed(&settings, span_of(name), e, 3,
					   AT(4), &since_s, &until_s));
	ck_assert_int_eq(since_s, AT(2));
	settings.null_mx_domain.min_span_s++;
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 3,
					    AT(4), &since_s, &until_s));
	ck_assert(policy_domain_suppressed(&settings, span_of(name), e, 4,
					   AT(4), &since_s, &until_s));
	ck_assert_int_eq(since_s, AT(2.5));
}
END_TEST

START_TEST(a_domain_may_be_closed_for_ever_or_never)
{
	struct policy_null_mx e[] = {{AT(0), 1}, {AT(1), 2}, {AT(2), 3}};
	int64_t since_s, until_s;

	settings.null_mx_domain.expiry_s = EXPIRY_NEVER;
	ck_assert(policy_domain_suppressed(&settings, span_of(name), e, 3,
					   AT(9000), &since_s, &until_s));
	ck_assert_int_eq(until_s, POLICY_NO_END);
	settings.null_mx_domain.addresses = 0;
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 3,
					    AT(3), &since_s, &until_s));
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
	/* One that comes as it ends is the first of the next, not the last. */
	e[3].at_s = AT(92);
	ck_assert(!policy_domain_suppressed(&settings, span_of(name), e, 4,
					    AT(92), &since_s, &until_s));
	e[3].at_s = AT(92) - 1;
	ck_assert(policy_domain_suppressed(&settings, span_of(name), e, 4,
					   AT(92), &since_s, &until_s));
	ck_assert_int_eq(since_s, AT(2));
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
		without_a_history_only_a_lonely_hour_is_held,
		large_is_five_times_the_usual_peak,
		one_accident_does_not_make_the_next_usual,
		accident_of_several_hours_is_one,
		accident_is_no_history_of_its_own_later_hours,
		what_came_every_day_is_usual,
		mailing_is_large_but_in_proportion,
		more_than_twice_its_usual_share_is_out_of_proportion,
		small_provider_is_seen_among_a_mailing,
		what_dead_addresses_mostly_say_needs_a_history,
		the_history_is_a_month_long,
		steps_of_all_are_small,
		three_proved_addresses_close_a_domain,
		witnesses_of_a_closed_domain_must_be_some_time_apart,
		a_domain_may_be_closed_for_ever_or_never,
		a_provider_of_mailboxes_is_never_closed,
		a_reopened_domain_needs_new_witnesses,
		the_sending_date_is_clamped,
		providers_are_known_by_domain_or_by_server,
	};

	return RUN_POLICY_TESTS("policy_guard", tests);
}
