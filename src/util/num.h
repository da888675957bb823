#ifndef UTIL_NUM_H
#define UTIL_NUM_H

#include <stddef.h>
#include <stdint.h>

/*
 * Reading numbers. Each takes the whole string or fails: returns 0, or -1 and
 * leaves *out_r untouched. No sign other than a leading '-' where signed, no
 * white space, no locale. n is the length of p, which needs no NUL.
 */
int num_u64(const char *p, size_t n, uint64_t max, uint64_t *out_r)
	__attribute__((warn_unused_result));
int num_i64(const char *p, size_t n, int64_t *out_r)
	__attribute__((warn_unused_result));
/* A number in 0..max as an int, for codes and counts. */
int num_int(const char *p, size_t n, int max, int *out_r)
	__attribute__((warn_unused_result));

/* "90s" "5m" "72h" "30d" "4w" "1y" (365 d), or "never" (-1), in seconds. */
int num_duration_s(const char *p, size_t n, int64_t *out_r)
	__attribute__((warn_unused_result));

/* "512" "64kB" "4MB" "1GB", powers of 1024, in bytes. */
int num_size_bytes(const char *p, size_t n, int64_t *out_r)
	__attribute__((warn_unused_result));

/*
 * A time in epoch seconds: "@1700000000", "2026-11-22",
 * "2026-11-22T13:14:15Z" or the same with a space; always UTC.
 */
int num_time_s(const char *p, size_t n, int64_t *out_r)
	__attribute__((warn_unused_result));

/*
 * A time as other programs write it: "2026-11-22T15:14:15.123+02:00", a date
 * as mail has it, or "1795353255.5"; white space around it is no matter. A
 * number of fewer than nine digits is none: 20261122 is meant for a day.
 */
int num_when_s(const char *p, size_t n, int64_t *out_r)
	__attribute__((warn_unused_result));

/* Writes "2026-11-22T13:14:15Z" and returns it. */
#define NUM_TIME_BYTES 64
char *num_time_format(int64_t epoch_s, char out[NUM_TIME_BYTES]);

/*
 * Writes "90s", "5m", "3d" or "never" (less than 0): the largest of s, m, h and
 * d that leaves no rest.
 */
char *num_duration_format(int64_t seconds, char out[NUM_TIME_BYTES]);
/* Writes "100B", "64kB", "4MB": the largest unit without rest. */
char *num_size_format(int64_t bytes, char out[NUM_TIME_BYTES]);

/* An RFC 5322 date-time as mail writes it, sloppiness included; epoch s. */
int num_mail_date_s(const char *p, size_t n, int64_t *out_r)
	__attribute__((warn_unused_result));

#endif
