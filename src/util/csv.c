/*
 * CSV, as spreadsheets and providers write it, and as they may safely read it:
 * a cell that begins like a formula is one to them.
 */
#include "util/csv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/xalloc.h"

#define CHUNK_BYTES 65536

void csv_init(struct csv *c, int fd, char separator)
{
	memset(c, 0, sizeof(*c));
	c->fd = fd;
	c->separator = separator;
	buf_init(&c->in);
	buf_init(&c->cells);
}

void csv_release(struct csv *c)
{
	buf_release(&c->in);
	buf_release(&c->cells);
	free(c->list);
}

int csv_check_encoding(struct span start, struct error *err)
{
	if (start.n < 2 || (memcmp(start.p, "\xff\xfe", 2) != 0 &&
			    memcmp(start.p, "\xfe\xff", 2) != 0))
		return 0;
	return error_set(err, ERROR_MESSAGE,
			 "this is UTF-16; iconv -f UTF-16 -t UTF-8 makes it "
			 "UTF-8, which is read");
}

static int more(struct csv *c, struct error *err)
{
	ssize_t n;

	/* What was handed out goes before more comes in. */
	if (c->at > 0) {
		memmove(c->in.data, c->in.data + c->at, c->in.len - c->at);
		buf_truncate(&c->in, c->in.len - c->at);
		c->at = 0;
	}
	if (c->in.len > CSV_MAX_RECORD)
		return error_set(err, ERROR_MESSAGE,
				 "line %zu: longer than %zu bytes",
				 c->lines + 1, CSV_MAX_RECORD);
	buf_reserve(&c->in, CHUNK_BYTES);
	do {
		n = read(c->fd, c->in.data + c->in.len, CHUNK_BYTES);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_errno(err, ERROR_FATAL, "cannot read");
	c->ended = n == 0;
	c->in.len += (size_t)n;
	c->in.data[c->in.len] = '\0';
	return c->lines > 0 ? 0
			    : csv_check_encoding(
				      span_make(c->in.data, c->in.len), err);
}

/*
 * The length of the first record with its line end; 0 where its end has not
 * been read yet. A quote opens where a cell begins and closes before a
 * separator or a line end; "" inside stands for one.
 */
static size_t record_length(const struct csv *c, struct span s)
{
	bool quoted = false, opens = true;

	for (size_t i = 0; i < s.n; i++) {
		bool quote = s.p[i] == '"' && c->separator != '\0';

		/* The second of "" opens again what the first closed. */
		if (quoted) {
			quoted = !quote;
			opens = quote;
			continue;
		}
		if (s.p[i] == '\n')
			return i + 1;
		quoted = quote && opens;
		opens = s.p[i] == c->separator;
	}
	return c->ended ? s.n : 0;
}

static void add_cell(struct csv *c, size_t start)
{
	if (c->count == c->cap) {
		c->cap = c->cap == 0 ? 16 : 2 * c->cap;
		c->list = xreallocarray(c->list, c->cap, sizeof(*c->list));
	}
	/* Offsets for now: the buffer may still move. */
	c->list[c->count].p = NULL;
	c->list[c->count++].n = start;
}

/* One cell off the front of *rest, separator included; false at the last. */
static bool take_cell(struct csv *c, struct span *rest)
{
	bool quoted = rest->n > 0 && rest->p[0] == '"' && c->separator != '\0';
	size_t i = quoted ? 1 : 0;

	add_cell(c, c->cells.len);
	for (; i < rest->n; i++) {
		char ch = rest->p[i];

		if (quoted && ch == '"') {
			quoted = i + 1 < rest->n && rest->p[i + 1] == '"';
			if (!quoted)
				continue;
			i++;
		} else if (!quoted && ch == c->separator &&
			   c->separator != '\0') {
			*rest = span_from(*rest, i + 1);
			return true;
		}
		buf_add_char(&c->cells, ch);
	}
	*rest = span_from(*rest, i);
	return false;
}

static void split(struct csv *c)
{
	struct span rest = c->raw;

	c->count = 0;
	buf_reset(&c->cells);
	while (take_cell(c, &rest))
		;
	for (size_t i = 0; i < c->count; i++) {
		size_t start = c->list[i].n;
		size_t end = i + 1 < c->count ? c->list[i + 1].n : c->cells.len;

		c->list[i] = span_make(c->cells.data + start, end - start);
	}
}

static size_t count_lines(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n > 0 && s.p[s.n - 1] == '\n' ? n : n + 1;
}

static void skip_mark(struct csv *c)
{
	struct span in = span_make(c->in.data, c->in.len);

	if (c->lines == 0 && c->at == 0)
		c->at = in.n - span_skip_mark(in).n;
}

int csv_next(struct csv *c, struct error *err)
{
	struct span s;
	size_t n = 0;

	for (;;) {
		skip_mark(c);
		s = span_from(span_make(c->in.data, c->in.len), c->at);
		if (s.n > 0)
			n = record_length(c, s);
		if (n > 0)
			break;
		if (c->ended)
			return 0;
		if (more(c, err) != 0)
			return -1;
	}
	c->raw = span_cut(s, n);
	c->line = c->lines + 1;
	c->lines += count_lines(c->raw);
	c->at += n;
	if (c->raw.n > 0 && c->raw.p[c->raw.n - 1] == '\n')
		c->raw.n--;
	if (c->raw.n > 0 && c->raw.p[c->raw.n - 1] == '\r')
		c->raw.n--;
	split(c);
	return 1;
}

char csv_guess(struct csv *c, int *rc_r, struct error *err)
{
	static const char separators[] = {',', ';', '\t'};
	struct span first;

	*rc_r = 0;
	while (!c->ended && memchr(c->in.data, '\n', c->in.len) == NULL &&
	       c->in.len <= CSV_MAX_RECORD)
		if ((*rc_r = more(c, err)) != 0)
			return '\0';
	first = span_make(c->in.data, c->in.len);
	first = span_cut(first, span_find_char(first, '\n'));
	for (size_t i = 0; i < sizeof(separators); i++)
		if (span_find_char(first, separators[i]) != SPAN_NONE)
			return separators[i];
	/* One column, in quotes. */
	first = span_trim(span_skip_mark(first));
	return first.n > 1 && first.p[0] == '"' && first.p[first.n - 1] == '"'
		       ? ','
		       : '\0';
}

static bool starts_formula(struct span s)
{
	return s.n > 0 && strchr("=+-@\t\r", s.p[0]) != NULL && s.p[0] != '\0';
}

/* What was escaped, and what looks as if it had been, is escaped. */
static bool needs_escape(struct span s)
{
	while (s.n > 0 && s.p[0] == '\'')
		s = span_from(s, 1);
	return starts_formula(s);
}

void csv_add(struct buf *out, bool first, struct span cell)
{
	bool quoted = false;

	if (!first)
		buf_add_char(out, ',');
	for (size_t i = 0; i < cell.n && !quoted; i++)
		quoted = strchr(",;\"\r\n", cell.p[i]) != NULL &&
			 cell.p[i] != '\0';
	if (quoted)
		buf_add_char(out, '"');
	if (needs_escape(cell))
		buf_add_char(out, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, cell.p[i]);
	}
	if (quoted)
		buf_add_char(out, '"');
}

struct span csv_plain(struct span cell)
{
	return cell.n > 0 && cell.p[0] == '\'' && needs_escape(cell)
		       ? span_from(cell, 1)
		       : cell;
}
