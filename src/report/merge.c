/*
 * Some relays list a recipient twice, once for each copy in their queue. Said
 * twice in the same words it still happened once.
 */
#include "report/merge.h"

#include <stdlib.h>
#include <string.h>

/* By members: the padding between them holds anything. */
static int compare_status(const struct status *a, const struct status *b)
{
	if (a->class_ != b->class_)
		return a->class_ - b->class_;
	if (a->subject != b->subject)
		return a->subject - b->subject;
	return a->detail - b->detail;
}

static int compare(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	const struct fact *f = *x, *g = *y;
	int c = strcmp(f->address, g->address);

	if (c == 0)
		c = strcmp(f->final, g->final);
	if (c == 0)
		c = strcmp(f->diagnostic, g->diagnostic);
	if (c == 0)
		c = strcmp(f->remote, g->remote);
	if (c == 0)
		c = compare_status(&f->status, &g->status);
	if (c == 0)
		c = (int)f->action - (int)g->action;
	return c;
}

/* The order of the report decides between equals, so that it is stable. */
static int compare_stable(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int c = compare(a, b);

	return c != 0 ? c : (*x > *y) - (*x < *y);
}

void merge_facts(struct report *r)
{
	const struct fact **sorted;
	bool *twice;
	size_t kept = 0;

	if (r->fact_count < 2)
		return;
	sorted = arena_array(&r->arena, r->fact_count, sizeof(*sorted));
	twice = arena_array(&r->arena, r->fact_count, sizeof(*twice));
	for (size_t i = 0; i < r->fact_count; i++)
		sorted[i] = &r->facts[i];
	qsort(sorted, r->fact_count, sizeof(*sorted), compare_stable);
	for (size_t i = 1; i < r->fact_count; i++)
		twice[sorted[i] - r->facts] =
			compare(&sorted[i - 1], &sorted[i]) == 0;
	for (size_t i = 0; i < r->fact_count; i++) {
		if (!twice[i])
			r->facts[kept++] = r->facts[i];
	}
	r->fact_count = kept;
}
