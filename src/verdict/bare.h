#ifndef VERDICT_BARE_H
#define VERDICT_BARE_H

#include "util/text.h"

/*
 * What stands beside a phrase in a reply: nothing of its own, or no more than
 * whom the phrase is said of. All texts are folded.
 */

/* The phrase is the whole reply. */
bool bare_says_nothing(struct span before, struct span behind);

/*
 * The reply says it of the recipient, and says nothing else: "the user account
 * ... on this server", "... mailbox by that name", "@: ...". What names the
 * recipient stands before the phrase, in it, or right behind it.
 */
bool bare_names_recipient(struct span before, struct span phrase,
			  struct span behind);

#endif
