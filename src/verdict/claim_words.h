#ifndef VERDICT_CLAIM_WORDS_H
#define VERDICT_CLAIM_WORDS_H

#include <stdint.h>

#include "util/text.h"

/*
 * What words can do in a sentence about a recipient; one word may do several
 * things, in several languages. claim_words.txt says which are which.
 */
#define CLAIM_KIND(n) (UINT64_C(1) << (n))
#define CLAIM_NOUN CLAIM_KIND(0)   /* the mailbox, its owner, its address */
#define CLAIM_THE CLAIM_KIND(1)	   /* articles: what stands before is outside */
#define CLAIM_LIGHT CLAIM_KIND(2)  /* adds nothing */
#define CLAIM_IS CLAIM_KIND(3)	   /* "is", "wurde" */
#define CLAIM_REL CLAIM_KIND(4)	   /* "... you are trying to reach" */
#define CLAIM_PREP CLAIM_KIND(5)   /* prepositions */
#define CLAIM_PLACE CLAIM_KIND(6)  /* "server", "directory" */
#define CLAIM_NOT CLAIM_KIND(7)	   /* "not", "never" */
#define CLAIM_NO CLAIM_KIND(8)	   /* "no", "nobody" */
#define CLAIM_BEHIND CLAIM_KIND(9) /* "existiert nicht" */
#define CLAIM_LIVE CLAIM_KIND(10)  /* of what is there: "exist", "found" */
#define CLAIM_HAVE CLAIM_KIND(11)  /* with an object: "find", "have" */
#define CLAIM_USED CLAIM_KIND(12)  /* of what is in use: "active" */
#define CLAIM_GONE CLAIM_KIND(13)  /* "unknown", "deleted" */
#define CLAIM_SHUT CLAIM_KIND(14)  /* "closed", "suspended" */
#define CLAIM_STAFF CLAIM_KIND(15) /* "no longer works here", "left us" */
#define CLAIM_ALSO CLAIM_KIND(16)  /* a noun beside one: "user name" */
#define CLAIM_WHY CLAIM_KIND(17)   /* "closed for inactivity" */
#define CLAIM_OR CLAIM_KIND(18)
#define CLAIM_STOP CLAIM_KIND(19) /* a new sentence: "because" */
#define CLAIM_SHY CLAIM_KIND(20)  /* it is unsure, or of other things */
#define CLAIM_BAD CLAIM_KIND(21)  /* the whole reply is */
#define CLAIM_YOU CLAIM_KIND(22)
#define CLAIM_FAIL CLAIM_KIND(23) /* "unable to find" */
#define CLAIM_OF CLAIM_KIND(24)	  /* prepositions of what is a part of it */
#define CLAIM_TO CLAIM_KIND(25)	  /* and of whom it went to */
#define CLAIM_DOES CLAIM_KIND(26) /* "no longer accepts mail" */
#define CLAIM_YOUR CLAIM_KIND(27)
#define CLAIM_SUCH CLAIM_KIND(28) /* "no such mailbox" */
/* The rest is asked of full mailboxes alone. */
#define CLAIM_BOX CLAIM_KIND(29)   /* what may be full: "mailbox", "folder" */
#define CLAIM_QUOTA CLAIM_KIND(30) /* what may be exceeded: "quota" */
#define CLAIM_SPACE CLAIM_KIND(31) /* so, and left: "space", "storage" */
#define CLAIM_LIMIT CLAIM_KIND(32) /* of many things: "limit" */
#define CLAIM_FULL CLAIM_KIND(33)
#define CLAIM_OVER CLAIM_KIND(34) /* "exceeded", "reached" */
#define CLAIM_LACK CLAIM_KIND(35) /* "insufficient", "out of" */
#define CLAIM_MUCH CLAIM_KIND(36) /* "not enough", "no free" */
#define CLAIM_SEND CLAIM_KIND(37) /* of what we send, and how much */
#define CLAIM_DISK CLAIM_KIND(38) /* of the host's own */
#define CLAIM_OF_ROOM (CLAIM_KIND(39) - CLAIM_BOX)

struct claim_word {
	const char *word; /* as fold_text leaves it; "inactiv*" for all forms */
	uint64_t kinds;
};

extern const struct claim_word claim_table[];
extern const size_t claim_table_count;

/* Its kinds, 0 where the word is not known. */
uint64_t claim_word_kinds(struct span word);

#endif
