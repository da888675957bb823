/*
 * Amazon SES: notifications and published events, as they are, in the envelope
 * of SNS, whose Message is JSON in a string, or in that of EventBridge. One may
 * name several recipients.
 */
#include "events/reader.h"

#include "util/buf.h"

static const struct ses_kind {
	const char *type, *part, *list;
	enum report_kind kind;
} kinds[] = {
	{"Bounce", "bounce", "bouncedRecipients", REPORT_BOUNCE},
	{"Complaint", "complaint", "complainedRecipients", REPORT_COMPLAINT},
	{"Delivery", "delivery", "recipients", REPORT_SUCCESS},
	{"DeliveryDelay", "deliveryDelay", "delayedRecipients", REPORT_DELAY},
};

/* Where no server's words came back, theirs say a little. */
static struct span words_of(const json_t *part, const json_t *recipient)
{
	struct span words = event_text(recipient, "diagnosticCode");
	struct span type = event_text(part, "bounceSubType");

	if (words.n > 0)
		return words;
	if (span_eq(type, SPAN("Suppressed")) ||
	    span_eq(type, SPAN("OnAccountSuppressionList")))
		return SPAN("not tried, on suppression list");
	if (span_eq(type, SPAN("MailboxFull")))
		return SPAN("mailbox full");
	return event_text(part, "smtpResponse");
}

/* "smtp; 550 5.1.1 ...": the type apart, as in RFC 3464. */
static void split_type(struct fact_draft *d)
{
	size_t at = span_find_char(d->words, ';');

	d->type = SPAN("smtp");
	/* A word; the words themselves may have one as well. */
	if (at == SPAN_NONE || at > 16 || !text_is_alpha(d->words.p[0]) ||
	    span_find_char(span_cut(d->words, at), ' ') != SPAN_NONE)
		return;
	d->type = span_trim(span_cut(d->words, at));
	d->words = span_trim_start(span_from(d->words, at + 1));
}

static void add_recipient(struct event_reader *r, const json_t *part,
			  const json_t *recipient, bool alone)
{
	enum report_kind kind = r->event.report.kind;
	struct fact_draft d;
	struct fact *f;

	fact_draft_init(&d);
	d.action = event_action(kind);
	d.address = json_is_string(recipient)
			    ? span_make(json_string_value(recipient),
					json_string_length(recipient))
			    : event_text(recipient, "emailAddress");
	if (status_parse(event_text(recipient, "status"), &d.status) != 0 &&
	    span_eq(event_text(part, "bounceSubType"), SPAN("NoEmail")))
		d.status = (struct status){5, 1, 1};
	if (kind != REPORT_COMPLAINT) {
		d.words = words_of(part, recipient);
		split_type(&d);
	}
	f = event_recipient(r, &d);
	if (f == NULL || kind != REPORT_COMPLAINT)
		return;
	/* Of several it may have been any one: nobody is blamed then. */
	f->feedback_type =
		facts_text(&r->event.report,
			   alone ? event_text(part, "complaintFeedbackType")
				 : SPAN("one-of-several"),
			   REPORT_MAX_FIELD);
}

static void add_original(struct event_reader *r, const json_t *mail)
{
	struct span id = event_text(mail, "commonHeaders.messageId");
	struct span from = event_text(mail, "commonHeaders.from");

	event_original(r, id.n > 0 ? id : event_text(mail, "messageId"),
		       from.n > 0 ? from : event_text(mail, "source"),
		       event_text(mail, "commonHeaders.subject"),
		       event_text(mail, "tags.ses:campaign"));
	r->event.report.returned.date_s = event_time(mail, "timestamp");
}

static void add_host(struct event_reader *r, const json_t *part)
{
	struct span host = event_text(part, "reportingMTA");
	size_t at = span_find_char(host, ';');

	if (at != SPAN_NONE)
		host = span_trim_start(span_from(host, at + 1));
	r->event.report.reporting_mta =
		facts_text(&r->event.report, host, REPORT_MAX_FIELD);
}

static int read_kind(struct event_reader *r, const json_t *root,
		     const struct ses_kind *k)
{
	const json_t *part = json_object_get(root, k->part);
	const json_t *list = json_object_get(part, k->list);
	size_t i, n = json_array_size(list);

	if (!json_is_array(list))
		return -1;
	event_begin(r, k->kind, event_text(part, "feedbackId"), root);
	r->event.at_s = event_time(part, "timestamp");
	add_original(r, json_object_get(root, "mail"));
	add_host(r, part);
	for (i = 0; i < n; i++)
		add_recipient(r, part, json_array_get(list, i), n == 1);
	return event_end(r);
}

static int read_event(struct event_reader *r, const json_t *root)
{
	struct span type = event_text(root, "notificationType");

	if (type.n == 0)
		type = event_text(root, "eventType");
	if (type.n == 0)
		return -1;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (span_eq(type, span_of(kinds[i].type)))
			return read_kind(r, root, &kinds[i]);
	return 0;
}

/* On the bus are other events of SES too, about the account. */
static int read_bus_event(struct event_reader *r, const json_t *detail)
{
	if (!json_is_object(detail))
		return -1;
	return json_object_get(detail, "eventType") ? read_event(r, detail) : 0;
}

static int read_all(struct event_reader *r, const json_t *root)
{
	struct span inner = event_text(root, "Message");
	json_error_t bad;
	json_t *message;
	int rc;

	/* A question whether the topic is wanted: a person answers it. */
	if (span_eq(event_text(root, "Type"), SPAN("SubscriptionConfirmation")))
		return -1;
	if (span_eq(event_text(root, "source"), SPAN("aws.ses")))
		return read_bus_event(r, json_object_get(root, "detail"));
	if (inner.n == 0)
		return read_event(r, root);
	message = event_load(inner, &bad);
	rc = message != NULL ? read_event(r, message) : -1;
	json_decref(message);
	return rc;
}

const struct event_format event_ses = {"ses", read_all};
