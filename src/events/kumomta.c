/*
 * KumoMTA's log records, as its files and log hooks have them: one object an
 * event, docs.kumomta.com/reference/log_record/. It makes no bounce of what it
 * hears in its own sessions.
 */
#include "events/reader.h"

#include <string.h>

#include "util/buf.h"

static int kind_of(struct span type)
{
	static const struct {
		const char *type;
		enum report_kind kind;
	} kinds[] = {
		{"Bounce", REPORT_BOUNCE},
		{"Expiration", REPORT_BOUNCE},
		{"OOB", REPORT_BOUNCE},
		{"TransientFailure", REPORT_DELAY},
		{"Delayed", REPORT_DELAY},
		{"Delivery", REPORT_SUCCESS},
		{"Feedback", REPORT_COMPLAINT},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_eq(type, span_of(kinds[i].type)))
			return (int)kinds[i].kind;
	return -1;
}

/* What we had said when it came: "RCPT TO:<...>", "." and the like. */
static enum smtp_stage stage_of(struct span command)
{
	static const struct {
		const char *command;
		enum smtp_stage stage;
	} stages[] = {
		{"EHLO", STAGE_HELO},	 {"HELO", STAGE_HELO},
		{"LHLO", STAGE_HELO},	 {"STARTTLS", STAGE_TLS},
		{"AUTH", STAGE_AUTH},	 {"MAIL FROM", STAGE_MAIL},
		{"RCPT TO", STAGE_RCPT}, {"DATA", STAGE_DATA},
		{"BDAT", STAGE_BODY},	 {".", STAGE_BODY},
	};

	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		if (span_starts_ci(command, span_of(stages[i].command)))
			return stages[i].stage;
	return STAGE_UNKNOWN;
}

/* Code, enhanced code and text are apart there. */
static void add_words(struct buf *out, const json_t *response)
{
	int64_t class_ = event_number(response, "enhanced_code.class");
	struct span text = event_text(response, "content");

	if (event_number(response, "code") > 0)
		buf_addf(out, "%lld ",
			 (long long)event_number(response, "code"));
	if (class_ > 0)
		buf_addf(out, "%lld.%lld.%lld ", (long long)class_,
			 (long long)event_number(response,
						 "enhanced_code.subject"),
			 (long long)event_number(response,
						 "enhanced_code.detail"));
	buf_add(out, text.p, text.n);
}

/* A queue is named campaign:tenant@domain, with or without its parts. */
static struct span campaign_of(const json_t *record)
{
	struct span queue = event_text(record, "queue");
	struct span name = span_cut(queue, span_find_char(queue, '@'));
	size_t colon = span_find_char(name, ':');

	return colon != SPAN_NONE && name.n < queue.n ? span_cut(name, colon)
						      : SPAN("");
}

static struct span without_dot(struct span host)
{
	return host.n > 0 && host.p[host.n - 1] == '.'
		       ? span_cut(host, host.n - 1)
		       : host;
}

/* One answer may be about several recipients of one message. */
static void add_recipients(struct event_reader *r, const json_t *record)
{
	const json_t *all = json_object_get(record, "recipient");
	const json_t *response = json_object_get(record, "response");
	size_t n = json_is_array(all) ? json_array_size(all) : 1;
	struct fact_draft draft;
	struct buf words;

	buf_init(&words);
	add_words(&words, response);
	fact_draft_init(&draft);
	draft.action = event_action(r->event.report.kind);
	draft.stage = stage_of(event_text(response, "command"));
	draft.remote = without_dot(event_text(record, "peer_address.name"));
	draft.type = SPAN("smtp");
	draft.words = span_make(words.data, words.len);
	for (size_t i = 0; i < n; i++) {
		const json_t *one =
			json_is_array(all) ? json_array_get(all, i) : all;

		draft.address = span_make(json_string_value(one),
					  json_string_length(one));
		event_recipient(r, &draft);
	}
	buf_release(&words);
}

/* It may have come about one of several: nobody is blamed then. */
static void add_complaint(struct event_reader *r, const json_t *feedback)
{
	const json_t *all = json_object_get(feedback, "original_rcpto_to");
	struct fact_draft draft;
	struct fact *f;

	if (!json_is_array(all))
		all = json_object_get(feedback, "original_rcpt_to");
	fact_draft_init(&draft);
	draft.address = event_text(feedback, "supplemental_trace.recipient");
	if (draft.address.n == 0 && json_array_size(all) == 1)
		draft.address =
			span_make(json_string_value(json_array_get(all, 0)),
				  json_string_length(json_array_get(all, 0)));
	f = event_recipient(r, &draft);
	if (f != NULL)
		f->feedback_type = facts_text(
			&r->event.report, event_text(feedback, "feedback_type"),
			REPORT_MAX_FIELD);
}

static int read_one(struct event_reader *r, const json_t *record)
{
	struct span type = event_text(record, "type");
	int kind = kind_of(type);

	if (type.n == 0)
		return -1;
	/* What a log hook sends on are records, not mail. */
	if (kind < 0 || span_eq(event_text(record, "reception_protocol"),
				SPAN("LogRecord")))
		return 0;
	/* Its id is the message's, which has many events. */
	event_begin(r, (enum report_kind)kind, SPAN(""), record);
	r->event.at_s = event_time(record, "timestamp");
	event_original(r, event_text(record, "headers.Message-ID"),
		       event_text(record, "sender"),
		       event_text(record, "headers.Subject"),
		       campaign_of(record));
	r->event.report.returned.date_s = event_time(record, "created");
	if (kind == REPORT_COMPLAINT)
		add_complaint(r, json_object_get(record, "feedback_report"));
	else
		add_recipients(r, record);
	return event_end(r);
}

static int read_all(struct event_reader *r, const json_t *root)
{
	return event_each(r, root, read_one);
}

const struct event_format event_kumomta = {"kumomta", read_all};
