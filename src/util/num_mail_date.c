/*
 * Dates as mail really writes them: RFC 5322 with its obsolete forms, the
 * order of asctime(3), ISO 8601, two-digit years, zones by name, comments,
 * AM and PM. Where a zone means nothing to us it counts as UTC (RFC 5322
 * 4.3): a date that is hours off still names the right send.
 */
#include <stdbool.h>
#include <stdint.h>

#include "util/num.h"
#include "util/num_time.h"
#include "util/text.h"

/* What has been found so far. */
struct reading {
	struct num_date date;
	bool has_year, has_clock, afternoon, forenoon;
	int64_t offset_s;
};

/* The place (from 1) of a word in a list by its first three letters, or 0. */
static int find_name(struct span word, const char *names)
{
	char first, second, third;

	if (word.n < 3)
		return 0;
	first = text_lower(word.p[0]);
	second = text_lower(word.p[1]);
	third = text_lower(word.p[2]);
	for (int i = 1; *names != '\0'; i++, names += 3)
		if (names[0] == first && names[1] == second &&
		    names[2] == third)
			return i;
	return 0;
}

/* "+0100", "+01:00", "+01", "+1"; anything beyond a day is noise. */
static int read_offset(struct span s, int64_t *out_r)
{
	int64_t sign = s.n > 0 && s.p[0] == '-' ? -1 : 1;
	struct span digits = span_from(s, 1);
	int hours, minutes = 0;
	size_t colon;

	if (s.n < 2 || (s.p[0] != '+' && s.p[0] != '-'))
		return -1;
	colon = span_find_char(digits, ':');
	if (colon == SPAN_NONE)
		colon = digits.n > 2 ? digits.n - 2 : digits.n;
	if (num_int(digits.p, colon, 99, &hours) < 0)
		return -1;
	digits = span_from(digits, colon);
	if (digits.n > 0 && digits.p[0] == ':')
		digits = span_from(digits, 1);
	if (digits.n > 0 && num_int(digits.p, digits.n, 99, &minutes) < 0)
		return -1;
	*out_r = hours < 24 && minutes < 60
			 ? sign * (hours * 3600 + minutes * 60)
			 : 0;
	return 0;
}

static void read_zone_name(struct span word, struct reading *r)
{
	static const struct {
		char name[5];
		int hours;
	} zones[] = {
		{"EST", -5},  {"EDT", -4},  {"CST", -6},  {"CDT", -5},
		{"MST", -7},  {"MDT", -6},  {"PST", -8},  {"PDT", -7},
		{"CET", 1},   {"CEST", 2},  {"MET", 1},	  {"MEST", 2},
		{"BST", 1},   {"EET", 2},   {"EEST", 3},  {"MSK", 3},
		{"JST", 9},   {"KST", 9},   {"AEST", 10}, {"AEDT", 11},
		{"NZST", 12}, {"NZDT", 13},
	};

	if (word.n < 3 || word.n > 4)
		return;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++)
		if (span_eq_ci(word, span_of(zones[i].name)))
			r->offset_s = zones[i].hours * 3600;
}

/* RFC 5322 4.3: two digits below 50 are 20xx, other two and three 19xx. */
static int read_year(struct span s, struct reading *r)
{
	int year;

	if (r->has_year || s.n < 2 || s.n > 4 ||
	    num_int(s.p, s.n, 9999, &year) < 0)
		return -1;
	if (s.n == 2 && year < 50)
		year += 2000;
	else if (s.n < 4)
		year += 1900;
	r->date.year = year;
	r->has_year = true;
	return 0;
}

static int read_day(struct span s, struct reading *r)
{
	if (r->date.day != 0 || s.n > 2)
		return -1;
	return num_int(s.p, s.n, 31, &r->date.day);
}

static int read_month(struct span s, struct reading *r)
{
	int month = find_name(s, "janfebmaraprmayjunjulaugsepoctnovdec");

	if (month == 0 || r->date.month != 0)
		return -1;
	r->date.month = month;
	return 0;
}

/* Takes digits off the front of *s and a separator, where one follows. */
static int take_number(struct span *s, int *out_r)
{
	size_t n = 0;

	while (n < s->n && text_is_digit(s->p[n]))
		n++;
	if (n > 2 || num_int(s->p, n, 99, out_r) < 0)
		return -1;
	*s = span_from(*s, n);
	if (s->n > 1 && (s->p[0] == ':' || s->p[0] == '.') &&
	    text_is_digit(s->p[1])) {
		*s = span_from(*s, 1);
		return 1;
	}
	return 0;
}

/* "13:14", "13:14:15", "13.14.15", "13:14:15.678", then perhaps a zone. */
static int read_clock(struct span s, struct reading *r)
{
	int more;

	if (r->has_clock || take_number(&s, &r->date.hour) != 1)
		return -1;
	more = take_number(&s, &r->date.minute);
	if (more < 0 || (more == 1 && take_number(&s, &r->date.second) < 0))
		return -1;
	r->has_clock = true;
	while (s.n > 0 && (text_is_digit(s.p[0]) || s.p[0] == '.'))
		s = span_from(s, 1);
	if (s.n > 0 && (s.p[0] == '+' || s.p[0] == '-'))
		return read_offset(s, &r->offset_s);
	if (span_eq_ci(s, SPAN("PM")))
		r->afternoon = true;
	else if (span_eq_ci(s, SPAN("AM")))
		r->forenoon = true;
	else
		read_zone_name(s, r);
	return 0;
}

/* "21-Nov-2026", "2026-11-21", "2026-11-21T13:14:15Z". */
static int read_dashed(struct span s, struct reading *r)
{
	size_t first = span_find_char(s, '-');
	struct span rest = span_from(s, first + 1);
	size_t second = span_find_char(rest, '-');
	struct span a = span_cut(s, first), b = span_cut(rest, second), c;
	size_t t;

	if (second == SPAN_NONE)
		return -1;
	c = span_from(rest, second + 1);
	if (a.n != 4)
		return read_day(a, r) < 0 || read_month(b, r) < 0
			       ? -1
			       : read_year(c, r);
	t = span_find_char(c, 'T');
	if (read_year(a, r) < 0 || r->date.month != 0 ||
	    num_int(b.p, b.n, 12, &r->date.month) < 0 ||
	    read_day(span_cut(c, t), r) < 0)
		return -1;
	return t == SPAN_NONE ? 0 : read_clock(span_from(c, t + 1), r);
}

static int read_name(struct span word, struct reading *r)
{
	static const char days[] = "montuewedthufrisatsun";
	size_t sign = 3;

	if (read_month(word, r) == 0)
		return 0;
	if (word.n > sign && (word.p[sign] == '+' || word.p[sign] == '-'))
		return read_offset(span_from(word, sign), &r->offset_s);
	if (span_eq_ci(word, SPAN("PM")))
		r->afternoon = true;
	else if (span_eq_ci(word, SPAN("AM")))
		r->forenoon = true;
	else if (find_name(word, days) == 0)
		read_zone_name(word, r);
	return 0;
}

static int read_word(struct span word, struct reading *r)
{
	if (text_is_alpha(word.p[0]))
		return read_name(word, r);
	if (word.p[0] == '+' || word.p[0] == '-')
		return read_offset(word, &r->offset_s);
	if (span_find_char(word, '-') < 5 && span_find_char(word, '-') > 0)
		return read_dashed(word, r);
	if (span_find_char(word, ':') != SPAN_NONE ||
	    span_find_char(word, '.') != SPAN_NONE)
		return read_clock(word, r);
	return read_day(word, r) == 0 ? 0 : read_year(word, r);
}

/* The next word outside of comments (which nest, RFC 5322 3.2.2). */
static bool next_word(struct span *rest, struct span *word_r)
{
	unsigned depth = 0;
	size_t from = 0, n = 0;

	for (; from < rest->n; from++) {
		char c = rest->p[from];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !text_is_space(c) && c != ',')
			break;
	}
	*rest = span_from(*rest, from);
	while (n < rest->n && !text_is_space(rest->p[n]) && rest->p[n] != ',' &&
	       rest->p[n] != '(')
		n++;
	*word_r = span_cut(*rest, n);
	*rest = span_from(*rest, n);
	return n > 0;
}

int num_mail_date_s(const char *p, size_t n, int64_t *out_r)
{
	struct span rest = span_cut(span_make(p, n), 256), word;
	struct reading r = {0};
	int64_t local_s;

	while (next_word(&rest, &word))
		if (read_word(word, &r) < 0)
			return -1;
	if (!r.has_year || r.date.month == 0 || r.date.day == 0)
		return -1;
	if (r.afternoon && r.date.hour < 12)
		r.date.hour += 12;
	else if (r.forenoon && r.date.hour == 12)
		r.date.hour = 0;
	if (num_date_to_epoch(&r.date, &local_s) < 0)
		return -1;
	*out_r = local_s - r.offset_s;
	return 0;
}
