#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdbool.h>

#include "util/grams.h"
#include "util/text.h"

/* ASCII letters match in either case. */
bool words_contain_any(struct span s, struct phrases *words);

/* Lists that end in NULL. */
bool words_start_any(struct span s, const char *const *words);

/* The one that s ends in, or NULL. */
const char *words_end_any(struct span s, const char *const *words);

#endif
