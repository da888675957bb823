/*
 * Disposition notifications: somebody's program opened or deleted our mail.
 * That is recorded and counts for nothing, errors included.
 */
#include "report/mdn.h"

#include "report/facts.h"
#include "report/returned.h"
#include "report/xtext.h"

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

void mdn_read(struct reading *in)
{
	struct report *r = in->report;
	struct headers h;
	struct fact_draft d;
	struct buf address;

	headers_parse(&h, &in->scratch, reading_text(in, mdn_part(in)));
	fact_draft_init(&d);
	buf_init(&address);
	r->kind = REPORT_MDN;
	r->format = "rfc8098";
	if (xtext_address(&address, headers_raw(&h, "Original-Recipient", 0)) ==
		    0 ||
	    xtext_address(&address, headers_raw(&h, "Final-Recipient", 0)) ==
		    0) {
		d.address = span_make(address.data, address.len);
		d.words = headers_raw(&h, "Disposition", 0);
		facts_add(r, &d);
	}
	if (r->returned.message_id[0] == '\0')
		r->returned.message_id =
			returned_id(r, headers_text(&h, &in->scratch,
						    "Original-Message-ID"));
	buf_release(&address);
}
