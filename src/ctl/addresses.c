#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/addresses.h"
#include "store/store.h"
#include "util/csv.h"
#include "util/xalloc.h"

static int add(struct addresses *a, struct span raw, struct error *err)
{
	struct named_address *named;

	if (a->n == a->cap) {
		a->cap = a->cap > 0 ? a->cap * 2 : 16;
		a->list = xreallocarray(a->list, a->cap, sizeof(*a->list));
	}
	named = &a->list[a->n];
	named->at = a->n;
	named->raw = arena_memdupz(&a->arena, raw.p, raw.n);
	if (store_address_fold(raw, &a->arena, &named->folded, err) != 0)
		return -1;
	a->n++;
	return 0;
}

static int add_lines(struct addresses *a, struct error *err)
{
	struct csv lines;
	int rc;

	csv_init(&lines, STDIN_FILENO, '\0');
	while ((rc = csv_next(&lines, err)) == 1) {
		struct span line = span_trim(lines.raw);

		if (line.n > 0 && add(a, line, err) != 0) {
			rc = error_wrap(err, "standard input, line %zu",
					lines.line);
			break;
		}
	}
	csv_release(&lines);
	return rc;
}

static int by_place(const void *a, const void *b)
{
	const struct named_address *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static int by_address(const void *a, const void *b)
{
	const struct named_address *x = a, *y = b;
	int order = strcmp(x->folded, y->folded);

	return order != 0 ? order : by_place(a, b);
}

static void name_once(struct addresses *a)
{
	size_t left = 0;

	if (a->n == 0)
		return;
	qsort(a->list, a->n, sizeof(*a->list), by_address);
	for (size_t i = 0; i < a->n; i++)
		if (left == 0 ||
		    strcmp(a->list[i].folded, a->list[left - 1].folded) != 0)
			a->list[left++] = a->list[i];
	a->n = left;
	qsort(a->list, a->n, sizeof(*a->list), by_place);
}

int addresses_read(struct addresses *a, char *const *words, size_t n,
		   struct error *err)
{
	int rc = 0;

	memset(a, 0, sizeof(*a));
	arena_init(&a->arena);
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = strcmp(words[i], "-") == 0
			     ? add_lines(a, err)
			     : add(a, span_of(words[i]), err);
	if (rc == 0)
		name_once(a);
	else
		addresses_release(a);
	return rc;
}

void addresses_release(struct addresses *a)
{
	arena_release(&a->arena);
	free(a->list);
}
