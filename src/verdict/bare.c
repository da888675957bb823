#include "verdict/bare.h"

/* Hosts put these around a bare phrase, and mean nothing by them. */
static const char *const idle[] = {
	"action", "actions", "as",     "at",	    "error", "giving",
	"here",	  "host",    "in",     "mail",	    "not",   "on",
	"our",	  "please",  "server", "requested", "sorry", "service",
	"system", "taken",   "the",    "this",	    "up"};

static bool is_idle(struct span word)
{
	size_t i;

	for (i = 0; i < sizeof(idle) / sizeof(idle[0]); i++)
		if (span_eq(word, span_of(idle[i])))
			return true;
	return false;
}

static bool is_silent(struct span text)
{
	size_t at, end;

	for (at = 0; at < text.n; at = end) {
		for (end = at; end < text.n && text_is_letter(text.p[end]);
		     end++)
			continue;
		if (end - at > 1 && !is_idle(span_make(text.p + at, end - at)))
			return false;
		end += end == at;
	}
	return true;
}

bool bare_says_nothing(struct span before, struct span behind)
{
	return is_silent(behind) && is_silent(before);
}
