#ifndef VERDICT_SEARCH_H
#define VERDICT_SEARCH_H

#include "verdict/rule.h"

/* The rule that decides, and the words or codes by which it does. */
struct found {
	const struct rule *rule;
	char words[JUDGEMENT_WORDS_BYTES];
};

/*
 * Finds the rule that decides a failure. The caller sets e->fact; e->code is
 * set here, the rest of *e is not used. Returns false where no rule holds.
 */
bool search_rules(const struct rules *rules, struct evidence *e,
		  struct found *found_r);

#endif
