#include "report/format.h"

#include <string.h>

#include "report/format_text.h"

/*
 * Amazon SES tells of bounces in JSON, which its notification service mails
 * as text:
 *	"bouncedRecipients":[{"emailAddress":"a@example.com",
 *	 "status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 unknown"}]
 * Only the few members that are of use are looked for; complaints come the
 * same way and are left alone.
 */

static const struct {
	const char *member;
	enum report_action action;
} lists[] = {
	{"\"bouncedRecipients\"", ACTION_FAILED},
	{"\"delayedRecipients\"", ACTION_DELAYED},
	{"\"delivery\"", ACTION_DELIVERED},
};

static bool is_sns(const struct format_input *in, const struct findings *out)
{
	struct span text = span_trim(text_head(in->text));

	(void)out;
	return text.n > 0 && text.p[0] == '{' &&
	       (text_has(text, "\"notificationType\"") ||
		text_has(text, "\"eventType\"")) &&
	       text_has(text, "\"mail\"");
}

/* The end of the string that begins at the quote at `at`; text.n without. */
static size_t string_end(struct span text, size_t at)
{
	for (at++; at < text.n && text.p[at] != '"'; at++)
		if (text.p[at] == '\\')
			at++;
	return at < text.n ? at : text.n;
}

/* A string as the words of a fact: escapes become what they stand for. */
static struct span unescape(struct findings *out, struct span s)
{
	struct buf b;
	size_t i;

	buf_init(&b);
	for (i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n) {
			c = s.p[++i];
			if (c == 'n' || c == 'r' || c == 't')
				c = ' ';
		}
		buf_add_char(&b, c);
	}
	s = findings_keep(out, &b);
	buf_release(&b);
	return s;
}

/* "smtp; 550 5.1.1 unknown": the type and the words. */
static void set_diagnostic(struct fact_draft *d, struct span s)
{
	size_t end = span_find_char(s, ';');

	if (end != SPAN_NONE && end < 16) {
		d->type = span_trim(span_cut(s, end));
		s = span_trim(span_from(s, end + 1));
	}
	d->words = s;
}

static void set_member(struct findings *out, struct span name,
		       struct span value, enum report_action action,
		       struct fact_draft **d)
{
	if (span_eq(name, SPAN("emailAddress"))) {
		*d = findings_add(out, unescape(out, value), action);
	} else if (*d == NULL) {
		return;
	} else if (span_eq(name, SPAN("status"))) {
		if (status_parse(value, &(*d)->status) < 0)
			(*d)->status = (struct status){0};
	} else if (span_eq(name, SPAN("diagnosticCode"))) {
		set_diagnostic(*d, unescape(out, value));
	}
}

/* The objects of the list that begins at `at`: one recipient each. */
static void read_list(struct span text, size_t at, enum report_action action,
		      struct findings *out)
{
	struct span name = {text.p, 0}, value;
	struct fact_draft *d = NULL;
	size_t end;

	for (; at < text.n && text.p[at] != ']'; at++) {
		if (text.p[at] == '{')
			d = NULL;
		if (text.p[at] != '"')
			continue;
		end = string_end(text, at);
		value = span_make(text.p + at + 1, end - at - 1);
		at = end;
		if (at + 1 < text.n && text.p[at + 1] == ':')
			name = value;
		else
			set_member(out, name, value, action, &d);
	}
}

/* "recipients":["a@example.com"], and one "smtpResponse" for all. */
static void read_delivery(struct span text, struct findings *out)
{
	size_t i, at = span_find(text, SPAN("\"recipients\":[")), end;
	struct span words = {text.p, 0};

	for (at = at == SPAN_NONE ? text.n : at + 13;
	     at < text.n && text.p[at] != ']'; at++) {
		if (text.p[at] != '"')
			continue;
		end = string_end(text, at);
		findings_add(
			out,
			unescape(out, span_make(text.p + at + 1, end - at - 1)),
			ACTION_DELIVERED);
		at = end;
	}
	at = span_find(text, SPAN("\"smtpResponse\":\""));
	if (at != SPAN_NONE) {
		end = string_end(text, at + 15);
		words = unescape(out,
				 span_make(text.p + at + 16, end - at - 16));
	}
	for (i = 0; i < out->count; i++)
		out->list[i].words = words;
}

static void read_sns(const struct format_input *in, struct findings *out)
{
	struct span rest;
	size_t i, at;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		at = span_find(in->text, span_of(lists[i].member));
		if (at == SPAN_NONE)
			continue;
		rest = span_from(in->text, at + strlen(lists[i].member));
		if (lists[i].action == ACTION_DELIVERED)
			read_delivery(rest, out);
		else
			read_list(rest, 0, lists[i].action, out);
		return;
	}
}

const struct format format_sns = {"ses-notification", is_sns, read_sns};
