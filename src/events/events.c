/*
 * The table of providers. To add one: a file with a struct event_format, its
 * line in reader.h, its row here.
 */
#include "events/events.h"

#include <stddef.h>
#include <string.h>

#include "events/reader.h"

static const struct event_format *const formats[] = {
	&event_ses,	  &event_sendgrid, &event_mailgun, &event_postmark,
	&event_sparkpost, &event_kumomta,  &event_smtp,
};

const char *events_formats(void)
{
	return "ses, sendgrid, mailgun, postmark, sparkpost, kumomta or smtp";
}

int events_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i]->name, name) == 0)
			return (int)i;
	return -1;
}

static int no_json(const json_error_t *bad, struct error *err)
{
	struct span text = span_of(bad->text);

	/* What it is near to may be somebody's address. */
	text = span_cut(text, span_find(text, SPAN(" near ")));
	return error_set(err, ERROR_MESSAGE, "line %d: %.*s", bad->line,
			 (int)text.n, text.p);
}

static int read_document(struct event_reader *r, const struct event_format *f,
			 json_t *root)
{
	int rc = f->read(r, root);

	json_decref(root);
	if (rc != 0 && !r->failed && !r->told)
		error_set(r->err, ERROR_MESSAGE, "not an event of %s", f->name);
	return rc;
}

/* A document a line, as logs have them. */
static int read_lines(struct event_reader *r, const struct event_format *f,
		      struct span bytes)
{
	struct span line;
	int rc = 0;

	for (int n = 1; rc == 0 && span_next_line(&bytes, &line); n++) {
		json_error_t bad;
		json_t *root;

		if (span_trim(line).n == 0)
			continue;
		root = event_load(line, &bad);
		bad.line = n;
		if (root == NULL)
			return no_json(&bad, r->err);
		rc = read_document(r, f, root);
		if (rc != 0 && !r->failed)
			error_wrap(r->err, "line %d", n);
	}
	return rc;
}

/* The first line is one, and there are more. */
static bool is_lines(struct span bytes)
{
	struct span line;
	json_error_t bad;
	json_t *root;
	bool found;

	do
		if (!span_next_line(&bytes, &line))
			return false;
	while (span_trim(line).n == 0);
	if (span_trim(bytes).n == 0)
		return false;
	root = event_load(line, &bad);
	found = root != NULL;
	json_decref(root);
	return found;
}

int events_read(int format, struct span bytes, event_fn each, void *ctx,
		struct error *err)
{
	const struct event_format *f = formats[format];
	struct event_reader r = {
		.format = f->name, .each = each, .ctx = ctx, .err = err};
	json_error_t bad;
	json_t *root = event_load(bytes, &bad);

	if (root != NULL)
		return read_document(&r, f, root);
	return is_lines(bytes) ? read_lines(&r, f, bytes) : no_json(&bad, err);
}
