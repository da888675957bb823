/*
 * Times as other programs write them: RFC 3339 with a fraction and an offset,
 * the date of a mail, or seconds since 1970, perhaps with a fraction.
 */
#include <string.h>

#include "util/num.h"
#include "util/text.h"

#define CLOCK_END 19 /* of "2026-11-22T13:14:15" */
#define MAX_DIGITS 11
#define MIN_DIGITS 9

static struct span skip_digits(struct span s)
{
	while (s.n > 0 && text_is_digit(s.p[0]))
		s = span_from(s, 1);
	return s;
}

static struct span skip_fraction(struct span s)
{
	return s.n > 1 && s.p[0] == '.' ? skip_digits(span_from(s, 1)) : s;
}

/* "Z", "", "+02:00", "-0500"; also " UTC", as Ruby and PostgreSQL write. */
static int read_offset(struct span s, int64_t *offset_r)
{
	int hours, minutes;
	bool colon;

	s = span_trim(s);
	*offset_r = 0;
	if (s.n == 0 || span_eq_ci(s, SPAN("Z")) || span_eq_ci(s, SPAN("UTC")))
		return 0;
	if (s.p[0] != '+' && s.p[0] != '-')
		return -1;
	colon = s.n == 6 && s.p[3] == ':';
	if ((s.n != 5 && !colon) || num_int(s.p + 1, 2, 23, &hours) < 0 ||
	    num_int(s.p + s.n - 2, 2, 59, &minutes) < 0)
		return -1;
	*offset_r = (hours * 60 + minutes) * 60;
	if (s.p[0] == '-')
		*offset_r = -*offset_r;
	return 0;
}

static int read_iso(struct span s, int64_t *out_r)
{
	char clock[CLOCK_END + 1];
	int64_t at_s, offset_s;

	if (s.n < CLOCK_END)
		return num_time_s(s.p, s.n, out_r);
	memcpy(clock, s.p, CLOCK_END);
	clock[CLOCK_END] = 'Z';
	if (num_time_s(clock, sizeof(clock), &at_s) < 0 ||
	    read_offset(skip_fraction(span_from(s, CLOCK_END)), &offset_s) < 0)
		return -1;
	*out_r = at_s - offset_s;
	return 0;
}

/*
 * Fewer digits are a spreadsheet's days since 1900, or a slip: of 1970 to 1973
 * nobody has a list. 0 alone is how some write that there is none.
 */
static int read_epoch(struct span s, int64_t *out_r)
{
	struct span rest = skip_digits(s);
	size_t digits = s.n - rest.n;

	if (digits > MAX_DIGITS || skip_fraction(rest).n > 0 ||
	    (digits < MIN_DIGITS && !span_eq(s, SPAN("0"))))
		return -1;
	return num_i64(s.p, digits, out_r);
}

int num_when_s(const char *p, size_t n, int64_t *out_r)
{
	struct span s = span_trim(span_make(p, n));

	if (read_epoch(s, out_r) == 0 || read_iso(s, out_r) == 0)
		return 0;
	return num_mail_date_s(s.p, s.n, out_r);
}
