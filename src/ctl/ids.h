#ifndef CTL_IDS_H
#define CTL_IDS_H

#include <stddef.h>
#include <stdint.h>

#include "util/error.h"

/*
 * Ids that a person names are a set: sorts the n of them, each once, and
 * returns how many they are then.
 */
size_t ids_settle(int64_t *ids, size_t n);

struct ids {
	int64_t *list; /* settled */
	size_t n, cap;
};
/*
 * The n words; "-" stands for the first word of each line of standard input,
 * of which blank ones count for nothing. 0, to be released; or -1 with err.
 */
int ids_read(struct ids *ids, char *const *words, size_t n, struct error *err);
void ids_release(struct ids *ids);

#endif
