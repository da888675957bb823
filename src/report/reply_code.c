#include "report/reply.h"

#include "report/reply_scan.h"

/*
 * Telling reply codes from all the other numbers in a bounce: ports, dates,
 * versions, addresses, limits. Looks a bounded way back and ahead only, so
 * that a caller who tries every byte stays linear.
 */

#define LOOK_BYTES 24
#define SUBMISSION_PORT 587

static char char_at(struct span text, size_t at)
{
	return at < text.n ? text.p[at] : '\0';
}

static bool is_one_of(char c, const char *set)
{
	for (; *set != '\0'; set++)
		if (c == *set)
			return true;
	return false;
}

/* The word that ends before `at`, white space skipped. */
static struct span word_before(struct span text, size_t at)
{
	size_t end = at, start;

	while (end > 0 && at - end < LOOK_BYTES &&
	       text_is_space(text.p[end - 1]))
		end--;
	start = end;
	while (start > 0 && end - start < LOOK_BYTES &&
	       (text_is_alpha(text.p[start - 1]) || text.p[start - 1] == '_'))
		start--;
	return span_make(text.p + start, end - start);
}

static bool word_is_one_of(struct span word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (span_eq_ci(word, span_of(*list)))
			return true;
	return false;
}

/* 1 to 3 digits without a leading zero; returns how many, or 0. */
static size_t number_at(struct span text, size_t at, unsigned *out_r)
{
	size_t n = 0;
	unsigned value = 0;

	while (n < 4 && text_is_digit(char_at(text, at + n))) {
		value = value * 10 + (unsigned)(text.p[at + n] - '0');
		n++;
	}
	if (n == 0 || n > 3 || (n > 1 && text.p[at] == '0'))
		return 0;
	*out_r = value;
	return n;
}

/* "550-5.1.1": the hyphen joins only to a basic code. */
static bool hyphen_is_reply(struct span text, size_t at)
{
	return at >= 4 && text_is_digit(text.p[at - 2]) &&
	       text_is_digit(text.p[at - 3]) && text_is_digit(text.p[at - 4]) &&
	       (at == 4 || !text_is_alnum(text.p[at - 5]));
}

static bool enhanced_may_begin(struct span text, size_t at)
{
	static const char *const not_before[] = {
		"version", "release", "section", "rfc", "chapter", NULL};
	char before;

	if (at == 0)
		return true;
	before = text.p[at - 1];
	if (before == '-')
		return hyphen_is_reply(text, at);
	if (text_is_alnum(before) || is_one_of(before, "._/@+\\%") ||
	    (before & 0x80) != 0)
		return false;
	return !word_is_one_of(word_before(text, at), not_before);
}

static bool enhanced_may_end(struct span text, size_t end)
{
	char c = char_at(text, end), next = char_at(text, end + 1);

	if (text_is_alnum(c) || is_one_of(c, "_@%/"))
		return false;
	if (c == '.' || c == '-')
		return !text_is_digit(next);
	return true;
}

size_t reply_enhanced_at(struct span text, size_t at, struct status *status_r)
{
	unsigned subject, detail;
	size_t n, m;
	char class_ = char_at(text, at);

	if ((class_ != '2' && class_ != '4' && class_ != '5') ||
	    char_at(text, at + 1) != '.' || !enhanced_may_begin(text, at))
		return 0;
	n = number_at(text, at + 2, &subject);
	if (n == 0 || subject > 7 || char_at(text, at + 2 + n) != '.')
		return 0;
	m = number_at(text, at + 3 + n, &detail);
	if (m == 0 || !enhanced_may_end(text, at + 3 + n + m))
		return 0;
	status_r->class_ = (uint8_t)(class_ - '0');
	status_r->subject = (uint16_t)subject;
	status_r->detail = (uint16_t)detail;
	return 3 + n + m;
}

/* Offset of an enhanced code just behind a basic one, or SPAN_NONE. */
static size_t enhanced_behind(struct span text, size_t end)
{
	struct status unused;
	size_t i;

	for (i = end; i < end + 4; i++) {
		if (i > end && reply_enhanced_at(text, i, &unused) > 0)
			return i;
		if (!is_one_of(char_at(text, i), " \t\r\n-:'\"#(<[,;"))
			break;
	}
	return SPAN_NONE;
}

/* "500 seconds", "limit 450 messages": an amount, no reply. */
static bool is_amount(struct span text, size_t end)
{
	static const char *const units[] = {
		"second",   "seconds",	  "sec",    "secs",
		"minute",   "minutes",	  "min",    "mins",
		"hour",	    "hours",	  "day",    "days",
		"messages", "mails",	  "emails", "recipients",
		"kb",	    "mb",	  "gb",	    "kbytes",
		"bytes",    "byte",	  "octets", "connections",
		"attempts", "times",	  "per",    "users",
		"hops",	    "characters", "for",    NULL};
	size_t start = end, stop;

	while (start - end < LOOK_BYTES && text_is_space(char_at(text, start)))
		start++;
	if (start >= text.n)
		return false;
	stop = start;
	while (stop - start < LOOK_BYTES && text_is_alpha(char_at(text, stop)))
		stop++;
	return word_is_one_of(span_make(text.p + start, stop - start), units);
}

/*
 * "554 Messages from you are refused": what a host is said to have answered
 * begins with its code, whatever comes behind it.
 */
static bool is_answer(struct span text, size_t at, enum reply_weight weight)
{
	static const char *const says[] = {
		"said", "replied", "responded", "response", "smtp", "me", NULL};
	size_t i = at;

	while (i > 0 && at - i < LOOK_BYTES && text_is_space(text.p[i - 1]))
		i--;
	if (i == 0 || weight == REPLY_TRANSCRIPT)
		return true;
	if (!is_one_of(text.p[i - 1], ":;"))
		return false;
	return (i > 1 && text.p[i - 2] == ']') ||
	       word_is_one_of(word_before(text, i - 1), says);
}

static bool basic_may_end(struct span text, size_t end, bool sure)
{
	char c = char_at(text, end), next = char_at(text, end + 1);

	if (end >= text.n || text_is_space(c))
		return true;
	if (c == '-')
		return sure || !text_is_digit(next);
	if (c == '.' || c == ':' || c == ',')
		return !text_is_digit(next);
	return is_one_of(c, ";)'\">]#(<=*|");
}

/* How the bytes before `at` introduce the number that begins there. */
static enum reply_weight weight_before(struct span text, size_t at)
{
	static const char *const lead_in[] = {
		"said",	      "error",	 "reply",    "replied", "response",
		"responded",  "with",	 "code",     "was",	"returned",
		"return",     "reason",	 "status",   "smtp",	"esmtp",
		"server",     "message", "gave",     "remote",	"answer",
		"error_code", "got",	 "received", NULL};
	size_t i = at;
	char before;

	while (i > 0 && at - i < LOOK_BYTES && is_one_of(text.p[i - 1], " \t"))
		i--;
	if (i == 0 || text.p[i - 1] == '\n' || text.p[i - 1] == '\r')
		return REPLY_STRONG;
	before = text.p[i - 1];
	if (i >= 3 && before == '<' && text.p[i - 2] == '<' &&
	    text.p[i - 3] == '<')
		return REPLY_TRANSCRIPT;
	if (is_one_of(before, "'\"<([;>|#*=:"))
		return REPLY_STRONG;
	if (i == at)
		return REPLY_NONE;
	if (before == '-' || word_is_one_of(word_before(text, at), lead_in))
		return REPLY_STRONG;
	return REPLY_WEAK;
}

/* "[550]": nothing but the number stands between the brackets. */
static bool is_alone_in_brackets(struct span text, size_t at)
{
	char before = at > 0 ? text.p[at - 1] : '\0';
	char behind = char_at(text, at + 3);

	return (before == '[' && behind == ']') ||
	       (before == '(' && behind == ')');
}

/* Codes that RFC 5321 and its extensions know, and room for the sloppy. */
static bool is_code(unsigned code)
{
	unsigned tens = code / 10 % 10;

	if (code < 400)
		return code >= 200 && tens <= 5;
	return code < 600 && (tens <= 5 || tens == 7 ||
			      (code >= 585 && code != SUBMISSION_PORT));
}

bool reply_mark_at(struct span text, size_t at, struct reply_mark *mark_r)
{
	size_t behind, end = at + 3;
	unsigned code;

	if (number_at(text, at, &code) != 3 || !is_code(code) ||
	    (at > 0 && text_is_alnum(text.p[at - 1])))
		return false;
	mark_r->weight = weight_before(text, at);
	mark_r->status = (struct status){0};
	mark_r->at = at;
	mark_r->end = end;
	mark_r->code = (int)code;
	mark_r->more = char_at(text, end) == '-';
	if (mark_r->weight == REPLY_NONE)
		return false;
	behind = enhanced_behind(text, end);
	if (behind != SPAN_NONE) {
		mark_r->end = behind +
			      reply_enhanced_at(text, behind, &mark_r->status);
		if (mark_r->weight == REPLY_WEAK)
			mark_r->weight = REPLY_STRONG;
		return true;
	}
	if (is_alone_in_brackets(text, at))
		mark_r->weight = REPLY_WEAK;
	return basic_may_end(text, end, mark_r->weight > REPLY_WEAK) &&
	       (!is_amount(text, end) || is_answer(text, at, mark_r->weight));
}
