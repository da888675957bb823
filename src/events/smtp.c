/*
 * What a program of the operator's own has heard in its SMTP session, where no
 * report will ever be made: an object of ours for each recipient.
 */
#include "events/reader.h"
#include "util/address.h"

#define LAST_S 253402300799 /* of the year 9999: more are milliseconds */
#define STAGE_BYTES 16

/*
 * Whoever made this may mend it: nothing is guessed, and what is wrong is told.
 */
static int refuse(struct event_reader *r, const char *what)
{
	r->told = true;
	return error_set(r->err, ERROR_MESSAGE, "not an event of smtp: %s",
			 what);
}

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

static bool is_given(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return value != NULL && !json_is_null(value);
}

/* Of any case, STAGE_UNKNOWN where none is given; or -1. */
static int stage_of(const json_t *object)
{
	struct span name = event_text(object, "stage");
	char lower[STAGE_BYTES];

	if (is_given(object, "stage") &&
	    !json_is_string(json_object_get(object, "stage")))
		return -1;
	name = span_cut(name, sizeof(lower));
	for (size_t i = 0; i < name.n; i++)
		lower[i] = text_lower(name.p[i]);
	return smtp_stage_find(span_make(lower, name.n));
}

/* NULL, or what is wrong. */
static const char *mistake_of(const json_t *object, int kind, int stage)
{
	static const char *const texts[] = {"remote",  "message_id", "from",
					    "subject", "campaign",   "id"};
	struct span address;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (is_given(object, texts[i]) &&
		    !json_is_string(json_object_get(object, texts[i])))
			return "\"remote\", \"message_id\", \"from\", "
			       "\"subject\", \"campaign\" or \"id\" is no text";
	if (address_find(event_text(object, "address"), &address) != 0)
		return "\"address\" is not an address";
	if (kind < 0)
		return "\"reply\" is no text that begins with 2yz, 4yz or 5yz";
	if (stage < 0)
		return "\"stage\" is none of connect, helo, tls, auth, mail, "
		       "rcpt, data, body";
	if (is_given(object, "at") && (event_time(object, "at") <= 0 ||
				       event_time(object, "at") > LAST_S))
		return "\"at\" is no time in seconds since 1970";
	if (is_given(object, "given_up") &&
	    !json_is_boolean(json_object_get(object, "given_up")))
		return "\"given_up\" is neither true nor false";
	return NULL;
}

static int read_one(struct event_reader *r, const json_t *object)
{
	struct span reply = event_text(object, "reply");
	int kind = kind_of(reply, object);
	int stage = stage_of(object);
	const char *mistake = mistake_of(object, kind, stage);
	struct fact_draft draft;

	if (mistake != NULL)
		return refuse(r, mistake);
	event_begin(r, (enum report_kind)kind, event_text(object, "id"),
		    object);
	r->event.at_s = event_time(object, "at");
	event_original(
		r, event_text(object, "message_id"), event_text(object, "from"),
		event_text(object, "subject"), event_text(object, "campaign"));
	fact_draft_init(&draft);
	draft.action = event_action((enum report_kind)kind);
	draft.address = event_text(object, "address");
	draft.stage = (enum smtp_stage)stage;
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
