/*
 * report_parse: the order in which a message is looked at. Each step is a
 * file of its own.
 */
#include "report/report.h"

#include <string.h>

#include "report/autoreply.h"
#include "report/charset.h"
#include "report/dsn.h"
#include "report/envelope.h"
#include "report/feedback.h"
#include "report/fields.h"
#include "report/kind.h"
#include "report/mdn.h"
#include "report/merge.h"
#include "report/normalise.h"
#include "report/reading.h"
#include "report/returned.h"

struct span reading_text(struct reading *in, const struct part *part)
{
	struct buf b;
	struct span s;

	buf_init(&b);
	mime_text(&b, part);
	s = span_make(arena_memdupz(&in->scratch, b.data, b.len), b.len);
	buf_release(&b);
	return s;
}

static void reading_open(struct reading *in, struct report *r,
			 const struct report_settings *settings,
			 struct span message)
{
	memset(in, 0, sizeof(*in));
	in->report = r;
	in->settings = settings;
	arena_init(&in->scratch);
	buf_init(&in->message);
	buf_init(&in->text);
	if (message.n > settings->max_bytes) {
		message.n = settings->max_bytes;
		r->partial = true;
	}
	normalise(&in->message, message);
	message = span_make(in->message.data, in->message.len);
	headers_parse(&in->headers, &in->scratch, message);
	in->body = span_from(message, in->headers.body);
}

static void reading_close(struct reading *in)
{
	buf_release(&in->text);
	buf_release(&in->message);
	arena_release(&in->scratch);
}

/* Header and body disagree, or the header says nothing of the parts. */
static bool has_hidden_parts(const struct reading *in)
{
	return !kind_machine_part(&in->parts) &&
	       (span_find_ci(in->body, SPAN("message/delivery-status")) !=
			SPAN_NONE ||
		span_find_ci(in->body, SPAN("message/feedback-report")) !=
			SPAN_NONE);
}

static void take_apart(struct reading *in)
{
	struct parts scanned;

	mime_read(&in->parts, &in->scratch, &in->headers, in->body,
		  in->settings);
	if (has_hidden_parts(in)) {
		mime_scan(&scanned, &in->scratch, in->body, in->settings);
		if (kind_machine_part(&scanned))
			in->parts = scanned;
	}
	in->report->partial |= in->parts.partial;
	in->returned = returned_find(&in->parts);
}

/* Text parts of one type; those behind the returned message are its own. */
static void collect_text(struct reading *in, const char *type)
{
	for (size_t i = 0; i < in->parts.count; i++) {
		const struct part *part = &in->parts.list[i];

		if (part == in->returned && in->text.len > 0)
			break;
		if (!mime_is(part, type))
			continue;
		mime_text(&in->text, part);
		buf_add_char(&in->text, '\n');
	}
}

static void read_text(struct reading *in)
{
	collect_text(in, "text/plain");
	if (span_trim(span_make(in->text.data, in->text.len)).n == 0)
		collect_text(in, "text/html");
	in->input.headers = &in->headers;
	in->input.content_type = headers_raw(&in->headers, "Content-Type", 0);
	in->input.text = span_make(in->text.data, in->text.len);
	in->input.machine_part = kind_machine_part(&in->parts) != NULL;
}

static void read_returned(struct reading *in, struct span text)
{
	returned_read(in->report, &in->scratch, text, in->settings,
		      &in->returned_headers);
}

/* Groups of fields in the text itself beat what people were told. */
static void read_text_report(struct reading *in)
{
	struct report *r = in->report;
	struct span text = in->input.text;
	size_t end = text.n, from;
	bool found = formats_read(&in->input, r, &end);

	if (!in->returned && r->returned.headers.n == 0)
		read_returned(in, returned_inline(text, end));
	if (!fields_find(span_cut(text, end), &from))
		return;
	if (found)
		r->fact_count = 0;
	dsn_read(r, &in->scratch, span_from(span_cut(text, end), from),
		 &in->input);
	r->format = "rfc3464-in-text";
}

static void read_machine_report(struct reading *in)
{
	struct report *r = in->report;

	for (size_t i = 0; i < in->parts.count; i++) {
		const struct part *part = &in->parts.list[i];

		if (!kind_is_machine_part(part))
			continue;
		dsn_read(r, &in->scratch, reading_text(in, part), &in->input);
	}
	r->format = "rfc3464";
	if (r->fact_count == 0)
		read_text_report(in);
}

static void read_report(struct reading *in)
{
	struct report *r = in->report;

	if (in->returned)
		read_returned(in, in->returned->bytes);
	if (feedback_is(in)) {
		feedback_read(in);
	} else if (mdn_is(in)) {
		mdn_read(in);
	} else if (kind_may_report(in)) {
		if (in->input.machine_part)
			read_machine_report(in);
		else
			read_text_report(in);
		r->kind = kind_of_actions(r);
	}
	if (r->kind == REPORT_OTHER && r->fact_count == 0 &&
	    autoreply_is(in, &r->challenge))
		r->kind = REPORT_AUTO_REPLY;
}

void report_parse(struct report *r, const struct report_settings *settings,
		  const char *bytes, size_t n)
{
	struct reading in;

	reading_open(&in, r, settings, span_make(bytes, n));
	envelope_read(&in);
	take_apart(&in);
	read_text(&in);
	read_report(&in);
	merge_facts(r);
	for (size_t i = 0; i < r->fact_count; i++) {
		r->facts[i].kind = r->kind;
		r->facts[i].reporting_mta = r->reporting_mta;
	}
	reading_close(&in);
}
