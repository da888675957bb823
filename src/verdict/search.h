#ifndef VERDICT_SEARCH_H
#define VERDICT_SEARCH_H

#include "verdict/rule.h"

/* The rule that decides, and the words or codes by which it does. */
struct found {
	const struct rule *rule;
	char words[JUDGEMENT_WORDS_BYTES];
};

/*
 * Finds the rule that decides a failure and those that would without it, best
 * first: at most max of them (at least 1), into list. The caller sets e->fact;
 * e->code is set here, the rest of *e is not used. Returns how many; 0 where
 * no rule holds. With max 1 nothing is looked for once one is found.
 */
size_t search_rules(const struct rules *rules, struct evidence *e,
		    struct found *list, size_t max);

#endif
