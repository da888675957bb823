/*
 * The table of providers. To add one: a file with a struct event_format, its
 * line in reader.h, its row here.
 */
#include "events/events.h"

#include <stddef.h>
#include <string.h>

#include "events/reader.h"

static const struct event_format *const formats[] = {
	&event_ses,	 &event_sendgrid,  &event_mailgun,
	&event_postmark, &event_sparkpost,
};

const char *events_formats(void)
{
	return "ses, sendgrid, mailgun, postmark or sparkpost";
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

int events_read(int format, struct span bytes, event_fn each, void *ctx,
		struct error *err)
{
	const struct event_format *f = formats[format];
	struct event_reader r = {
		.format = f->name, .each = each, .ctx = ctx, .err = err};
	json_error_t bad;
	json_t *root = event_load(bytes, &bad);
	int rc;

	if (root == NULL)
		return no_json(&bad, err);
	rc = f->read(&r, root);
	json_decref(root);
	if (rc != 0 && !r.failed)
		error_set(err, ERROR_MESSAGE, "not an event of %s", f->name);
	return rc;
}
