#ifndef UTIL_NUM_TIME_H
#define UTIL_NUM_TIME_H

#include <stdint.h>

/* A date and a time of day, UTC or with an offset that the caller knows. */
struct num_date {
	int64_t year;
	int month, day; /* from 1 */
	int hour, minute, second;
};

/*
 * Epoch seconds of a date in the proleptic Gregorian calendar. Returns 0, or
 * -1 where there is no such day or time, or the year is not in 1..9999. A
 * leap second (60) counts as 59.
 */
int num_date_to_epoch(const struct num_date *d, int64_t *out_r);

#endif
