#include <string.h>

#include "run.h"
#include "util/num.h"

struct sample {
	const char *text, *utc;
};

static void check(const struct sample *samples, size_t n)
{
	char out[NUM_TIME_BYTES];

	for (size_t i = 0; i < n; i++) {
		int64_t t = 0;
		const char *s = samples[i].text;

		ck_assert_msg(num_mail_date_s(s, strlen(s), &t) == 0, "%s", s);
		num_time_format(t, out);
		ck_assert_msg(strcmp(out, samples[i].utc) == 0, "%s: %s", s,
			      out);
	}
}
#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

START_TEST(rfc5322_dates_are_read)
{
	static const struct sample samples[] = {
		{"Sun, 22 Nov 2026 13:14:15 +0000", "2026-11-22T13:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 +0130", "2026-11-22T11:44:15Z"},
		{"22 Nov 2026 23:14 -0800", "2026-11-23T07:14:00Z"},
		{"Sun,  1 Nov 2026 00:00:60 +0000", "2026-11-01T00:00:59Z"},
		{"Thu, 1 Jan 1970 00:00:00 -0000", "1970-01-01T00:00:00Z"},
	};

	CHECK(samples);
}
END_TEST

START_TEST(zones_by_name_are_read_and_unknown_ones_are_utc)
{
	static const struct sample samples[] = {
		{"Sun, 22 Nov 2026 13:14:15 GMT", "2026-11-22T13:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 EST", "2026-11-22T18:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 pdt", "2026-11-22T20:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 CEST", "2026-11-22T11:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 XYZ", "2026-11-22T13:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 Z", "2026-11-22T13:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 GMT+02:00", "2026-11-22T11:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15", "2026-11-22T13:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15 +9900", "2026-11-22T13:14:15Z"},
	};

	CHECK(samples);
}
END_TEST

START_TEST(comments_and_their_nesting_are_skipped)
{
	static const struct sample samples[] = {
		{"Sun, 22 Nov 2026 13:14:15 +0100 (CET)",
		 "2026-11-22T12:14:15Z"},
		{"(a (b) 1999) 22 (x) Nov 2026 13:14:15 -0500(EST (-5))",
		 "2026-11-22T18:14:15Z"},
		{"22 Nov 2026 13:14:15 +0000 (unclosed",
		 "2026-11-22T13:14:15Z"},
	};

	CHECK(samples);
}
END_TEST

START_TEST(short_years_are_of_this_century_below_fifty)
{
	static const struct sample samples[] = {
		{"22 Nov 26 13:14:15 +0000", "2026-11-22T13:14:15Z"},
		{"22 Nov 49 13:14:15 +0000", "2049-11-22T13:14:15Z"},
		{"22 Nov 50 13:14:15 +0000", "1950-11-22T13:14:15Z"},
		{"22 Nov 126 13:14:15 +0000", "2026-11-22T13:14:15Z"},
	};

	CHECK(samples);
}
END_TEST

START_TEST(other_orders_and_separators_are_read)
{
	static const struct sample samples[] = {
		{"Sun Nov 22 13:14:15 2026", "2026-11-22T13:14:15Z"},
		{"Sun Nov 22 13:14:15 EST 2026", "2026-11-22T18:14:15Z"},
		{"Sunday, November 22, 2026 1:14:15 PM +0000",
		 "2026-11-22T13:14:15Z"},
		{"22 Nov 2026 12:00:00 AM", "2026-11-22T00:00:00Z"},
		{"22 Nov 2026 12:00:00PM", "2026-11-22T12:00:00Z"},
		{"22-Nov-2026 13:14:15 +0000", "2026-11-22T13:14:15Z"},
		{"Sun, 22 Nov 2026 13.14.15 +0100", "2026-11-22T12:14:15Z"},
		{"Sun, 22 Nov 2026 13:14:15.678+0100", "2026-11-22T12:14:15Z"},
		{"2026-11-22 13:14:15 +0100", "2026-11-22T12:14:15Z"},
		{"2026-11-22T13:14:15Z", "2026-11-22T13:14:15Z"},
		{"2026-11-22T13:14:15+01:00", "2026-11-22T12:14:15Z"},
		{"22 Nov 2026", "2026-11-22T00:00:00Z"},
	};

	CHECK(samples);
}
END_TEST

START_TEST(what_is_no_date_is_refused)
{
	static const char *const bad[] = {
		"",
		"yesterday",
		"Sun, 22 Nov",
		"22 2026 13:14:15",
		"Nov 2026 13:14:15",
		"31 Feb 2026 00:00:00 +0000",
		"22 Nov 2026 25:00:00 +0000",
		"22 Nov 2026 13:61:00 +0000",
		"22 Nov 2026 13:14:15 +0000 99999999999",
		"11/22/2026 13:14:15",
		"22 Nov 2026 4294967299:14:15",
		"-",
		"+",
		":",
		".",
		"2026-",
		"2026--",
		"((((((((",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t t = 4711;

		ck_assert_msg(num_mail_date_s(bad[i], strlen(bad[i]), &t) == -1,
			      "%s", bad[i]);
		ck_assert_int_eq(t, 4711);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		rfc5322_dates_are_read,
		zones_by_name_are_read_and_unknown_ones_are_utc,
		comments_and_their_nesting_are_skipped,
		short_years_are_of_this_century_below_fifty,
		other_orders_and_separators_are_read,
		what_is_no_date_is_refused,
	};

	return RUN_TESTS("util/mail_date", tests);
}
