/* Postmark's webhooks: one flat object, told apart by RecordType and Type. */
#include "events/reader.h"

#include <stdio.h>
#include <string.h>

/* Kinds of their bounces that are no failures; NULL ends. */
static const struct {
	const char *type;
	int kind; /* -1: says nothing about delivery */
} types[] = {
	{"Transient", REPORT_DELAY},
	{"AutoResponder", REPORT_AUTO_REPLY},
	{"ChallengeVerification", REPORT_AUTO_REPLY},
	{"SpamComplaint", REPORT_COMPLAINT},
	{"Unsubscribe", -1},
	{"Subscribe", -1},
	{"AddressChange", -1},
	{"OpenRelayTest", -1},
	{"Unconfirmed", -1},
	{NULL, 0},
};

static int kind_of(const json_t *root)
{
	struct span record = event_text(root, "RecordType");
	struct span type = event_text(root, "Type");

	if (span_eq(record, SPAN("Delivery")))
		return REPORT_SUCCESS;
	if (span_eq(record, SPAN("SpamComplaint")))
		return REPORT_COMPLAINT;
	/* Its first webhooks named no record. */
	if (record.n > 0 ? !span_eq(record, SPAN("Bounce"))
			 : event_text(root, "BouncedAt").n == 0)
		return -1;
	for (size_t i = 0; types[i].type != NULL; i++)
		if (span_eq(type, span_of(types[i].type)))
			return types[i].kind;
	return REPORT_BOUNCE;
}

static struct span words_of(const json_t *root, int kind)
{
	struct span details = event_text(root, "Details");

	if (kind == REPORT_COMPLAINT)
		return SPAN("abuse");
	/* Their own list: nothing was tried. */
	if (span_eq(event_text(root, "Type"), SPAN("ManuallyDeactivated")))
		return SPAN("not tried, on suppression list");
	return details.n > 0 ? details : event_text(root, "Description");
}

static int read_all(struct event_reader *r, const json_t *root)
{
	bool delivery =
		span_eq(event_text(root, "RecordType"), SPAN("Delivery"));
	int kind = kind_of(root);
	char id[32] = "";

	if (event_text(root, "MessageID").n == 0)
		return -1;
	if (kind < 0)
		return 0;
	if (event_number(root, "ID") != 0)
		snprintf(id, sizeof(id), "%lld",
			 (long long)event_number(root, "ID"));
	event_begin(r, (enum report_kind)kind, span_of(id), root);
	r->event.at_s =
		event_time(root, delivery ? "DeliveredAt" : "BouncedAt");
	event_original(r, event_text(root, "MessageID"),
		       event_text(root, "From"), event_text(root, "Subject"),
		       event_text(root, "Tag"));
	return event_finish(r,
			    event_text(root, delivery ? "Recipient" : "Email"),
			    words_of(root, kind));
}

const struct event_format event_postmark = {"postmark", read_all};
