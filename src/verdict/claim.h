#ifndef VERDICT_CLAIM_H
#define VERDICT_CLAIM_H

#include "util/text.h"

/* What a reply claims of the recipient, in whatever words. */
enum claim {
	CLAIM_NONE,
	CLAIM_IS_GONE,	 /* there is none, or there is no more */
	CLAIM_IS_CLOSED, /* there is one, and it is not in use */
	CLAIM_IS_FULL,	 /* there is one, and it has no room */
};
#define CLAIM_COUNT 4
/* As rules write them; "" for none. */
extern const char *const claim_names[CLAIM_COUNT];

/*
 * Reads text, which is folded, sentence by sentence: one has to name the
 * recipient, their mailbox or address, and say it of them, not of something
 * beside them, and without a doubt; of a full one, which suppresses nobody, the
 * words need only be near each other. *words_r: the word that says it, part of
 * text.
 */
enum claim claim_read(struct span text, struct span *words_r);

#endif
