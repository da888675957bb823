/*
 * SendGrid's Event Webhook: an array of flat objects, told apart by "event"
 * and sg_event_id.
 */
#include "events/reader.h"

#include "util/buf.h"

static int kind_of(struct span event)
{
	if (span_eq(event, SPAN("bounce")) || span_eq(event, SPAN("dropped")))
		return REPORT_BOUNCE;
	if (span_eq(event, SPAN("deferred")))
		return REPORT_DELAY;
	if (span_eq(event, SPAN("delivered")))
		return REPORT_SUCCESS;
	return span_eq(event, SPAN("spamreport")) ? REPORT_COMPLAINT : -1;
}

/* What was dropped was never tried: their own list says why. */
static void add_words(struct buf *out, const json_t *object, struct span event)
{
	struct span reason = event_text(object, "reason");

	if (span_eq(event, SPAN("spamreport"))) {
		buf_add_str(out, "abuse");
		return;
	}
	if (reason.n == 0)
		reason = event_text(object, "response");
	if (span_eq(event, SPAN("dropped")) &&
	    !span_starts_ci(reason, SPAN("Invalid")))
		buf_add_str(out, "dropped, on suppression list: ");
	buf_add(out, reason.p, reason.n);
}

static int read_one(struct event_reader *r, const json_t *object)
{
	struct span event = event_text(object, "event");
	struct span campaign = event_text(object, "marketing_campaign_name");
	int kind = kind_of(event);
	struct buf words;
	int rc;

	if (event.n == 0)
		return -1;
	/* Some are about the account and no address at all. */
	if (kind < 0)
		return 0;
	if (!json_is_string(json_object_get(object, "email")))
		return -1;
	if (campaign.n == 0)
		campaign = event_text(object, "category");
	event_begin(r, (enum report_kind)kind,
		    event_text(object, "sg_event_id"), object);
	r->event.at_s = event_time(object, "timestamp");
	event_original(r, event_text(object, "smtp-id"), SPAN(""), SPAN(""),
		       campaign);
	buf_init(&words);
	add_words(&words, object, event);
	rc = event_finish(r, event_text(object, "email"),
			  span_make(words.data, words.len));
	buf_release(&words);
	return rc;
}

static int read_all(struct event_reader *r, const json_t *root)
{
	return event_each(r, root, read_one);
}

const struct event_format event_sendgrid = {"sendgrid", read_all};
