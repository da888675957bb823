/* The ids on a command line: one that is named twice is decided once. */
#include "ctl/ids.h"

#include <stdlib.h>

static int order(const void *va, const void *vb)
{
	int64_t a = *(const int64_t *)va;
	int64_t b = *(const int64_t *)vb;

	return (a > b) - (a < b);
}

size_t ids_settle(int64_t *ids, size_t n)
{
	size_t kept = 0;

	if (n > 1)
		qsort(ids, n, sizeof(*ids), order);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || ids[i] != ids[kept - 1])
			ids[kept++] = ids[i];
	return kept;
}
