/*
 * What a program of the operator's own has heard in its SMTP session, where no
 * report will ever be made: an object of ours for each recipient.
 */
#include "events/reader.h"

/* 4yz is a failure where the sender has tried for the last time. */
static int kind_of(struct span reply, const json_t *object)
{
	if (!event_has_code(reply))
		return -1;
	switch (reply.p[0]) {
	case '2':
		return REPORT_SUCCESS;
	case '4':
		return json_is_true(json_object_get(object, "given_up"))
			       ? REPORT_BOUNCE
			       : REPORT_DELAY;
	case '5':
		return REPORT_BOUNCE;
	default:
		return -1;
	}
}

static int read_one(struct event_reader *r, const json_t *object)
{
	struct span reply = event_text(object, "reply");
	int kind = kind_of(reply, object);
	int stage = smtp_stage_find(event_text(object, "stage"));
	struct fact_draft draft;

	if (kind < 0 || event_text(object, "address").n == 0)
		return -1;
	event_begin(r, (enum report_kind)kind, event_text(object, "id"),
		    object);
	r->event.at_s = event_time(object, "at");
	event_original(
		r, event_text(object, "message_id"), event_text(object, "from"),
		event_text(object, "subject"), event_text(object, "campaign"));
	fact_draft_init(&draft);
	draft.action = event_action((enum report_kind)kind);
	draft.address = event_text(object, "address");
	draft.stage = stage < 0 ? STAGE_UNKNOWN : (enum smtp_stage)stage;
	draft.remote = event_text(object, "remote");
	draft.type = SPAN("smtp");
	draft.words = reply;
	event_recipient(r, &draft);
	return event_end(r);
}

static int read_all(struct event_reader *r, const json_t *root)
{
	return event_each(r, root, read_one);
}

const struct event_format event_smtp = {"smtp", read_all};
