#include <string.h>

#include "run.h"
#include "util/num.h"

/* "\0" is what no test expects: untouched. */
#define UNTOUCHED 4711

static int64_t duration(const char *s)
{
	int64_t value = UNTOUCHED;

	if (num_duration_s(s, strlen(s), &value) < 0)
		ck_assert_int_eq(value, UNTOUCHED);
	return value;
}

static int64_t size(const char *s)
{
	int64_t value = UNTOUCHED;

	if (num_size_bytes(s, strlen(s), &value) < 0)
		ck_assert_int_eq(value, UNTOUCHED);
	return value;
}

static int64_t integer(const char *s)
{
	int64_t value = UNTOUCHED;

	if (num_i64(s, strlen(s), &value) < 0)
		ck_assert_int_eq(value, UNTOUCHED);
	return value;
}

static int64_t point(const char *s)
{
	int64_t value = UNTOUCHED;

	if (num_time_s(s, strlen(s), &value) < 0)
		ck_assert_int_eq(value, UNTOUCHED);
	return value;
}

START_TEST(a_number_is_the_whole_text_or_nothing)
{
	static const char *const bad[] = {"",	 " 1", "1 ", "+1", "-1",
					  "1e3", "0x", "1.", "a"};
	uint64_t value = UNTOUCHED;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_int_eq(
			num_u64(bad[i], strlen(bad[i]), UINT64_MAX, &value),
			-1);
	ck_assert_int_eq(num_u64("1\0002", 3, UINT64_MAX, &value), -1);
	ck_assert_uint_eq(value, UNTOUCHED);
	ck_assert_int_eq(num_u64("12x", 2, UINT64_MAX, &value), 0);
	ck_assert_uint_eq(value, 12);
}
END_TEST

START_TEST(a_number_beyond_its_limit_is_refused_not_wrapped)
{
	uint64_t value = UNTOUCHED;
	int narrow = UNTOUCHED;

	ck_assert_int_eq(
		num_u64("18446744073709551616", 20, UINT64_MAX, &value), -1);
	ck_assert_int_eq(num_u64("4294967299", 10, UINT32_MAX, &value), -1);
	ck_assert_int_eq(num_u64("256", 3, 255, &value), -1);
	ck_assert_int_eq(num_u64("6", 1, 5, &value), -1);
	ck_assert_int_eq(num_u64("9", 1, 0, &value), -1);
	ck_assert_uint_eq(value, UNTOUCHED);
	ck_assert_int_eq(
		num_u64("18446744073709551615", 20, UINT64_MAX, &value), 0);
	ck_assert_uint_eq(value, UINT64_MAX);
	ck_assert_int_eq(num_u64("0000255", 7, 255, &value), 0);
	ck_assert_int_eq(num_u64("5", 1, 5, &value), 0);
	ck_assert_uint_eq(value, 5);
	ck_assert_int_eq(num_int("4294967299", 10, INT32_MAX, &narrow), -1);
	ck_assert_int_eq(num_int("5", 1, -1, &narrow), -1);
	ck_assert_int_eq(narrow, UNTOUCHED);
	ck_assert_int_eq(num_int("550", 3, 599, &narrow), 0);
	ck_assert_int_eq(narrow, 550);
}
END_TEST

START_TEST(signed_numbers_reach_both_ends)
{
	ck_assert_int_eq(integer("-9223372036854775808"), INT64_MIN);
	ck_assert_int_eq(integer("9223372036854775807"), INT64_MAX);
	ck_assert_int_eq(integer("9223372036854775808"), UNTOUCHED);
	ck_assert_int_eq(integer("-9223372036854775809"), UNTOUCHED);
	ck_assert_int_eq(integer("-"), UNTOUCHED);
	ck_assert_int_eq(integer("--1"), UNTOUCHED);
	ck_assert_int_eq(integer("-7"), -7);
}
END_TEST

START_TEST(durations_have_a_unit)
{
	ck_assert_int_eq(duration("90s"), 90);
	ck_assert_int_eq(duration("5m"), 300);
	ck_assert_int_eq(duration("72h"), 259200);
	ck_assert_int_eq(duration("30d"), 2592000);
	ck_assert_int_eq(duration("4w"), 2419200);
	ck_assert_int_eq(duration("1y"), 31536000);
	ck_assert_int_eq(duration("0s"), 0);
	ck_assert_int_eq(duration("never"), -1);
	ck_assert_int_eq(duration("90"), UNTOUCHED);
	ck_assert_int_eq(duration("5 m"), UNTOUCHED);
	ck_assert_int_eq(duration("5M"), UNTOUCHED);
	ck_assert_int_eq(duration("-5m"), UNTOUCHED);
	ck_assert_int_eq(duration("m"), UNTOUCHED);
	ck_assert_int_eq(duration("1h30m"), UNTOUCHED);
	ck_assert_int_eq(duration("9223372036854775807s"), INT64_MAX);
	ck_assert_int_eq(duration("9223372036854775807m"), UNTOUCHED);
}
END_TEST

START_TEST(sizes_are_powers_of_1024)
{
	ck_assert_int_eq(size("512"), 512);
	ck_assert_int_eq(size("512B"), 512);
	ck_assert_int_eq(size("64kB"), 65536);
	ck_assert_int_eq(size("4MB"), 4194304);
	ck_assert_int_eq(size("1GB"), 1073741824);
	ck_assert_int_eq(size("10M"), UNTOUCHED);
	ck_assert_int_eq(size("1TB"), UNTOUCHED);
	ck_assert_int_eq(size("8589934592GB"), UNTOUCHED);
}
END_TEST

START_TEST(what_is_written_has_the_largest_unit_without_rest)
{
	char out[NUM_TIME_BYTES];

	ck_assert_str_eq(num_duration_format(90, out), "90s");
	ck_assert_str_eq(num_duration_format(259200, out), "3d");
	ck_assert_str_eq(num_duration_format(5400, out), "90m");
	ck_assert_str_eq(num_duration_format(0, out), "0s");
	ck_assert_str_eq(num_duration_format(-1, out), "never");
	ck_assert_str_eq(num_duration_format(INT64_MAX, out),
			 "9223372036854775807s");
	ck_assert_str_eq(num_size_format(4194304, out), "4MB");
	ck_assert_str_eq(num_size_format(1000, out), "1000B");
}
END_TEST

START_TEST(times_are_utc_in_three_forms)
{
	ck_assert_int_eq(point("@1700000000"), 1700000000);
	ck_assert_int_eq(point("1970-01-01"), 0);
	ck_assert_int_eq(point("2026-11-22"), 1795305600);
	ck_assert_int_eq(point("2026-11-22T13:14:15Z"), 1795353255);
	ck_assert_int_eq(point("2026-11-22 13:14:15Z"), 1795353255);
	ck_assert_int_eq(point("2024-02-29"), 1709164800);
	ck_assert_int_eq(point("1969-12-31T23:59:59Z"), -1);
}
END_TEST

START_TEST(times_that_do_not_exist_are_refused)
{
	static const char *const bad[] = {
		"",
		"@",
		"@-1",
		"@99999999999999",
		"2026-02-29",
		"1900-02-29",
		"2026-13-01",
		"2026-00-10",
		"2026-11-31",
		"2026-11-00",
		"26-11-22",
		"2026-11-2",
		"2026/11/22",
		"2026-11-22T13:14:15",
		"2026-11-22T24:00:00Z",
		"2026-11-22T13:60:00Z",
		"2026-11-22T13:14:15Zx",
		"2026-11-22T13:14:15+01",
		"0000-01-01",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(point(bad[i]) == UNTOUCHED, "%s", bad[i]);
}
END_TEST

START_TEST(every_day_is_written_as_it_was_read)
{
	char out[NUM_TIME_BYTES];

	for (int64_t t = -86400 * 366 * 5; t < 86400LL * 366 * 140;
	     t += 86399) {
		int64_t again = UNTOUCHED;

		num_time_format(t, out);
		ck_assert_int_eq(num_time_s(out, strlen(out), &again), 0);
		ck_assert_int_eq(again, t);
	}
	ck_assert_str_eq(num_time_format(1795353255, out),
			 "2026-11-22T13:14:15Z");
	ck_assert_uint_lt(strlen(num_time_format(INT64_MAX, out)),
			  NUM_TIME_BYTES);
	ck_assert_uint_lt(strlen(num_time_format(INT64_MIN, out)),
			  NUM_TIME_BYTES);
}
END_TEST

START_TEST(times_of_other_programs_are_read)
{
	static const char *const same[] = {
		"2026-11-22T13:14:15Z",
		"2026-11-22 13:14:15",
		"2026-11-22T15:14:15+02:00",
		"2026-11-22T08:14:15.123-0500",
		" 2026-11-22 13:14:15.5 UTC",
		"1795353255",
		"1795353255.75",
		"@1795353255",
		"Sun, 22 Nov 2026 13:14:15 GMT",
	};
	static const char *const none[] = {
		"",	    "soon", "2026-13-01T00:00:00Z",
		"1.2.3",    "7",    "123456789012",
		"20261122", "7d",   "46348.4167",
	};
	int64_t t;

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		ck_assert_msg(num_when_s(same[i], strlen(same[i]), &t) == 0,
			      "%s", same[i]);
		ck_assert_msg(t == 1795353255, "%s", same[i]);
	}
	ck_assert_int_eq(num_when_s("0", 1, &t), 0);
	ck_assert_int_eq(t, 0);
	t = 7;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		ck_assert_msg(num_when_s(none[i], strlen(none[i]), &t) < 0,
			      "%s", none[i]);
	ck_assert_int_eq(t, 7);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		times_of_other_programs_are_read,
		a_number_is_the_whole_text_or_nothing,
		a_number_beyond_its_limit_is_refused_not_wrapped,
		signed_numbers_reach_both_ends,
		durations_have_a_unit,
		sizes_are_powers_of_1024,
		what_is_written_has_the_largest_unit_without_rest,
		times_are_utc_in_three_forms,
		times_that_do_not_exist_are_refused,
		every_day_is_written_as_it_was_read,
	};

	return RUN_TESTS("util/num", tests);
}
