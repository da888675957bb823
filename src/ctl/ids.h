#ifndef CTL_IDS_H
#define CTL_IDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Ids that a person names are a set: sorts the n of them, each once, and
 * returns how many they are then.
 */
size_t ids_settle(int64_t *ids, size_t n);

#endif
