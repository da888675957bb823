/*
 * What came back of the message that we sent. It proves that the report is
 * about our mail and says for which campaign it was, so its header is kept as
 * it stands, line ends restored, for the signature check in another process.
 */
#include "report/returned.h"

#include <string.h>

#include "report/facts.h"
#include "report/format_text.h"
#include "util/address.h"
#include "util/num.h"

static const char *const part_types[] = {
	"message/rfc822", "text/rfc822-headers",    "message/rfc822-headers",
	"message/global", "message/global-headers", "message/partial",
};

static const char *const usual_fields[] = {
	"From",		  "To",		  "Subject",	  "Date",
	"Message-ID",	  "Received",	  "MIME-Version", "Return-Path",
	"DKIM-Signature", "Content-Type",
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

const struct part *returned_find(const struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		for (size_t k = 0; k < COUNT(part_types); k++) {
			if (mime_is(&parts->list[i], part_types[k]))
				return &parts->list[i];
		}
	}
	return NULL;
}

static unsigned usual_count(const struct headers *h)
{
	unsigned n = 0;

	for (size_t k = 0; k < COUNT(usual_fields); k++)
		n += headers_has(h, usual_fields[k]);
	return n;
}

struct span returned_block(struct report *r, struct span raw)
{
	struct span line, kept;
	struct buf b;

	buf_init(&b);
	buf_reserve(&b, span_cut(raw, REPORT_MAX_HEADERS).n * 5 / 4);
	while (span_next_line(&raw, &line) && line.n > 0) {
		if (b.len + line.n + 2 > REPORT_MAX_HEADERS) {
			r->partial = true;
			break;
		}
		buf_add(&b, line.p, line.n);
		buf_add_str(&b, "\r\n");
	}
	kept = span_make(arena_memdupz(&r->arena, b.data, b.len), b.len);
	buf_release(&b);
	return kept;
}

static const char *field(struct report *r, struct arena *scratch,
			 const struct headers *h, const char *name)
{
	const char *text = headers_text(h, scratch, name);

	return facts_text(r, span_of(text), REPORT_MAX_FIELD);
}

const char *returned_id(struct report *r, const char *text)
{
	const char *open = strrchr(text, '<');
	size_t n = open ? strcspn(open + 1, ">") : 0;

	return facts_text(r, open ? span_make(open + 1, n) : span_of(text),
			  REPORT_MAX_FIELD);
}

/* The one address of To and Cc, or "" where there are several. */
static const char *sole_recipient(struct report *r, const struct headers *h)
{
	struct span to = headers_raw(h, "To", 0), rest = to, one;
	size_t count = 0;

	if (span_trim(headers_raw(h, "Cc", 0)).n > 0 ||
	    headers_raw(h, "To", 1).p)
		return "";
	while (count < 2 && headers_next_mailbox(&rest, &one))
		count++;
	return count == 1 ? facts_mailbox(r, to) : "";
}

static const char *campaign(struct report *r, struct arena *scratch,
			    const struct headers *h,
			    const struct report_settings *settings)
{
	for (const char *const *name = settings->campaign_headers; *name;
	     name++) {
		const char *value = field(r, scratch, h, *name);

		if (value[0] != '\0')
			return value;
	}
	return "";
}

static void read_fields(struct report *r, struct arena *scratch,
			const struct headers *h,
			const struct report_settings *settings)
{
	struct returned *o = &r->returned;
	struct span date = span_trim(headers_raw(h, "Date", 0));

	o->message_id = returned_id(r, field(r, scratch, h, "Message-ID"));
	o->from = facts_mailbox(r, headers_raw(h, "From", 0));
	if (o->from[0] == '\0')
		o->from = facts_mailbox(r, headers_raw(h, "Sender", 0));
	o->to = sole_recipient(r, h);
	o->return_path = facts_mailbox(r, headers_raw(h, "Return-Path", 0));
	o->subject = field(r, scratch, h, "Subject");
	o->campaign = campaign(r, scratch, h, settings);
	o->list_id = returned_id(r, field(r, scratch, h, "List-ID"));
	o->feedback_id = field(r, scratch, h, "Feedback-ID");
	if (settings->stream_header[0] != '\0')
		o->stream = field(r, scratch, h, settings->stream_header);
	if (num_mail_date_s(date.p, date.n, &o->date_s) < 0)
		o->date_s = 0;
}

/* Blank lines and mbox lines that relays put before the header. */
static struct span skip_blank(struct span s)
{
	struct span rest = s, line;

	while (span_next_line(&rest, &line) &&
	       (span_trim(line).n == 0 ||
		(span_starts_ci(line, SPAN("From ")) &&
		 !headers_is_field(line)) ||
		span_starts_ci(line, SPAN(">From "))))
		s = rest;
	return s;
}

bool returned_read(struct report *r, struct arena *scratch, struct span text,
		   const struct report_settings *settings,
		   struct headers *headers_r)
{
	headers_parse(headers_r, scratch, skip_blank(text));
	if (usual_count(headers_r) == 0)
		return false;
	read_fields(r, scratch, headers_r, settings);
	r->returned.headers = returned_block(r, headers_r->raw);
	return true;
}

/* "Error: 550 5.1.1 ...": a report lists what became of the mail. */
static bool tells_reply(struct span line)
{
	size_t colon = span_find_char(line, ':');

	return text_begins_with_reply(span_from(line, colon + 1));
}

static bool is_usual(struct span line)
{
	struct span name = span_trim(span_cut(line, span_find_char(line, ':')));

	for (size_t k = 0; k < COUNT(usual_fields); k++) {
		if (span_eq_ci(name, span_of(usual_fields[k])))
			return true;
	}
	return false;
}

bool returned_begins(struct span s)
{
	unsigned usual = 0, lines = 0;
	struct span line;

	while (lines++ < 30 && span_next_line(&s, &line) && line.n > 0) {
		if (text_is_space(line.p[0]))
			continue;
		if (!headers_is_field(line))
			break;
		/* but "Subject: 500 ways to save" is a title */
		if (tells_reply(line) && !is_usual(line))
			return false;
		if (usual < 2)
			usual += is_usual(line);
	}
	return usual == 2;
}

/* The first place in text where such a block begins; its end if none. */
static struct span find_block(struct span text)
{
	bool start = true;
	struct span line;

	while (text.n > 0) {
		struct span here = text;

		span_next_line(&text, &line);
		if (start && headers_is_field(line) && returned_begins(here))
			return here;
		/* A marker line ends with dashes or a colon, or is blank. */
		start = line.n == 0 || !headers_is_field(line);
	}
	return text;
}

struct span returned_inline(struct span text, size_t from)
{
	return find_block(span_from(text, from < text.n ? from : 0));
}
