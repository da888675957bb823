/*
 * Disposition notifications: somebody's program opened or deleted our mail.
 * That is recorded and counts for nothing, errors included, but for one.
 */
#include "report/mdn.h"

#include "report/facts.h"
#include "report/returned.h"
#include "report/xtext.h"

/*
 * "was automatically rejected:" and the line that says why. Before version 2
 * "by Dovecot Mail Delivery Agent" and "the following reason was given:" stood
 * between.
 */
#define AGENT_WORDS_BYTES 160

static const struct part *mdn_part(const struct reading *in)
{
	const struct part *part =
		mime_find(&in->parts, "message/disposition-notification");

	return part ? part
		    : mime_find(&in->parts,
				"message/global-disposition-notification");
}

bool mdn_is(const struct reading *in)
{
	return mdn_part(in) != NULL;
}

/*
 * Dovecot's delivery agent answers so for a full mailbox: "deleted", which
 * nobody ever saw. What a person's own filter rejects is told the same way and
 * stays a receipt.
 */
static struct span full_mailbox(const struct reading *in)
{
	struct span text = in->input.text;
	size_t at = span_find_ci(text, SPAN("was automatically rejected"));
	struct span words = span_from(text, at == SPAN_NONE ? text.n : at);

	words = span_trim(span_cut(words, AGENT_WORDS_BYTES));
	if (span_find_ci(words, SPAN("quota exceeded")) == SPAN_NONE &&
	    span_find_ci(words, SPAN("not enough disk")) == SPAN_NONE)
		words.n = 0;
	return words;
}

/*
 * Whom the mailbox is of. Some agents know no more than the user that they run
 * as: then whom the one message that came back was to.
 */
static bool read_address(const struct reading *in, const struct headers *h,
			 bool full, struct buf *address)
{
	struct span to = span_of(in->report->returned.to);

	if (xtext_address(address, headers_raw(h, "Original-Recipient", 0)) ==
		    0 ||
	    xtext_address(address, headers_raw(h, "Final-Recipient", 0)) == 0)
		return true;
	if (full)
		buf_add(address, to.p, to.n);
	return full && to.n > 0;
}

void mdn_read(struct reading *in)
{
	struct report *r = in->report;
	struct span full = full_mailbox(in), disposition;
	struct headers h;
	struct fact_draft d;
	struct buf address;

	headers_parse(&h, &in->scratch, reading_text(in, mdn_part(in)));
	fact_draft_init(&d);
	buf_init(&address);
	disposition = headers_raw(&h, "Disposition", 0);
	if (span_find_ci(disposition, SPAN("deleted")) == SPAN_NONE)
		full.n = 0;
	r->kind = REPORT_MDN;
	r->format = "rfc8098";
	if (read_address(in, &h, full.n > 0, &address)) {
		d.address = span_make(address.data, address.len);
		d.words = full.n > 0 ? full : disposition;
		if (full.n > 0)
			d.action = ACTION_FAILED;
		if (facts_add(r, &d) && full.n > 0)
			r->kind = REPORT_BOUNCE;
	}
	if (r->returned.message_id[0] == '\0')
		r->returned.message_id =
			returned_id(r, headers_text(&h, &in->scratch,
						    "Original-Message-ID"));
	buf_release(&address);
}
