/*
 * Numbers from mail, files and command lines: the whole text or nothing, and
 * never silently something else.
 */
#include "util/num.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define DAY_S 86400

int num_u64(const char *p, size_t n, uint64_t max, uint64_t *out_r)
{
	uint64_t value = 0;

	if (n == 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		unsigned digit;

		if (!text_is_digit(p[i]))
			return -1;
		digit = (unsigned)(p[i] - '0');
		if (digit > max || value > (max - digit) / 10)
			return -1;
		value = value * 10 + digit;
	}
	*out_r = value;
	return 0;
}

int num_i64(const char *p, size_t n, int64_t *out_r)
{
	uint64_t value;

	if (n > 0 && p[0] == '-') {
		if (num_u64(p + 1, n - 1, (uint64_t)INT64_MAX + 1, &value) < 0)
			return -1;
		*out_r = value > INT64_MAX ? INT64_MIN : -(int64_t)value;
		return 0;
	}
	if (num_u64(p, n, INT64_MAX, &value) < 0)
		return -1;
	*out_r = (int64_t)value;
	return 0;
}

int num_int(const char *p, size_t n, int max, int *out_r)
{
	uint64_t value;

	if (max < 0 || num_u64(p, n, (uint64_t)max, &value) < 0)
		return -1;
	*out_r = (int)value;
	return 0;
}

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit duration_units[] = {
	{"s", 1},	  {"m", 60},	      {"h", 3600}, {"d", DAY_S},
	{"w", 7 * DAY_S}, {"y", 365 * DAY_S}, {NULL, 0},
};

static const struct unit size_units[] = {
	{"", 1},
	{"B", 1},
	{"kB", 1024},
	{"KB", 1024},
	{"MB", 1024 * 1024},
	{"GB", 1024 * 1024 * 1024},
	{NULL, 0},
};

static int read_with_unit(struct span s, const struct unit *units,
			  int64_t *out_r)
{
	size_t digits = 0;
	struct span name;
	uint64_t value;

	while (digits < s.n && text_is_digit(s.p[digits]))
		digits++;
	name = span_from(s, digits);
	for (const struct unit *u = units; u->name != NULL; u++) {
		if (!span_eq(name, span_of(u->name)))
			continue;
		if (num_u64(s.p, digits, (uint64_t)(INT64_MAX / u->factor),
			    &value) < 0)
			return -1;
		*out_r = (int64_t)value * u->factor;
		return 0;
	}
	return -1;
}

int num_duration_s(const char *p, size_t n, int64_t *out_r)
{
	if (span_eq(span_make(p, n), SPAN("never"))) {
		*out_r = -1;
		return 0;
	}
	return read_with_unit(span_make(p, n), duration_units, out_r);
}

int num_size_bytes(const char *p, size_t n, int64_t *out_r)
{
	return read_with_unit(span_make(p, n), size_units, out_r);
}

/* units from the largest to one of factor 1 */
static char *write_with_unit(int64_t value, const struct unit *u,
			     char out[NUM_TIME_BYTES])
{
	while (u->factor > 1 && (value == 0 || value % u->factor != 0))
		u++;
	(void)snprintf(out, NUM_TIME_BYTES, "%" PRId64 "%s", value / u->factor,
		       u->name);
	return out;
}

char *num_duration_format(int64_t seconds, char out[NUM_TIME_BYTES])
{
	static const struct unit units[] = {
		{"d", DAY_S}, {"h", 3600}, {"m", 60}, {"s", 1}};

	if (seconds < 0)
		return memcpy(out, "never", sizeof("never"));
	return write_with_unit(seconds, units, out);
}

char *num_size_format(int64_t bytes, char out[NUM_TIME_BYTES])
{
	static const struct unit units[] = {{"GB", 1024 * 1024 * 1024},
					    {"MB", 1024 * 1024},
					    {"kB", 1024},
					    {"B", 1}};

	return write_with_unit(bytes, units, out);
}
