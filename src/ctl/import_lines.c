/*
 * Lists in lines: CSV with columns of many names, or an address a line; and
 * one row of any list, which is gathered or told as a mistake.
 */
#include "ctl/import.h"

#include <stdio.h>
#include <string.h>

#include "util/csv.h"
#include "util/num.h"

#define MAX_TOLD 20

/* A mistake in one row: told, and counted. */
static int bad_row(struct import *im, const char *where, const char *what)
{
	if (im->bad++ < MAX_TOLD)
		fprintf(stderr, "dsnctl: %s:%s: %s\n", im->path, where, what);
	return 0;
}

/* Our name for why an address does not want or take mail, or "". */
static const char *reason_name(const struct span fields[IMPORT_FIELD_COUNT])
{
	int reason = reason_find(fields[IMPORT_REASON]);

	if (import_is_complaint(fields))
		reason = REASON_COMPLAINT;
	if (reason < 0)
		return "";
	switch (reason_info((enum reason)reason)->class_) {
	case VERDICT_HARD:
	case VERDICT_SOFT:
	case VERDICT_COMPLAINT:
		return reason_info((enum reason)reason)->name;
	case VERDICT_BLOCK:
	case VERDICT_NONE:
		break;
	}
	return "";
}

/* What is told by reason is not told twice. */
static void make_note(struct import *im, const struct span *fields,
		      const char *reason)
{
	bool told = span_eq(fields[IMPORT_REASON], span_of(reason));
	const struct span parts[] = {span_of(im->note),
				     told ? SPAN("") : fields[IMPORT_REASON],
				     fields[IMPORT_NOTE]};

	buf_reset(&im->text);
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].n == 0)
			continue;
		if (im->text.len > 0)
			buf_add_str(&im->text, ": ");
		text_utf8(&im->text, text_cut_utf8(parts[i], 500));
	}
}

/* True where there is none, or one that can be read; else it is told. */
static bool read_time(struct import *im, const char *where, struct span s,
		      int64_t *time_r)
{
	*time_r = 0;
	if (s.n == 0 || num_when_s(s.p, s.n, time_r) == 0)
		return true;
	buf_reset(&im->text);
	buf_add_char(&im->text, '"');
	text_printable(&im->text, text_cut_utf8(s, 60));
	buf_add_str(&im->text, "\" is no time: write 2026-11-22 or "
			       "2026-11-22T10:00:00Z");
	bad_row(im, where, im->text.data);
	return false;
}

/* The reason of a row, of the whole list where it has none, and the note. */
static void take_reason(struct import *im, struct store_import_row *row,
			const struct span fields[IMPORT_FIELD_COUNT])
{
	struct span own[IMPORT_FIELD_COUNT];

	memcpy(own, fields, sizeof(own));
	if (own[IMPORT_REASON].n == 0)
		own[IMPORT_REASON] = own[IMPORT_TYPE];
	row->reason = reason_name(own);
	make_note(im, own, row->reason);
	if (own[IMPORT_REASON].n == 0 && row->reason[0] == '\0') {
		own[IMPORT_REASON] = span_of(im->note);
		row->reason = reason_name(own);
	}
	row->note = im->text.data;
}

int import_row(struct import *im, const char *where,
	       const struct span fields[IMPORT_FIELD_COUNT])
{
	struct store_import_row row = {.address = fields[IMPORT_ADDRESS]};
	char stream[256];
	struct error err;

	progress_at(&im->progress, ++im->rows, 0);
	if (row.address.n == 0)
		return bad_row(im, where, "there is no address");
	if (!read_time(im, where, fields[IMPORT_SINCE], &row.at_s) ||
	    !read_time(im, where, fields[IMPORT_UNTIL], &row.until_s))
		return 0;
	if (import_is_mailable(fields)) {
		im->mailable++;
		return 0;
	}
	if (fields[IMPORT_STREAM].n >= sizeof(stream))
		return bad_row(im, where, "the stream's name is too long");
	snprintf(stream, sizeof(stream), "%.*s", (int)fields[IMPORT_STREAM].n,
		 fields[IMPORT_STREAM].p);
	row.stream = stream[0] != '\0' ? stream : im->stream;
	take_reason(im, &row, fields);
	/* What has ended there need not begin here. */
	if (row.until_s != 0 && row.until_s <= im->ctl->now_s)
		return 0;
	if (store_import_add(im->store, &row, &err) == 0)
		return 0;
	if (err.scope == ERROR_MESSAGE)
		return bad_row(im, where, err.text);
	im->err = err;
	return -1;
}

/*
 * Which column is which; without a header the first is the address. others_r
 * gets the names of those that are left out.
 */
static bool read_header(const struct csv *c, int *columns, struct buf *others_r)
{
	for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
		columns[i] = -1;
	for (size_t i = 0; i < c->count; i++) {
		struct span name = span_trim(c->list[i]);
		int field = import_field_find(name);

		if (field >= 0 && columns[field] < 0) {
			columns[field] = (int)i;
			continue;
		}
		buf_add_str(others_r, others_r->len > 0 ? ", " : "");
		text_printable(others_r, name);
	}
	if (columns[IMPORT_ADDRESS] >= 0)
		return true;
	columns[IMPORT_ADDRESS] = 0;
	return false;
}

/* True where there is one. What it loses may be an end or a date: tell it. */
static bool take_header(const struct import *im, const struct csv *c,
			int *columns)
{
	struct buf others;
	bool found;

	buf_init(&others);
	found = read_header(c, columns, &others);
	if (found && others.len > 0)
		fprintf(stderr, "dsnctl: %s: columns that are not read: %s\n",
			im->path, others.data);
	buf_release(&others);
	return found;
}

static int take_record(struct import *im, const struct csv *c,
		       const int *columns)
{
	struct span fields[IMPORT_FIELD_COUNT] = {{"", 0}};
	struct span line = span_trim(c->raw);
	char where[32];

	/* An address may begin with anything but what a comment does. */
	if (line.n == 0 || line.p[0] == '#')
		return 0;
	for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
		if (columns[i] >= 0 && (size_t)columns[i] < c->count)
			fields[i] = span_trim(csv_plain(c->list[columns[i]]));
	snprintf(where, sizeof(where), "%zu", c->line);
	return import_row(im, where, fields);
}

/* A list whose name does not say that it is JSON; no address begins so. */
static bool looks_like_json(struct span s)
{
	s = span_trim_start(span_skip_mark(s));
	if (s.n > 0 && s.p[0] == '[')
		return true;
	if (s.n == 0 || s.p[0] != '{')
		return false;
	s = span_trim_start(span_from(s, 1));
	return s.n > 0 && (s.p[0] == '"' || s.p[0] == '}');
}

int import_lines(struct import *im, int fd, bool plain)
{
	int columns[IMPORT_FIELD_COUNT];
	bool first = true;
	struct csv c;
	int rc = 0;

	for (int i = 0; i < IMPORT_FIELD_COUNT; i++)
		columns[i] = i == IMPORT_ADDRESS ? 0 : -1;
	csv_init(&c, fd, '\0');
	if (!plain)
		c.separator = csv_guess(&c, &rc, &im->err);
	if (rc == 0 && !plain && im->format == NULL &&
	    looks_like_json(span_make(c.in.data, c.in.len))) {
		rc = import_json_rest(im, fd, span_make(c.in.data, c.in.len));
		csv_release(&c);
		return rc;
	}
	while (rc == 0 && (rc = csv_next(&c, &im->err)) == 1) {
		rc = 0;
		if (first && !plain && take_header(im, &c, columns)) {
			first = false;
			continue;
		}
		rc = take_record(im, &c, columns);
		if (first && !plain && im->bad > 0 &&
		    span_find_char(c.raw, '@') == SPAN_NONE)
			fprintf(stderr,
				"dsnctl: %s: were that a header, one of its "
				"columns would be named address, email or "
				"recipient\n",
				im->path);
		first = false;
	}
	csv_release(&c);
	return rc < 0 && im->err.scope == ERROR_MESSAGE
		       ? error_wrap(&im->err, "%s", im->path)
		       : rc;
}
