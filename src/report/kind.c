/*
 * Is it a report at all? The structure decides first, then who speaks. A
 * bounce that a person forwards, replies to or quotes is about somebody
 * else's mail and must never count.
 */
#include "report/kind.h"

#include <string.h>

#include "report/author.h"
#include "report/autoreply.h"
#include "report/format_text.h"
#include "report/languages.h"
#include "report/quoting.h"
#include "report/reply.h"
#include "report/returned.h"
#include "report/tally.h"
#include "report/title.h"
#include "report/words.h"
#include "util/address.h"

bool kind_is_machine_part(const struct part *part)
{
	return mime_is(part, "message/delivery-status") ||
	       mime_is(part, "message/global-delivery-status");
}

const struct part *kind_machine_part(const struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (kind_is_machine_part(&parts->list[i]))
			return &parts->list[i];
	}
	return NULL;
}

bool kind_is_structured(const struct parts *parts)
{
	return kind_machine_part(parts) ||
	       mime_find(parts, "message/feedback-report") ||
	       mime_find(parts, "message/disposition-notification");
}

static const char *const failure_words[] = {
	"undeliver",
	"nondeliver",
	"not delivered",
	"not be delivered",
	"couldn't be delivered",
	"could not deliver",
	"couldn't deliver",
	"able to deliver",
	"delivery fail",
	"failed mail",
	"delivery has failed",
	"failure notice",
	"delivery status notification",
	"delivery of email to this address",
	"returned mail",
	"returned to sender",
	"did not reach",
	"delayed to these recipients",
	NULL,
};
PHRASES(failure_words);

/* Fields that programs for people or lists write, and mail systems do not. */
static const char *const human_fields[] = {
	"User-Agent",  "In-Reply-To", "References",	 "List-Unsubscribe",
	"List-Id",     "List-Post",   "X-Forwarded-For", "Thread-Topic",
	"X-BeenThere", NULL,
};

static bool has_any(const struct headers *h, const char *const *names)
{
	for (; *names; names++) {
		if (headers_has(h, *names))
			return true;
	}
	return false;
}

bool kind_is_daemon(const struct reading *in)
{
	const struct headers *h = &in->headers;

	return headers_has(h, "X-Failed-Recipients") ||
	       headers_has(h, "X-MS-Exchange-Message-Is-Ndr") ||
	       author_is_named_daemon(headers_raw(h, "From", 0));
}

bool kind_speaks_of_failure(struct span text)
{
	return words_contain_any(text, failure_words_phrases) ||
	       languages_tell_failure(text);
}

bool kind_quotes_title(struct span subject)
{
	size_t colon = span_find(subject, SPAN(": "));

	return colon != SPAN_NONE &&
	       kind_speaks_of_failure(span_cut(subject, colon));
}

/*
 * fml's command server refuses in the name of the list's owner, where what the
 * list itself sends has a number; Mailman marks what it says itself.
 */
static bool is_list_server(const struct headers *h)
{
	return (headers_has(h, "X-MLServer") &&
		!headers_has(h, "X-Mail-Count")) ||
	       headers_has(h, "X-List-Administrivia");
}

/* Bo Dahl, unless he gives back what we sent: what he reports is his own. */
static bool is_person(const struct reading *in)
{
	if (author_is_robot(in))
		return false;
	return author_has_own_path(in) ||
	       (!headers_is_nameless(&in->headers) && !in->returned &&
		!quoting_has_heading(in));
}

#define SALUTATION_MAX_BYTES 40

/* What it begins with, behind what it says of itself. */
static struct span first_sentence(struct span text)
{
	struct span sentence;
	size_t end;

	do {
		text = span_trim_start(text);
		for (end = 0; end < text.n && !text_ends_sentence(text, end);)
			end++;
		sentence = span_cut(text, end);
		text = span_from(text, end + (end < text.n));
	} while (languages_speak_of_themselves(sentence));
	return sentence;
}

bool kind_begins_with_failure(const struct reading *in)
{
	struct span text = text_head(in->input.text);

	return kind_speaks_of_failure(first_sentence(text)) &&
	       text_has_reply(text);
}

bool kind_speaks_of_mail(struct span title)
{
	static const char *const mail[] = {
		"mail",	   "message",  "nachricht", "courriel", "mensaje",
		"correo",  "mensagem", "messaggio", "bericht",	"wiadomo",
		"ообщени", "исьм",     "メール",    "邮件",	"郵件",
		"메일",	   NULL};
	PHRASES(mail);

	return words_contain_any(title, mail_phrases);
}

/*
 * "New comment on: Undelivered mail": the failure is in the name of something
 * else. Mail systems put theirs in front, or speak of mail there.
 */
static bool names_a_failure(struct span title)
{
	size_t colon = span_find(title, SPAN(": "));
	struct span head;

	if (colon == SPAN_NONE)
		return false;
	head = span_cut(title, colon);
	return !kind_speaks_of_failure(head) && !kind_speaks_of_mail(head) &&
	       kind_speaks_of_failure(title);
}

/* "Mail delivery failed", with our own title behind it or without. */
static bool has_title_of_failure(const struct reading *in)
{
	struct span title = span_of(in->report->subject);

	return kind_speaks_of_mail(title) && kind_speaks_of_failure(title) &&
	       !names_a_failure(title);
}

/* Behind "Dear sir," and the like, which people and programs write. */
static struct span without_salutation(struct span text)
{
	struct span rest = span_trim_start(text), line;

	if (span_next_line(&rest, &line) && line.n <= SALUTATION_MAX_BYTES &&
	    (span_ends_ci(span_trim(line), SPAN(",")) ||
	     span_ends_ci(span_trim(line), SPAN("!"))))
		return rest;
	return text;
}

static bool begins_as_report(const struct reading *in)
{
	struct span first =
		first_sentence(without_salutation(text_head(in->input.text)));

	return quoting_has_heading(in) || kind_speaks_of_failure(first) ||
	       author_is_named_daemon(first);
}

/* Of mail, or of those to whom it goes. */
static bool speaks_as_mail_system(struct span sentence)
{
	static const char *const words[] = {"deliver",	"recipient", "address",
					    "user",	"zustell",   "empfäng",
					    "destinat", "error",     NULL};
	PHRASES(words);

	return kind_speaks_of_mail(sentence) ||
	       words_contain_any(sentence, words_phrases);
}

/*
 * service@ may be an office, where people write. What a program reports is in
 * its title, and it speaks of mail before anything else, without a greeting;
 * or the failure is the first thing that it tells.
 */
static bool may_be_an_office(const struct reading *in)
{
	struct span title = span_of(in->report->subject);
	struct span text = text_head(in->input.text);
	bool titled = in->from_daemon || (kind_speaks_of_failure(title) &&
					  !names_a_failure(title));

	if (!author_has_own_path(in) || in->returned || begins_as_report(in))
		return false;
	return !titled || without_salutation(text).n < text.n ||
	       !speaks_as_mail_system(first_sentence(text));
}

/* A sender of that kind, or a subject that only a report has. */
static bool is_robot(const struct reading *in)
{
	if (author_is_robot(in))
		return !may_be_an_office(in);
	return kind_speaks_of_failure(span_of(in->report->subject)) &&
	       !is_person(in);
}

/*
 * An answer in a thread that came with a person's return path, whatever name
 * it is signed with. Mail systems that thread their reports leave it empty.
 */
static bool is_answer(const struct reading *in)
{
	struct span path = headers_raw(&in->headers, "Return-Path", 0);

	return !in->input.machine_part && span_trim(path).n > 0 &&
	       !in->report->null_return_path &&
	       span_find_ci(path, SPAN("<root@")) == SPAN_NONE &&
	       !author_is_named_daemon(path) &&
	       headers_has(&in->headers, "In-Reply-To");
}

/*
 * "Re: our title : non remis (delivery failed)": a program that answers under
 * our title puts its own words behind it; it has no name beside its address,
 * writes none of the fields by which a person's mail program keeps a thread,
 * and quotes nothing.
 */
#define NOTICE_MAX_BYTES 1024

static bool is_notice_under_our_title(const struct reading *in)
{
	static const char *const answers[] = {"re:", "aw:", "sv:", NULL};
	struct span title = span_of(in->report->subject), text = in->input.text;
	size_t end = title.n;

	if (!words_start_any(title, answers))
		return false;
	while (title.p[end - 1] != ':')
		end--;
	return end > 3 && kind_speaks_of_failure(span_from(title, end)) &&
	       text.n <= NOTICE_MAX_BYTES &&
	       headers_is_nameless(&in->headers) &&
	       !has_any(&in->headers, human_fields) &&
	       span_find_char(text, '>') == SPAN_NONE;
}

/*
 * A report to a list that the list gave to its members, its own footer put
 * behind: about mail that one of them had sent. A group that only hands mail
 * on leaves the report's structure as it is.
 */
static bool is_handed_round(const struct reading *in)
{
	const struct part *part = kind_machine_part(&in->parts);

	return part && part->depth > 1 && !in->report->null_return_path &&
	       (headers_has(&in->headers, "List-Id") ||
		headers_has(&in->headers, "List-Post"));
}

/*
 * "Automatic reply: ... X has left, your message was not delivered, write to
 * Y": a program that answers for a person, and says so, may use the words of a
 * report. Y did not fail. A help desk thanks for the report that it got.
 */
static bool is_answering_program(const struct reading *in)
{
	struct reply reply;

	if (in->input.machine_part)
		return false;
	if (in->from_daemon) {
		if (!author_is_postmaster(in) || !autoreply_has_title(in) ||
		    kind_speaks_of_failure(span_of(in->report->subject)))
			return false;
		reply_read_codes(in->input.text, &reply);
		return reply.code < 500;
	}
	if (autoreply_acknowledges(in) ||
	    (!author_is_robot(in) && autoreply_is_marked(in)))
		return true;
	if (!autoreply_asks(in))
		return false;
	reply_read_codes(in->input.text, &reply);
	return reply.code < 500;
}

/*
 * Whoever reports under a name of his own reports to the sender: of "your
 * message", with it, with the session in which he gave it on, or under a title
 * that only mail systems use. Others tell how mail of theirs fared, or a voice
 * message, or a parcel.
 */
static bool is_told_to_us(const struct reading *in)
{
	static const char *const systems[] = {
		"rcpt to:", "final-recipient:", "following recipient",
		"following address", NULL};
	PHRASES(systems);
	static const char *const titles[] = {"undeliverable: ",
					     "undelivered mail",
					     "mail delivery fail",
					     "returned mail",
					     "failure notice",
					     "delivery status notification",
					     NULL};
	struct span text = span_trim_start(text_head(in->input.text));
	struct span subject = span_of(in->report->subject);

	return in->returned || span_starts_ci(text, SPAN("{")) ||
	       quoting_has_heading(in) || words_start_any(subject, titles) ||
	       words_contain_any(text, systems_phrases) ||
	       languages_speak_of_ours(subject) ||
	       languages_speak_of_ours(text) ||
	       returned_inline(in->input.text, in->input.text.n).n > 0;
}

/* Who has no name that is known is told by what he begins with. */
bool kind_is_mail_robot(const struct reading *in)
{
	struct span subject = span_of(in->report->subject);

	return in->report->null_return_path &&
	       (kind_begins_with_failure(in) ||
		(has_title_of_failure(in) &&
		 (author_is_robot(in) || author_is_nobody(in)))) &&
	       !title_answers(subject) && !title_is_of_a_ticket(subject) &&
	       !has_any(&in->headers, human_fields) && is_told_to_us(in);
}

/* Mail programs hand the parts of a report on beside what a person says. */
static bool is_forwarded_in_parts(const struct reading *in)
{
	return (has_any(&in->headers, human_fields) || is_person(in)) &&
	       span_find_ci(in->input.content_type, SPAN("multipart/report")) ==
		       SPAN_NONE;
}

/* A copy for the record, or one of many: a newsletter has no list to post to.
 */
static bool is_for_others(const struct reading *in)
{
	const struct headers *h = &in->headers;

	return headers_has(h, "X-MS-Journal-Report") ||
	       (headers_has(h, "List-Unsubscribe") &&
		!headers_has(h, "List-Post") && !in->input.machine_part &&
		!in->report->null_return_path && author_is_postmaster(in));
}

bool kind_may_report(const struct reading *in)
{
	struct span subject = span_of(in->report->subject), name;

	if (author_is_the_sender(in) || author_poses(in, &name) ||
	    is_answer(in) || quoting_is_answer(in) || is_handed_round(in) ||
	    is_answering_program(in) || tally_is(in) || quoting_is(in) ||
	    title_is_for_postmaster(subject) || is_for_others(in))
		return false;
	if (in->from_daemon || author_is_nobody(in))
		return !author_is_postmaster(in) || !author_has_own_path(in) ||
		       kind_speaks_of_failure(subject) ||
		       (is_told_to_us(in) && !may_be_an_office(in));
	if (title_is_numbered(subject) || quoting_is_form(in) ||
	    (!in->returned && !in->input.machine_part &&
	     title_is_of_talk(subject)) ||
	    ((title_is_alert(subject) || title_is_of_a_tracker(subject) ||
	      (title_ends_in_number(subject) && !kind_quotes_title(subject))) &&
	     !in->input.machine_part))
		return false;
	if (in->report->null_return_path)
		return in->input.machine_part ||
		       (is_told_to_us(in) &&
			(!names_a_failure(subject) || begins_as_report(in)));
	if (title_answers(subject) && !is_notice_under_our_title(in))
		return false;
	return (in->input.machine_part && !in->found_hidden &&
		!is_forwarded_in_parts(in)) ||
	       is_list_server(&in->headers) ||
	       ((is_robot(in) || is_notice_under_our_title(in)) &&
		(!has_any(&in->headers, human_fields) ||
		 quoting_has_heading(in)) &&
		is_told_to_us(in));
}

enum report_kind kind_of_actions(const struct report *r)
{
	enum report_kind kind = REPORT_OTHER;

	for (size_t i = 0; i < r->fact_count; i++) {
		switch (r->facts[i].action) {
		case ACTION_FAILED:
			return REPORT_BOUNCE;
		case ACTION_DELAYED:
			kind = REPORT_DELAY;
			break;
		case ACTION_DELIVERED:
		case ACTION_RELAYED:
		case ACTION_EXPANDED:
			if (kind == REPORT_OTHER)
				kind = REPORT_SUCCESS;
			break;
		case ACTION_UNKNOWN:
			break;
		}
	}
	return kind;
}
