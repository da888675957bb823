/*
 * From bytes to parts and text: everything that is done to a message before
 * anybody asks what it means.
 */
#include "report/reading.h"

#include <string.h>

#include "report/format_text.h"
#include "report/kind.h"
#include "report/normalise.h"
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

void reading_open(struct reading *in, struct report *r,
		  const struct report_settings *settings, struct span message)
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

void reading_close(struct reading *in)
{
	buf_release(&in->text);
	buf_release(&in->message);
	arena_release(&in->scratch);
}

static bool mentions_report(struct span body)
{
	return span_find_ci(body, SPAN("message/delivery-status")) !=
		       SPAN_NONE ||
	       span_find_ci(body, SPAN("message/feedback-report")) != SPAN_NONE;
}

/*
 * Header and body disagree, or the header says nothing of the parts. In a
 * plain text a report may also stand in the copy of what came back: that one
 * is not ours to read.
 */
static void find_hidden(struct reading *in)
{
	struct span body = in->body;
	struct parts scanned;

	if (!mentions_report(body))
		return;
	if (in->parts.count == 1 && in->parts.list[0].depth == 0)
		body = span_cut(body, body.n - returned_inline(body, 0).n);
	if (!mentions_report(body))
		return;
	mime_scan(&scanned, &in->scratch, body, in->settings);
	in->found_hidden = kind_is_structured(&scanned);
	if (in->found_hidden)
		in->parts = scanned;
}

/*
 * A gateway wrapped the whole report, its own Message-ID included. Domino
 * gives its reports the Message-ID of the original: those say what they are.
 */
static bool is_wrapped(struct reading *in, struct headers *inner)
{
	struct span id = span_trim(headers_raw(&in->headers, "Message-ID", 0));

	if (!in->returned || id.n == 0 || kind_is_structured(&in->parts))
		return false;
	headers_parse(inner, &in->scratch, in->returned->bytes);
	return span_eq(id, span_trim(headers_raw(inner, "Message-ID", 0)));
}

static void read_parts(struct reading *in)
{
	mime_read(&in->parts, &in->scratch, &in->headers, in->body,
		  in->settings);
	if (!kind_is_structured(&in->parts))
		find_hidden(in);
	in->report->partial |= in->parts.partial;
	in->returned = returned_find(&in->parts);
}

void reading_take_apart(struct reading *in)
{
	struct headers inner;

	read_parts(in);
	if (is_wrapped(in, &inner)) {
		in->body = span_from(in->returned->bytes, inner.body);
		in->headers = inner;
		read_parts(in);
	}
}

/* Declared as the machine's, written for people. */
static bool is_mislabelled(const struct part *part)
{
	return kind_is_machine_part(part) &&
	       span_find_ci(part->bytes, SPAN("-MTA:")) == SPAN_NONE &&
	       span_find_ci(part->bytes, SPAN("-Recipient:")) == SPAN_NONE;
}

/* Sent on by a gateway that did not know the type of the machine's part. */
static bool is_unlabelled(const struct part *part)
{
	return mime_is(part, "application/octet-stream") &&
	       span_starts_ci(span_trim_start(part->bytes),
			      SPAN("Reporting-MTA:"));
}

/* Text parts of one type; those behind the returned message are its own. */
static void collect_text(struct reading *in, const char *type)
{
	for (size_t i = 0; i < in->parts.count; i++) {
		const struct part *part = &in->parts.list[i];

		if (part == in->returned && in->text.len > 0)
			break;
		if (!mime_is(part, type) && !is_mislabelled(part) &&
		    !is_unlabelled(part))
			continue;
		mime_text(&in->text, part);
		buf_add_char(&in->text, '\n');
	}
}

/* How many line ends stand at `at`, white space between them; *end_r behind. */
static size_t line_ends(struct span text, size_t at, size_t *end_r)
{
	size_t n = 0;

	for (*end_r = at; at < text.n && text_is_space(text.p[at]); at++) {
		if (text.p[at] == '\n') {
			n++;
			*end_r = at + 1;
		}
	}
	return n;
}

/*
 * Hardly a line stands next to another, and three blank ones stand between
 * some: who handed it on put one behind each, as where each is a paragraph in
 * HTML.
 */
static bool is_spaced_out(struct span text)
{
	size_t n, at = 0, close = 0, apart = 0, wide = 0;

	while ((n = span_find_char(span_from(text, at), '\n')) != SPAN_NONE) {
		n = line_ends(text, at + n, &at);
		close += n == 1;
		apart += n > 1;
		wide += n > 3;
	}
	return wide > 0 && close * 5 <= apart;
}

static void close_up(struct buf *b)
{
	struct span text = span_trim(span_make(b->data, b->len));
	struct buf out;
	size_t n, next;

	if (!is_spaced_out(text))
		return;
	buf_init(&out);
	for (size_t at = 0; at < text.n; at = next) {
		next = at + 1;
		if (text.p[at] != '\n') {
			buf_add_char(&out, text.p[at]);
			continue;
		}
		n = line_ends(text, at, &next);
		buf_add(&out, "\n\n\n", n < 4 ? 1 : n < 6 ? 2 : 3);
	}
	buf_add_char(&out, '\n');
	buf_reset(b);
	buf_add(b, out.data, out.len);
	buf_release(&out);
}

/* "This message needs HTML" says nothing of anybody, or whom to ask. */
static bool says_nothing(const struct reading *in)
{
	struct span text = span_make(in->text.data, in->text.len);

	return span_find_char(text, '@') == SPAN_NONE ||
	       (!kind_is_structured(&in->parts) &&
		mime_find(&in->parts, "text/html") && !text_has_reply(text) &&
		!kind_speaks_of_failure(text));
}

void reading_collect(struct reading *in)
{
	collect_text(in, "text/plain");
	if (says_nothing(in))
		collect_text(in, "text/html");
	close_up(&in->text);
	in->input.headers = &in->headers;
	in->input.content_type = headers_raw(&in->headers, "Content-Type", 0);
	in->input.text = span_make(in->text.data, in->text.len);
	in->input.machine_part = kind_machine_part(&in->parts) != NULL;
	in->from_daemon = kind_is_daemon(in);
}
