/*
 * SparkPost's webhooks: an array of {"msys": {"message_event": {...}}}, the
 * inner name telling the group and "type" the event.
 */
#include "events/reader.h"

#include "util/buf.h"

static int kind_of(struct span type)
{
	if (span_eq(type, SPAN("bounce")) ||
	    span_eq(type, SPAN("out_of_band")) ||
	    span_eq(type, SPAN("policy_rejection")))
		return REPORT_BOUNCE;
	if (span_eq(type, SPAN("delay")))
		return REPORT_DELAY;
	if (span_eq(type, SPAN("delivery")))
		return REPORT_SUCCESS;
	return span_eq(type, SPAN("spam_complaint")) ? REPORT_COMPLAINT : -1;
}

static void add_words(struct buf *out, const json_t *object, int kind)
{
	struct span text = event_text(object, "raw_reason");
	struct span code = event_text(object, "error_code");

	if (kind == REPORT_COMPLAINT) {
		text = event_text(object, "fbtype");
		code = SPAN("");
	} else if (text.n == 0) {
		text = event_text(object, "reason");
	}
	if (code.n > 0 && !event_has_code(text)) {
		buf_add(out, code.p, code.n);
		buf_add_char(out, ' ');
	}
	buf_add(out, text.p, text.n);
}

static int read_one(struct event_reader *r, const json_t *object)
{
	int kind = kind_of(event_text(object, "type"));
	struct span from = event_text(object, "friendly_from");
	struct buf words;
	int rc;

	if (kind < 0)
		return 0;
	event_begin(r, (enum report_kind)kind, event_text(object, "event_id"),
		    object);
	r->event.at_s = event_time(object, "timestamp");
	event_original(r, event_text(object, "message_id"),
		       from.n > 0 ? from : event_text(object, "msg_from"),
		       event_text(object, "subject"),
		       event_text(object, "campaign_id"));
	buf_init(&words);
	add_words(&words, object, kind);
	rc = event_finish(r, event_text(object, "rcpt_to"),
			  span_make(words.data, words.len));
	buf_release(&words);
	return rc;
}

/* Groups of events that say nothing about delivery are passed over. */
static int read_group(struct event_reader *r, const json_t *object)
{
	const json_t *msys = json_object_get(object, "msys");
	const json_t *event = json_object_get(msys, "message_event");

	if (!json_is_object(msys))
		return -1;
	return json_is_object(event) ? read_one(r, event) : 0;
}

static int read_all(struct event_reader *r, const json_t *root)
{
	return event_each(r, root, read_group);
}

const struct event_format event_sparkpost = {"sparkpost", read_all};
