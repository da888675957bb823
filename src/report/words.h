#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdbool.h>

#include "util/text.h"

/* Lists of words end in NULL; ASCII letters match in either case. */
bool words_contain_any(struct span s, const char *const *words);
bool words_start_any(struct span s, const char *const *words);

/* The one that s ends in, or NULL. */
const char *words_end_any(struct span s, const char *const *words);

#endif
