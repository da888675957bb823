#ifndef VERDICT_CLAIM_WORDS_H
#define VERDICT_CLAIM_WORDS_H

#include "util/text.h"

/*
 * What words can do in a sentence about a recipient; one word may do several
 * things, in several languages. claim_words.txt says which are which.
 */
enum claim_kind {
	CLAIM_NOUN = 1 << 0,   /* the mailbox, its owner, its address */
	CLAIM_THE = 1 << 1,    /* articles: what stands before is outside */
	CLAIM_LIGHT = 1 << 2,  /* adds nothing */
	CLAIM_IS = 1 << 3,     /* "is", "wurde" */
	CLAIM_REL = 1 << 4,    /* "... you are trying to reach" */
	CLAIM_PREP = 1 << 5,   /* prepositions */
	CLAIM_PLACE = 1 << 6,  /* "server", "directory" */
	CLAIM_NOT = 1 << 7,    /* "not", "never" */
	CLAIM_NO = 1 << 8,     /* "no", "nobody" */
	CLAIM_BEHIND = 1 << 9, /* "existiert nicht" */
	CLAIM_LIVE = 1 << 10,  /* of what is there: "exist", "found" */
	CLAIM_HAVE = 1 << 11,  /* with an object: "find", "have" */
	CLAIM_USED = 1 << 12,  /* of what is in use: "active" */
	CLAIM_GONE = 1 << 13,  /* "unknown", "deleted" */
	CLAIM_SHUT = 1 << 14,  /* "closed", "suspended" */
	CLAIM_STAFF = 1 << 15, /* "no longer works here", "left the company" */
	CLAIM_ALSO = 1 << 16, /* a noun beside one: "user name", "local part" */
	CLAIM_WHY = 1 << 17,  /* "closed for inactivity" */
	CLAIM_OR = 1 << 18,
	CLAIM_STOP = 1 << 19, /* a new sentence: "because" */
	CLAIM_SHY = 1 << 20,  /* the sentence is unsure, or of other things */
	CLAIM_BAD = 1 << 21,  /* the whole reply is */
	CLAIM_YOU = 1 << 22,
	CLAIM_FAIL = 1 << 23, /* "unable to find" */
	CLAIM_OF = 1 << 24,   /* prepositions of what is a part of it */
	CLAIM_TO = 1 << 25,   /* and of whom it went to */
	CLAIM_DOES = 1 << 26, /* "no longer accepts mail" */
	CLAIM_YOUR = 1 << 27,
};

struct claim_word {
	const char *word; /* as fold_text leaves it; "inactiv*" for all forms */
	unsigned kinds;
};

extern const struct claim_word claim_table[];
extern const size_t claim_table_count;

/* Bits of enum claim_kind, 0 where the word is not known. */
unsigned claim_word_kinds(struct span word);

#endif
