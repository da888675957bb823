/*
 * The ids on a command line or on standard input: one that is named twice is
 * decided once.
 */
#include "ctl/ids.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/csv.h"
#include "util/num.h"
#include "util/xalloc.h"

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

static int add(struct ids *ids, struct span word)
{
	int64_t id;

	if (num_i64(word.p, word.n, &id) != 0)
		return -1;
	if (ids->n == ids->cap) {
		ids->cap = ids->cap > 0 ? ids->cap * 2 : 16;
		ids->list =
			xreallocarray(ids->list, ids->cap, sizeof(*ids->list));
	}
	ids->list[ids->n++] = id;
	return 0;
}

static struct span first_word(struct span line)
{
	size_t end = 0;

	line = span_trim(line);
	while (end < line.n && !text_is_space(line.p[end]))
		end++;
	return span_make(line.p, end);
}

static int add_lines(struct ids *ids, struct error *err)
{
	struct csv lines;
	int rc;

	csv_init(&lines, STDIN_FILENO, '\0');
	while ((rc = csv_next(&lines, err)) == 1) {
		struct span word = first_word(lines.raw);

		if (word.n == 0 || add(ids, word) == 0)
			continue;
		rc = error_set(err, ERROR_MESSAGE,
			       "standard input, line %zu: it does not begin "
			       "with an id",
			       lines.line);
		break;
	}
	csv_release(&lines);
	return rc;
}

static int add_word(struct ids *ids, const char *word, struct error *err)
{
	if (strcmp(word, "-") == 0)
		return add_lines(ids, err);
	return add(ids, span_of(word)) == 0
		       ? 0
		       : error_set(err, ERROR_MESSAGE,
				   "%s: an id is a number, as it prints them",
				   word);
}

int ids_read(struct ids *ids, char *const *words, size_t n, struct error *err)
{
	*ids = (struct ids){0};
	for (size_t i = 0; i < n; i++) {
		if (add_word(ids, words[i], err) == 0)
			continue;
		ids_release(ids);
		return -1;
	}
	ids->n = ids_settle(ids->list, ids->n);
	return 0;
}

void ids_release(struct ids *ids)
{
	free(ids->list);
	*ids = (struct ids){0};
}
