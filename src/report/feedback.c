/*
 * Complaints. The complainer's address is often hidden (RFC 6590), so every
 * field that may still name the recipient is tried, and none need be there.
 */
#include "report/feedback.h"

#include <string.h>

#include "report/facts.h"
#include "report/tokens.h"
#include "report/xtext.h"
#include "util/address.h"

#define JMRP_FIELD "X-HmXmrOriginalRecipient"
#define RECIPIENTS_MAX 100

/* Not what a person says of our mail: authentication reports (RFC 6591). */
static const char not_a_complaint[] = "auth-failure";

static const struct part *feedback_part(const struct reading *in)
{
	return mime_find(&in->parts, "message/feedback-report");
}

bool feedback_is(const struct reading *in)
{
	return feedback_part(in) || headers_has(&in->headers, JMRP_FIELD) ||
	       headers_has(&in->returned_headers, JMRP_FIELD);
}

static bool add(struct reading *in, struct span raw, const char *type)
{
	struct fact_draft d;
	struct buf address;
	struct fact *f = NULL;

	fact_draft_init(&d);
	buf_init(&address);
	if (raw.p && (xtext_address(&address, raw) == 0 ||
		      headers_mailbox(&address, raw) == 0)) {
		d.address = span_make(address.data, address.len);
		f = facts_add(in->report, &d);
		if (f)
			f->feedback_type = type;
	}
	buf_release(&address);
	return f != NULL;
}

/* The field's value in lower case; "abuse" where the report has none. */
static const char *feedback_type(struct reading *in, const struct headers *h)
{
	struct buf b;
	const char *type = "abuse";

	buf_init(&b);
	headers_token(&b, headers_raw(h, "Feedback-Type", 0));
	if (b.len > 0)
		type = facts_text(in->report, span_make(b.data, b.len),
				  REPORT_MAX_FIELD);
	buf_release(&b);
	return type;
}

static void add_recipients(struct reading *in, const struct headers *h,
			   const char *type)
{
	struct report *r = in->report;
	const struct headers *original = &in->returned_headers;
	bool found = false;

	for (size_t i = 0; i < RECIPIENTS_MAX; i++)
		found |= add(in, headers_raw(h, "Original-Rcpt-To", i), type);
	if (!found)
		found = add(in, headers_raw(h, "Removal-Recipient", 0), type);
	if (!found)
		found = add(in, headers_raw(&in->headers, JMRP_FIELD, 0), type);
	if (!found)
		found = add(in, headers_raw(original, JMRP_FIELD, 0), type);
	if (!found)
		add(in, span_of(r->returned.to), type);
}

void feedback_read(struct reading *in)
{
	struct report *r = in->report;
	const struct part *part = feedback_part(in);
	struct headers h;
	const char *type;

	headers_parse(&h, &in->scratch,
		      part ? reading_text(in, part) : span_of(""));
	type = feedback_type(in, &h);
	r->format = "rfc5965";
	if (strcmp(type, not_a_complaint) == 0)
		return;
	r->kind = REPORT_COMPLAINT;
	r->reporting_mta = facts_text(
		r, xtext_typed(headers_raw(&h, "Reporting-MTA", 0), NULL),
		REPORT_MAX_FIELD);
	r->envelope_id =
		facts_text(r, headers_raw(&h, "Original-Envelope-Id", 0),
			   REPORT_MAX_FIELD);
	tokens_add(r, headers_raw(&h, "Original-Envelope-Id", 0));
	tokens_add(r, headers_raw(&h, "Original-Mail-From", 0));
	add_recipients(in, &h, type);
}
