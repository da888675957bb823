/* What is to be known from one step to the next, and past a crash. */
#include "store/note.h"

#include <string.h>

#include "store/internal.h"
#include "util/buf.h"
#include "util/num.h"

int note_get(struct store *s, const char *name, int64_t *numbers, size_t n,
	     struct error *err)
{
	struct span rest;
	struct buf text;
	int got;

	memset(numbers, 0, n * sizeof(*numbers));
	buf_init(&text);
	got = note_get_text(s, name, &text, err);
	rest = span_make(text.data, text.len);
	for (size_t i = 0; i < n && rest.n > 0; i++) {
		size_t end = span_find_char(rest, ' ');
		struct span word = span_cut(rest, end);

		if (num_i64(word.p, word.n, &numbers[i]))
			numbers[i] = 0;
		rest = span_from(rest, word.n + 1);
	}
	buf_release(&text);
	return got < 0 ? -1 : 0;
}

int note_put(struct store *s, const char *name, const int64_t *numbers,
	     size_t n, struct error *err)
{
	struct buf text;
	int rc;

	buf_init(&text);
	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "%s%lld", i ? " " : "", (long long)numbers[i]);
	rc = note_put_text(s, name, text.data, err);
	buf_release(&text);
	return rc;
}

int note_get_text(struct store *s, const char *name, struct buf *text,
		  struct error *err)
{
	struct query q;
	int got;

	query_start(&q, s, Q_SETTING_GET);
	query_text(&q, name);
	got = query_step(&q, err);
	if (got == 1) {
		buf_add_str(text, row_text(&q));
		query_end(&q);
	}
	return got;
}

int note_put_text(struct store *s, const char *name, const char *text,
		  struct error *err)
{
	struct query q;

	query_start(&q, s, Q_SETTING_PUT);
	query_text(&q, name);
	query_text(&q, text);
	return query_run(&q, err);
}
