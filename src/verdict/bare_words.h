#ifndef VERDICT_BARE_WORDS_H
#define VERDICT_BARE_WORDS_H

#include "util/text.h"

/* What a word adds to a sentence that says what is wrong with a recipient. */
enum bare_word {
	BARE_OTHER,	/* not known here: it may mean anything */
	BARE_FILLER,	/* nothing; hosts put it around a bare phrase */
	BARE_AT,	/* nothing, too: "on", "at", "in" */
	BARE_MATTER,	/* so, but what is said then may be said of the mail */
	BARE_PLACE,	/* nothing, but it has accounts of its own: "host" */
	BARE_RECIPIENT, /* the user, their account, the mailbox, the address */
	BARE_WORD,	/* articles, attributes, auxiliary verbs */
	BARE_BETWEEN,	/* prepositions */
	BARE_WITHIN,	/* those of a place: "auf", "sur" */
	BARE_RELATIVE,	/* "the person you are trying to reach" */
	BARE_REFUSAL,	/* "delivery failed: ..." */
	BARE_WHERE,	/* a place where recipients are kept: "directory" */
	BARE_POLITE,	/* "we regret to inform you" */
	BARE_AGENT,	/* who closes mailboxes: "by the administrator" */
	BARE_ADVICE,	/* "; please check the spelling", "(ticket 1)" */
};

/* Of a word as fold_text leaves it. */
enum bare_word bare_word(struct span word);

#endif
