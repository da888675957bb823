/*
 * The names and small types of report.h: what classify prints, the database
 * stores and every later room reads.
 */
#include "report/report.h"

#include <string.h>

#include "util/num.h"

static const char *const kind_names[REPORT_KIND_COUNT] = {
	[REPORT_BOUNCE] = "bounce",	    [REPORT_DELAY] = "delay",
	[REPORT_SUCCESS] = "success",	    [REPORT_COMPLAINT] = "complaint",
	[REPORT_AUTO_REPLY] = "auto-reply", [REPORT_MDN] = "mdn",
	[REPORT_OTHER] = "other",	    [REPORT_UNREADABLE] = "unreadable",
};

static const char *const action_names[REPORT_ACTION_COUNT] = {
	[ACTION_UNKNOWN] = "",	      [ACTION_FAILED] = "failed",
	[ACTION_DELAYED] = "delayed", [ACTION_DELIVERED] = "delivered",
	[ACTION_RELAYED] = "relayed", [ACTION_EXPANDED] = "expanded",
};

static const char *const stage_names[SMTP_STAGE_COUNT] = {
	[STAGE_UNKNOWN] = "",  [STAGE_CONNECT] = "connect",
	[STAGE_HELO] = "helo", [STAGE_TLS] = "tls",
	[STAGE_AUTH] = "auth", [STAGE_MAIL] = "mail",
	[STAGE_RCPT] = "rcpt", [STAGE_DATA] = "data",
	[STAGE_BODY] = "body",
};

static int find_name(const char *const *names, int count, struct span name)
{
	for (int i = 0; i < count; i++) {
		if (span_eq(name, span_of(names[i])))
			return i;
	}
	return -1;
}

const char *report_kind_name(enum report_kind k)
{
	return kind_names[k];
}

const char *report_action_name(enum report_action a)
{
	return action_names[a];
}

const char *smtp_stage_name(enum smtp_stage s)
{
	return stage_names[s];
}

int report_kind_find(struct span name)
{
	return find_name(kind_names, REPORT_KIND_COUNT, name);
}

int report_action_find(struct span name)
{
	return find_name(action_names, REPORT_ACTION_COUNT, name);
}

int smtp_stage_find(struct span name)
{
	return find_name(stage_names, SMTP_STAGE_COUNT, name);
}

void report_settings_init(struct report_settings *s)
{
	static const char *const campaign_headers[] = {
		"X-Campaign",	     "X-Campaign-ID", "X-CampaignID",
		"X-Mailer-Campaign", "X-Mailing-ID",  NULL};

	s->stream_header = "";
	s->campaign_headers = campaign_headers;
	s->verp = NULL;
	s->max_depth = 8;
	s->max_parts = 1000;
	s->max_bytes = 4 * 1024 * 1024;
}

void report_init(struct report *r)
{
	memset(r, 0, sizeof(*r));
	arena_init(&r->arena);
	r->kind = REPORT_OTHER;
	r->format = r->message_id = r->from = r->subject = "";
	r->reporting_mta = r->received_from_mta = r->envelope_id = "";
	r->returned.message_id = r->returned.from = r->returned.to = "";
	r->returned.return_path = r->returned.subject = "";
	r->returned.campaign = r->returned.list_id = "";
	r->returned.feedback_id = r->returned.stream = "";
	r->headers = r->returned.headers = span_of("");
}

void report_release(struct report *r)
{
	arena_release(&r->arena);
	report_init(r);
}

/* A number and what follows it; returns where that ends. */
static char *put_number(char *out, unsigned n, char then)
{
	char digits[8];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0 && at > 0);
	memcpy(out, digits + at, sizeof(digits) - at);
	out += sizeof(digits) - at;
	*out = then;
	return out + 1;
}

char *status_format(struct status s, char out[STATUS_TEXT_BYTES])
{
	char *at = out;

	*at = '\0';
	if (s.class_ == 0)
		return out;
	at = put_number(at, s.class_, '.');
	at = put_number(at, s.subject, '.');
	put_number(at, s.detail, '\0');
	return out;
}

int status_parse(struct span s, struct status *out_r)
{
	size_t dot = span_find_char(s, '.');
	struct span subject, detail;
	int c, sub, det;

	if (dot != 1)
		return -1;
	subject = span_from(s, 2);
	dot = span_find_char(subject, '.');
	if (dot == SPAN_NONE || dot > 3)
		return -1;
	detail = span_from(subject, dot + 1);
	if (detail.n > 3 || num_int(s.p, 1, 5, &c) < 0 ||
	    num_int(subject.p, dot, 999, &sub) < 0 ||
	    num_int(detail.p, detail.n, 999, &det) < 0 ||
	    (c != 2 && c != 4 && c != 5))
		return -1;
	out_r->class_ = (uint8_t)c;
	out_r->subject = (uint16_t)sub;
	out_r->detail = (uint16_t)det;
	return 0;
}

/* How much a status says: nothing, a class, a subject, all of it. */
static int precision(struct status s)
{
	if (s.class_ == 0)
		return 0;
	if (s.subject == 0)
		return 1;
	/* X.4.7 says that somebody gave up, not why. */
	if (s.detail == 0 || (s.subject == 4 && s.detail == 7))
		return 2;
	return 3;
}

struct status fact_status(const struct fact *f)
{
	if (precision(f->reply_status) > precision(f->status))
		return f->reply_status;
	return f->status;
}
