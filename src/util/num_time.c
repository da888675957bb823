/*
 * Dates without libc: gmtime and mktime know time zones, locales and files,
 * none of which may matter here.
 */
#include "util/num_time.h"

#include <stdbool.h>
#include <stdio.h>

#include "util/num.h"
#include "util/text.h"

#define DAY_S 86400
/* 9999-12-31T23:59:59Z */
#define LAST_S 253402300799

static int days_in_month(int64_t year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/* Days since 1970-01-01; years begin in March so that leap days come last. */
static int64_t days_from_date(int64_t year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year + day - 1 - 719468;
}

int num_date_to_epoch(const struct num_date *d, int64_t *out_r)
{
	int second = d->second == 60 ? 59 : d->second;

	if (d->year < 1 || d->year > 9999 || d->month < 1 || d->month > 12 ||
	    d->day < 1 || d->day > days_in_month(d->year, d->month) ||
	    d->hour < 0 || d->hour > 23 || d->minute < 0 || d->minute > 59 ||
	    second < 0 || second > 59)
		return -1;
	*out_r = days_from_date(d->year, d->month, d->day) * DAY_S +
		 d->hour * 3600 + d->minute * 60 + second;
	return 0;
}

/* Takes exactly two digits at offset at. */
static int two_digits(struct span s, size_t at, int *out_r)
{
	struct span part = span_cut(span_from(s, at), 2);

	return part.n == 2 ? num_int(part.p, 2, 99, out_r) : -1;
}

/* "HH:MM:SSZ" */
static int read_clock(struct span s, struct num_date *d)
{
	if (s.n != 9 || s.p[2] != ':' || s.p[5] != ':' || s.p[8] != 'Z' ||
	    two_digits(s, 0, &d->hour) < 0 ||
	    two_digits(s, 3, &d->minute) < 0 ||
	    two_digits(s, 6, &d->second) < 0)
		return -1;
	return 0;
}

int num_time_s(const char *p, size_t n, int64_t *out_r)
{
	struct span s = span_make(p, n);
	struct num_date d = {0};
	uint64_t value;
	int year;

	if (s.n > 0 && s.p[0] == '@') {
		if (num_u64(s.p + 1, s.n - 1, LAST_S, &value) < 0)
			return -1;
		*out_r = (int64_t)value;
		return 0;
	}
	if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' ||
	    num_int(s.p, 4, 9999, &year) < 0 ||
	    two_digits(s, 5, &d.month) < 0 || two_digits(s, 8, &d.day) < 0)
		return -1;
	d.year = year;
	if (s.n > 10 && ((s.p[10] != 'T' && s.p[10] != ' ') ||
			 read_clock(span_from(s, 11), &d) < 0))
		return -1;
	return num_date_to_epoch(&d, out_r);
}

char *num_time_format(int64_t epoch_s, char out[NUM_TIME_BYTES])
{
	bool before = epoch_s % DAY_S < 0;
	int64_t days = epoch_s / DAY_S - (before ? 1 : 0);
	int64_t second = epoch_s % DAY_S + (before ? DAY_S : 0);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t year =
		(of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) /
		365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * of_year + 2) / 153;
	int64_t day = of_year - (153 * month + 2) / 5 + 1;

	month = month < 10 ? month + 3 : month - 9;
	year += era * 400 + (month <= 2 ? 1 : 0);
	(void)snprintf(out, NUM_TIME_BYTES, "%04lld-%02d-%02dT%02d:%02d:%02dZ",
		       (long long)year, (int)month, (int)day,
		       (int)(second / 3600), (int)(second / 60 % 60),
		       (int)(second % 60));
	return out;
}
