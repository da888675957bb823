#ifndef VERDICT_CLAIM_NOUNS_H
#define VERDICT_CLAIM_NOUNS_H

#include "verdict/claim_tokens.h"

/* Whether what a word says is said of the recipient. */

/* Whom it is said of, before it; NULL where nobody is named. */
const struct token *claim_subject(const struct token *said);
/* The noun that what was said reaches: "... [any such] mailbox"; or NULL. */
const struct token *claim_object(const struct token *said);
/* Not a part of a longer name: "mailbox server", "address ~". */
bool claim_noun_is_whole(const struct token *noun);
/* "Not found: @"; t is what follows. */
bool claim_is_titled(const struct token *said, const struct token *t);

#endif
