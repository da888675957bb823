#ifndef VERDICT_FOLD_LEAD_H
#define VERDICT_FOLD_LEAD_H

#include <stddef.h>

#include "util/grams.h"
#include "util/text.h"

/*
 * Where hosts begin to advise, and to list what it might have been, in a folded
 * text with its grams; text.n where they do not.
 */
size_t fold_lead(struct span text, const struct grams *grams);

#endif
