/*
 * Mailgun's webhooks: one event in "event-data", or what its events API lists
 * in "items". Its ids are unique within a day only.
 */
#include "events/reader.h"

#include "util/buf.h"

static int kind_of(const json_t *object)
{
	struct span event = event_text(object, "event");
	struct span severity = event_text(object, "severity");

	if (span_eq(event, SPAN("failed")))
		return span_eq(severity, SPAN("temporary")) ? REPORT_DELAY
							    : REPORT_BOUNCE;
	if (span_eq(event, SPAN("delivered")))
		return REPORT_SUCCESS;
	return span_eq(event, SPAN("complained")) ? REPORT_COMPLAINT : -1;
}

/* "550 5.1.1 no such user", of three fields, none of them sure to be there. */
static void add_words(struct buf *out, const json_t *object)
{
	struct span text = event_text(object, "delivery-status.message");
	struct span status =
		event_text(object, "delivery-status.enhanced-code");
	int64_t code = event_number(object, "delivery-status.code");

	if (span_starts_ci(event_text(object, "reason"), SPAN("suppress-")))
		buf_add_str(out, "not tried, on suppression list: ");
	if (text.n == 0)
		text = event_text(object, "delivery-status.description");
	/* Codes of 600 and above are theirs and no server's. */
	if (code >= 200 && code < 600 && !event_has_code(text)) {
		buf_addf(out, "%d ", (int)code);
		if (!span_starts_ci(text, status)) {
			buf_add(out, status.p, status.n);
			buf_add_char(out, ' ');
		}
	}
	buf_add(out, text.p, text.n);
}

static int read_one(struct event_reader *r, const json_t *object)
{
	int kind = kind_of(object);
	struct buf text;
	int rc;

	if (event_text(object, "event").n == 0)
		return -1;
	if (kind < 0)
		return 0;
	buf_init(&text);
	buf_addf(&text, "%lld ", (long long)event_time(object, "timestamp"));
	buf_add(&text, event_text(object, "id").p, event_text(object, "id").n);
	event_begin(r, (enum report_kind)kind,
		    event_text(object, "id").n > 0
			    ? span_make(text.data, text.len)
			    : SPAN(""),
		    object);
	r->event.at_s = event_time(object, "timestamp");
	event_original(r, event_text(object, "message.headers.message-id"),
		       event_text(object, "message.headers.from"),
		       event_text(object, "message.headers.subject"),
		       event_text(object, "tags"));
	buf_reset(&text);
	if (kind == REPORT_COMPLAINT)
		buf_add_str(&text, "abuse");
	else
		add_words(&text, object);
	rc = event_finish(r, event_text(object, "recipient"),
			  span_make(text.data, text.len));
	buf_release(&text);
	return rc;
}

static int read_all(struct event_reader *r, const json_t *root)
{
	const json_t *items = json_object_get(root, "items");
	const json_t *data = json_object_get(root, "event-data");

	if (json_is_array(items))
		return event_each(r, items, read_one);
	return read_one(r, json_is_object(data) ? data : root);
}

const struct event_format event_mailgun = {"mailgun", read_all};
