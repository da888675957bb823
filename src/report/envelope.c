/*
 * The report's own header: who says it, when, and to which return path it
 * came back.
 */
#include "report/envelope.h"

#include <string.h>

#include "report/facts.h"
#include "report/returned.h"
#include "report/tokens.h"
#include "util/num.h"

/* "Return-Path: <>", or an empty one. */
static bool is_null_path(const struct headers *h)
{
	struct span path = headers_raw(h, "Return-Path", 0);

	path = span_trim(path);
	return headers_has(h, "Return-Path") &&
	       (path.n == 0 || span_eq(path, SPAN("<>")));
}

void envelope_read(struct reading *in)
{
	struct report *r = in->report;
	const struct headers *h = &in->headers;
	struct span date = span_trim(headers_raw(h, "Date", 0));

	r->partial |= h->partial;
	r->headers = returned_block(r, h->raw);
	r->message_id =
		returned_id(r, headers_text(h, &in->scratch, "Message-ID"));
	r->from = facts_mailbox(r, headers_raw(h, "From", 0));
	r->subject =
		facts_text(r, span_of(headers_text(h, &in->scratch, "Subject")),
			   REPORT_MAX_FIELD);
	r->null_return_path = is_null_path(h);
	if (num_mail_date_s(date.p, date.n, &r->date_s) < 0)
		r->date_s = 0;
	tokens_from_headers(r, h);
}
