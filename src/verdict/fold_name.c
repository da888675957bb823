#include "verdict/fold_name.h"

#include <string.h>

#include "util/address.h"
#include "util/num.h"
#include "verdict/speaker.h"

/* Telling names and codes from words. */

/* Top-level domains of more than two letters that hosts mostly have. */
static bool is_top_level(struct span label)
{
	static const char *const known[] = {
		"com",	 "net",	 "org",	    "edu",	 "gov",	 "mil",
		"int",	 "info", "biz",	    "name",	 "pro",	 "mobi",
		"cloud", "app",	 "dev",	    "online",	 "shop", "site",
		"email", "xyz",	 "top",	    "arpa",	 "asia", "local",
		"lan",	 "test", "example", "localhost", "corp", "internal",
		NULL};
	size_t i;

	/* "mailbox.If": a new sentence, not Iceland's neighbour. */
	if (label.n == 2)
		return text_is_alpha(label.p[0]) && text_is_alpha(label.p[1]) &&
		       !(text_lower(label.p[0]) != label.p[0] &&
			 text_lower(label.p[1]) == label.p[1]);
	for (i = 0; known[i] != NULL; i++)
		if (span_eq_ci(label, span_of(known[i])))
			return true;
	return false;
}

/* Counts the labels of a dotted name; 0 where it is none. */
static size_t labels_of(struct span s, struct span *last_r, bool *digits_r)
{
	size_t i, start = 0, count = 0;

	*digits_r = true;
	for (i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '.') {
			if (!text_is_alnum(s.p[i]) && s.p[i] != '-' &&
			    s.p[i] != '_')
				return 0;
			*digits_r = *digits_r && text_is_digit(s.p[i]);
			continue;
		}
		if (i == start)
			return 0;
		*last_r = span_make(s.p + start, i - start);
		start = i + 1;
		count++;
	}
	return count;
}

bool fold_is_host(struct span s, const struct fact *fact)
{
	struct span last;
	bool digits;
	size_t count = labels_of(s, &last, &digits);

	if (count < 2)
		return false;
	if (digits)
		return count == 4;
	return is_top_level(last) || span_eq_ci(s, speaker_host(fact)) ||
	       span_eq_ci(s, span_of(fact->reporting_mta)) ||
	       span_eq_ci(s, address_domain(span_of(fact->address)));
}

size_t fold_ipv6_end(struct span t, size_t at)
{
	size_t end = at, colons = 0;

	for (; end < t.n; end++) {
		char c = text_lower(t.p[end]);

		if (c == ':')
			colons++;
		else if (!text_is_digit(c) && (c < 'a' || c > 'f') && c != '.')
			break;
	}
	return colons >= 2 && end - at >= 4 &&
			       (end == t.n || !text_is_alnum(t.p[end]))
		       ? end
		       : at;
}

bool fold_is_status(struct span t)
{
	struct status s;

	while (t.n > 0 && strchr("#(<[{\"'", t.p[0]) != NULL)
		t = span_from(t, 1);
	while (t.n > 0 && strchr(">)]}\"'.,;:-", t.p[t.n - 1]) != NULL)
		t.n--;
	return status_parse(t, &s) == 0;
}

size_t fold_code_length(struct span t, int reply, bool first)
{
	int code;

	if (t.n < 3 || num_int(t.p, 3, 599, &code) != 0 || code < 200 ||
	    code / 100 == 3)
		return 0;
	if (t.n > 3 && t.p[3] == '-')
		return 4;
	if (t.n == 4 && t.p[3] != ':')
		return 0;
	return t.n <= 4 && (first || code == reply) ? t.n : 0;
}
