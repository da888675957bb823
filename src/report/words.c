/* Lists of words that say what kind of mail something is. */
#include "report/words.h"

#include <stddef.h>

#include "util/grams.h"

bool words_contain_any(struct span s, const char *const *words)
{
	UNCLEARED struct grams grams;

	if (s.n == 0)
		return false;
	grams_read(&grams, s);
	for (; *words; words++) {
		if (grams_may_hold(&grams, *words) &&
		    span_find_ci(s, span_of(*words)) != SPAN_NONE)
			return true;
	}
	return false;
}

bool words_start_any(struct span s, const char *const *words)
{
	s = span_trim(s);
	for (; *words; words++) {
		if (span_starts_ci(s, span_of(*words)))
			return true;
	}
	return false;
}

const char *words_end_any(struct span s, const char *const *words)
{
	for (; *words; words++) {
		if (span_ends_ci(s, span_of(*words)))
			return *words;
	}
	return NULL;
}
