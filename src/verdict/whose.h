#ifndef VERDICT_WHOSE_H
#define VERDICT_WHOSE_H

#include "verdict/rule.h"

/* Whether a reply that calls an address dead can mean the recipient's. */
bool whose_is_recipient(const struct evidence *e);

#endif
