#ifndef VERDICT_FOLD_NAME_H
#define VERDICT_FOLD_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "report/report.h"

/*
 * What folding takes out of a text: a name or a number that is no word.
 */

/* A host name or an IPv4 address; those of the fact need no known suffix. */
bool fold_is_host(struct span s, const struct fact *fact);
/* Where an IPv6 address that begins at `at` ends; `at` if there is none. */
size_t fold_ipv6_end(struct span t, size_t at);
/* "5.1.1", "#5.1.1", "(5.7.606)", with what is written around it. */
bool fold_is_status(struct span t);
/*
 * The length of the reply code at the start of a word, "-" included, or 0:
 * any code in the first word, else that of this reply.
 */
size_t fold_code_length(struct span t, int reply, bool first);

#endif
