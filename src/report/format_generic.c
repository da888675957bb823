#include "report/format.h"

#include "report/author.h"
#include "report/format_section.h"
#include "report/format_text.h"
#include "report/heading.h"
#include "report/languages.h"
#include "report/reply.h"
#include "report/title.h"

/*
 * What no other format knows: a mail system (not a person) says that mail
 * could not be delivered, and an address stands alone on its line or behind
 * one of a few words. And Exim's header that names who failed, whatever the
 * language of the text.
 */

static const char *const daemons[] = {
	"mailer-daemon",
	"mailer_daemon",
	"postmaster",
	"post_master",
	"mdaemon",
	"maildaemon",
	"mail-daemon",
	"mail delivery",
	"delivery sub",
	"mail system",
	"mail_service",
	"mailsystem",
	"mail administrator",
	"system administrator",
	"mail.delivery",
	NULL,
};
PHRASES(daemons);

static const char *const subjects[] = {
	"undeliverable",
	"undelivered",
	"delivery failure",
	"delivery status notification",
	"mail delivery failed",
	"mail delivery failure",
	"failure notice",
	"returned mail",
	"mail could not be delivered",
	"message delivery failure",
	"mail system error",
	"delivery notification",
	"mail error",
	"non-delivery",
	"delivery report",
	NULL,
};

/* People forward and answer bounces; that is no bounce. */
static const char *const quoted_subjects[] = {
	"re:", "fwd:", "fw:", "aw:", "wg:", "tr:", "rv:", NULL,
};

static bool is_of_a_system(const struct format_input *in,
			   const struct findings *out)
{
	struct span from = headers_raw(in->headers, "From", 0);
	struct span path = headers_raw(in->headers, "Return-Path", 0);

	if (in->machine_part || text_has_any(from, daemons_phrases) ||
	    text_has_any(path, daemons_phrases))
		return true;
	if (text_starts_any(out->subject, quoted_subjects))
		return false;
	return span_eq(span_trim(path), SPAN("<>")) ||
	       span_find(from, SPAN("<>")) != SPAN_NONE ||
	       text_starts_any(out->subject, subjects);
}

#define LIST(...) PHRASES_OF(__VA_ARGS__)
#define LEADS(...)                                                             \
	((const struct section_lead[]){__VA_ARGS__,                            \
				       {NULL, WORDS_BEHIND, false}})

static const struct section_row row = {
	.name = "generic",
	.signs = LIST("could not be delivered", "cannot be delivered",
		      "couldn't be delivered", "can not be delivered",
		      "could not deliver", "couldn't deliver",
		      "unable to deliver", "following recipient failed",
		      "trying to deliver the mail to",
		      "following recipients failed", "failed permanently",
		      "able to deliver", "not delivered", "not been delivered",
		      "did not reach", "undeliverable", "delivery failed",
		      "delivery failure", "delivery has failed",
		      "has not yet been delivered",
		      "delivery has been delayed of your",
		      "longer than expected to deliver",
		      "failed addresses follow", "had delivery errors",
		      "haven't received this message", "recipients are unknown",
		      "failed recipient", "delivery of email to this address",
		      "was automatically rejected", "was rejected due to",
		      "was rejected: ", "was rejected and",
		      "encountered an error", "encountered delivery problems",
		      "returned permanent errors", "delivery problems",
		      "undelivered", "was rejected by", "no such user here",
		      "no longer valid", "your message was addressed",
		      "error was detected while processing"),
	.leads = LEADS(
		{"failed recipient: ", WORDS_BEHIND, false},
		{"failed address: ", WORDS_BEHIND, false},
		{"intended recipient: ", WORDS_BEHIND, false},
		{"undeliverable address: ", WORDS_BEHIND, false},
		{"original recipient: ", WORDS_BEHIND, false},
		{"final recipient: ", WORDS_BEHIND, false},
		{"recipient address: ", WORDS_BEHIND, false},
		{"invalid receiver address: ", WORDS_LINE, false},
		{"delivery failed: ", WORDS_BEHIND, false},
		{"failed to deliver to ", WORDS_BEHIND, false},
		{"error-for: ", WORDS_BEHIND, false},
		{"could not be delivered to: ", WORDS_BEHIND, false},
		{"could not be delivered to ", WORDS_BEHIND, false},
		{"couldn't deliver your message to ", WORDS_BEHIND, false},
		{"unable to deliver message to: ", WORDS_BEHIND, false},
		{"unable to deliver your message to ", WORDS_BEHIND, false},
		{"unable to deliver message to ", WORDS_ALL, false},
		{"returned permanent errors: ", WORDS_BEHIND, false},
		{"returned temporary errors: ", WORDS_BEHIND, false},
		{"target mail address: ", WORDS_ALL, false},
		{"originally addressed to ", WORDS_BEHIND, false},
		{"your message was addressed, ", WORDS_BEHIND, false},
		{"addressed to email address : ", WORDS_BEHIND, false},
		{"addressed to '", WORDS_BEHIND, false},
		{"your message, addressed to ", WORDS_ALL, false},
		{"mailbox is full: ", WORDS_ALL, false},
		{"local mailbox ", WORDS_LINE, false},
		{"delivery to ", WORDS_BEHIND, true},
		{"zugestellt werden an: ", WORDS_BEHIND, false},
		{"your message to: ", WORDS_BEHIND, true},
		{"your message to ", WORDS_BEHIND, true},
		{"your mail to ", WORDS_BEHIND, true},
		{"收件人: ", WORDS_BEHIND, false},
		{"收件人：", WORDS_BEHIND, false},
		{"recipient: ", WORDS_BEHIND, false}),
	.bare = true,
	.labels = true,
};

/* "550 ..."; "550" alone may be a mailbox's size. */
static bool begins_with_refusal(struct span line)
{
	line = span_trim(line);
	return text_begins_with_reply(line) && line.p[0] == '5';
}

/* "The following were refused with 550 5.1.1 User unknown:" */
static bool is_heading_of_refusal(struct span line)
{
	struct reply reply;

	line = span_trim(line);
	if (!span_ends_ci(line, SPAN(":")))
		return false;
	reply_read_codes(line, &reply);
	return reply.code >= 500;
}

/*
 * "<address>: 550 ..." or "address 550 ..." on a line of its own, or the answer
 * above or below it, needs no word of any language.
 */
static bool has_refused_line(struct span text)
{
	struct span line, address;
	bool named = false, headed = false;
	size_t at = 0, end;

	while (text_next_line(text, &at, &line)) {
		if (named && begins_with_refusal(line))
			return true;
		end = text_address_at(line, text_indent(line), &address);
		named = end > 0 && text_is_blank(span_from(line, end)) &&
			span_find_char(address, '@') != SPAN_NONE;
		if (named && headed)
			return true;
		if (!text_is_blank(line))
			headed = is_heading_of_refusal(line);
		if (end == 0 || end >= line.n ||
		    (line.p[end] != ':' && !text_is_space(line.p[end])))
			continue;
		if (begins_with_refusal(span_from(line, end + 1)))
			return true;
	}
	return false;
}

/* A help desk's robot writes of a failure, too, under a title with a number. */
static bool is_robot_of_mail(struct span from, struct span subject)
{
	return author_is_named_robot(from) && !title_answers(subject) &&
	       !title_is_of_a_ticket(subject);
}

/* What a mail system says in words that nobody knows, by its shape. */
static bool is_report_by_shape(const struct format_input *in,
			       const struct findings *out)
{
	struct span path = headers_raw(in->headers, "Return-Path", 0);
	struct span from = headers_raw(in->headers, "From", 0);
	struct span text = text_head(in->text);

	return span_eq(span_trim(path), SPAN("<>")) &&
	       (text_has_any(from, daemons_phrases) ||
		is_robot_of_mail(from, out->subject)) &&
	       (has_refused_line(text) || heading_lists(text) > 1);
}

static bool is_generic(const struct format_input *in,
		       const struct findings *out)
{
	if (section_is(&row, in) || languages_head_tells_failure(in))
		return is_of_a_system(in, out);
	return is_report_by_shape(in, out);
}

static void read_generic(const struct format_input *in, struct findings *out)
{
	section_read(&row, in, out);
}

const struct format format_generic = {"generic", is_generic, read_generic};

static bool is_failed_recipients(const struct format_input *in,
				 const struct findings *out)
{
	(void)out;
	return headers_has(in->headers, "X-Failed-Recipients");
}

/* One text says nothing of each of several. */
static void read_failed_recipients(const struct format_input *in,
				   struct findings *out)
{
	enum report_action action = text_action(in, out);
	struct span list, address;
	struct fact_draft *d;
	size_t nth, at;

	for (nth = 0;
	     list = headers_raw(in->headers, "X-Failed-Recipients", nth),
	    list.n > 0;
	     nth++) {
		for (at = 0;
		     (at = text_address_find(list, at, &address)) > 0;) {
			d = findings_add(out, address, action);
			if (d == NULL)
				return;
		}
	}
	if (out->count == 1)
		out->list[0].words = in->text;
}

const struct format format_failed_recipients = {
	"x-failed-recipients", is_failed_recipients, read_failed_recipients};
