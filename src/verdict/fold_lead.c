#include "verdict/fold_lead.h"

size_t fold_lead(struct span text, const struct grams *grams)
{
	static const char *const advice[] = {"if you ",
					     "if this ",
					     "if the ",
					     "if it ",
					     "what you can",
					     "for more info",
					     "for further",
					     "for assistance",
					     "for help",
					     "possible reason",
					     "possible cause",
					     "please contact",
					     "you may ",
					     "you can ",
					     "it is possible",
					     "it may be",
					     "this may be",
					     "this could be",
					     "this might be",
					     "to learn more",
					     "to resolve this",
					     "to resolve the issue",
					     "to resolve the problem",
					     "please check",
					     "please see ",
					     "please refer",
					     NULL};
	PHRASES(advice);
	size_t nth = 0, at, lead = text.n;
	const char *words;

	while ((words = phrases_next(advice_phrases, grams, &nth)) != NULL) {
		at = span_find(span_cut(text, lead), span_of(words));
		if (at != SPAN_NONE && at > 0)
			lead = at;
	}
	return lead;
}
