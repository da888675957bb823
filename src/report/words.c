/* Lists of words that say what kind of mail something is. */
#include "report/words.h"

#include <stddef.h>

bool words_contain_any(struct span s, struct phrases *words)
{
	UNCLEARED struct grams grams;
	const char *word;
	size_t nth = 0;

	if (s.n == 0)
		return false;
	grams_read(&grams, s);
	while ((word = phrases_next(words, &grams, &nth)) != NULL)
		if (span_find_ci(s, span_of(word)) != SPAN_NONE)
			return true;
	return false;
}

bool words_start_any(struct span s, const char *const *words)
{
	char first;

	s = span_trim(s);
	if (s.n == 0)
		return false;
	first = text_lower(s.p[0]);
	for (; *words; words++) {
		if (text_lower(**words) == first &&
		    span_starts_ci(s, span_of(*words)))
			return true;
	}
	return false;
}

const char *words_end_any(struct span s, const char *const *words)
{
	char last;

	if (s.n == 0)
		return NULL;
	last = text_lower(s.p[s.n - 1]);
	for (; *words; words++) {
		struct span word = span_of(*words);

		if (text_lower(word.p[word.n - 1]) == last &&
		    span_ends_ci(s, word))
			return *words;
	}
	return NULL;
}
