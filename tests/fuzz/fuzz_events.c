/*
 * What providers send, or somebody in their name: events come out whole, with
 * texts that are safe to store, and the same ones each time it is read. The
 * first byte says whose it is.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "events/events.h"
#include "util/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX_KEYS 64

struct seen {
	size_t count;
	uint8_t keys[MAX_KEYS][MESSAGE_KEY_BYTES];
};

static void is_text(const char *s, size_t max)
{
	if (!s || strlen(s) > max || !text_is_utf8(span_of(s)))
		abort();
}

static void fact_is_sound(const struct fact *f)
{
	is_text(f->address, REPORT_MAX_ADDRESS);
	is_text(f->final, REPORT_MAX_ADDRESS);
	is_text(f->remote, REPORT_MAX_FIELD);
	is_text(f->reporting_mta, REPORT_MAX_FIELD);
	is_text(f->feedback_type, REPORT_MAX_FIELD);
	is_text(f->reply_text, REPORT_MAX_DIAGNOSTIC);
	is_text(f->diagnostic, REPORT_MAX_DIAGNOSTIC);
	if (f->address[0] == '\0' || f->reply < 0 || f->reply > 599)
		abort();
}

static int take(void *ctx, struct event *event)
{
	const struct report *r = &event->report;
	struct seen *seen = ctx;

	if (seen->count < MAX_KEYS)
		memcpy(seen->keys[seen->count], event->key, sizeof event->key);
	seen->count++;
	if (r->fact_count > REPORT_MAX_RECIPIENTS)
		abort();
	is_text(r->returned.message_id, REPORT_MAX_FIELD);
	is_text(r->returned.from, REPORT_MAX_FIELD);
	is_text(r->returned.subject, REPORT_MAX_FIELD);
	is_text(r->returned.campaign, REPORT_MAX_FIELD);
	for (size_t i = 0; i < r->fact_count; i++)
		fact_is_sound(&r->facts[i]);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {
		"ses",	     "sendgrid", "mailgun", "postmark",
		"sparkpost", "kumomta",	 "smtp"};
	struct seen first = {0}, second = {0};
	struct error err = {.text = ""};
	struct span bytes;
	int format, rc;

	if (size == 0)
		return 0;
	format = events_format_find(formats[data[0] % 7]);
	bytes = span_make((const char *)data + 1, size - 1);
	rc = events_read(format, bytes, take, &first, &err);
	if (rc != 0 && (err.scope != ERROR_MESSAGE || err.text[0] == '\0'))
		abort();
	if (events_read(format, bytes, take, &second, &err) != rc ||
	    memcmp(&first, &second, sizeof first) != 0)
		abort();
	return 0;
}
