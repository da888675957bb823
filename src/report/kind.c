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

/* Local parts under which mail systems speak, on word borders. */
static const char *const daemon_names[] = {
	"mailer-daemon", "mailer_daemon", "mailerdaemon",  "postmaster",
	"post_master",	 "post-master",	  "mail-daemon",   "maildaemon",
	"mdaemon",	 "mailsystem",	  "mail-system",   "microsoftexchange",
	"bounce-notice", "double-bounce", "mail_delivery", NULL,
};

/* Names of programs that answer for a mail system under other names. */
static const char *const robot_names[] = {
	"no-reply", "noreply", "no_reply", "do-not-reply", "donotreply",
	"ndr@",	    "admin",   "system",   "service",	   "gateway",
	"smtp",	    "imss",    "virus",	   "mta@",	   "delivery",
	"bounce",   "root@",   "relay@",   "filter",	   "posta-certificata@",
	NULL,
};

static const char *const failure_words[] = {
	"undeliver",
	"not delivered",
	"not be delivered",
	"couldn't be delivered",
	"could not deliver",
	"able to deliver",
	"delivery fail",
	"failed mail",
	"delivery has failed",
	"delivery failure",
	"failure notice",
	"delivery status notification",
	"delivery of email to this address",
	"returned mail",
	"mail delivery failed",
	"returned to sender",
	"did not reach",
	NULL,
};

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
	       words_contain_any(headers_raw(h, "From", 0), daemon_names);
}

bool kind_speaks_of_failure(struct span text)
{
	return words_contain_any(text, failure_words) ||
	       languages_tell_failure(text);
}

bool kind_quotes_title(struct span subject)
{
	size_t colon = span_find(subject, SPAN(": "));

	return colon != SPAN_NONE &&
	       kind_speaks_of_failure(span_cut(subject, colon));
}

static bool has_no_author(const struct reading *in)
{
	struct span from = span_trim(headers_raw(&in->headers, "From", 0));

	return from.n == 0 || span_ends_ci(from, SPAN("<>"));
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

/* Nothing else begins so, whatever a list on the way added to the header. */
static const char *const headings[] = {
	"--- non-delivery report ---",
	"this is an automatically generated delivery status",
	"this is the mail system at host",
	"hi. this is the",
	"this message was created automatically by mail delivery software",
	"delivery has failed to these recipients",
	"your message did not reach some or all of the intended recipients",
	NULL};

static bool has_heading(const struct reading *in)
{
	return words_start_any(in->input.text, headings);
}

/* A postmaster may be a person too, and write of other things. */
static bool is_of_a_postmaster(const struct reading *in)
{
	struct span from = span_of(in->report->from);

	return from.n > 0 && !in->input.machine_part &&
	       !headers_has(&in->headers, "X-Failed-Recipients") &&
	       span_find_ci(from, SPAN("daemon@")) == SPAN_NONE;
}

static bool has_letter(struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (text_is_alpha(line.p[i]) || (line.p[i] & 0x80))
			return true;
	return false;
}

static bool has_robot_name(const struct reading *in)
{
	return words_contain_any(headers_raw(&in->headers, "From", 0),
				 robot_names);
}

/* "[EXTERNAL]", "CAUTION: ...": a gateway's, above whatever passes it. */
static bool is_banner(struct span line)
{
	static const char *const words[] = {"[ext",	"external",  "caution",
					    "warning:", "extern:",   "achtung",
					    "outside",	"untrusted", NULL};

	return words_contain_any(line, words);
}

/*
 * What a mail system begins with stands below what somebody else says: a
 * person, a forum, a help desk. Who comes by his own path is none of those
 * that begin so: they leave it empty.
 */
static bool is_quoting(const struct reading *in)
{
	static const char *const systems[] = {"mail delivery", "mail system",
					      NULL};
	struct span text = in->input.text, line;
	bool banner = false;
	size_t at = 0;

	if (in->input.machine_part ||
	    (kind_is_daemon(in) &&
	     !(is_of_a_postmaster(in) && author_has_own_path(in))) ||
	    words_contain_any(headers_raw(&in->headers, "From", 0), systems) ||
	    (in->report->null_return_path && has_robot_name(in) &&
	     kind_speaks_of_failure(span_of(in->report->subject))))
		return false;
	/* Our mail that came back may have held anything. */
	text = span_cut(text, text.n - returned_inline(text, 0).n);
	if (!text_has_any(text, headings))
		return false;
	if (author_has_own_path(in) && !kind_is_daemon(in))
		return true;
	while (text_next_line(text, &at, &line)) {
		if (words_start_any(line, headings))
			return false;
		banner = has_letter(line) && (banner || is_banner(line));
		if (has_letter(line) && !banner)
			return true;
	}
	return true;
}

/* Bo Dahl, unless he gives back what we sent: what he reports is his own. */
static bool is_person(const struct reading *in)
{
	return !headers_is_nameless(&in->headers) && !has_robot_name(in) &&
	       (author_has_own_path(in) || (!in->returned && !has_heading(in)));
}

/* A sender of that kind, or a subject that only a report has. */
static bool is_robot(const struct reading *in)
{
	return has_robot_name(in) ||
	       (kind_speaks_of_failure(span_of(in->report->subject)) &&
		!is_person(in));
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
	       !words_contain_any(path, daemon_names) &&
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
 * "Re: Undelivered Mail" of a person behind postmaster@, and whoever answers
 * without a mail system's name: what speaks of failure stands in what is quoted
 * alone.
 */
static bool is_answer_to_report(const struct reading *in)
{
	struct span text = in->input.text, line;
	size_t start = 0, at = 0;

	if (in->input.machine_part ||
	    (kind_is_daemon(in) &&
	     (in->report->null_return_path ||
	      !title_answers(span_of(in->report->subject)))))
		return false;
	while (start = at, text_next_line(text, &at, &line)) {
		if (line.n > 0 && line.p[0] == '>')
			return !kind_speaks_of_failure(span_cut(text, start));
	}
	return false;
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
	if (kind_is_daemon(in)) {
		if (!is_of_a_postmaster(in) || !autoreply_has_title(in) ||
		    kind_speaks_of_failure(span_of(in->report->subject)))
			return false;
		reply_read(in->input.text, &reply);
		return reply.code < 500;
	}
	return autoreply_acknowledges(in) ||
	       (!has_robot_name(in) && autoreply_is_marked(in));
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
	       words_start_any(subject, titles) ||
	       words_contain_any(text, systems) ||
	       languages_speak_of_ours(subject) ||
	       languages_speak_of_ours(text) ||
	       returned_inline(in->input.text, in->input.text.n).n > 0;
}

/*
 * "Mail delivery failed", with our own title behind it or without; not
 * "Reminder: mail delivery fails".
 */
static bool has_title_of_failure(const struct reading *in)
{
	static const char *const mail[] = {
		"mail",	    "message",	"nachricht", "courriel", "mensaje",
		"correo",   "mensagem", "messaggio", "bericht",	 "wiadomo",
		"сообщени", "письм",	"メール",    "邮件",	 "郵件",
		"메일",	    NULL};
	struct span subject = span_of(in->report->subject), head;
	size_t colon = span_find(subject, SPAN(": "));

	head = colon == SPAN_NONE ? subject : span_cut(subject, colon);
	return words_contain_any(subject, mail) &&
	       kind_speaks_of_failure(subject) &&
	       (kind_speaks_of_failure(head) || words_contain_any(head, mail));
}

bool kind_begins_with_failure(const struct reading *in)
{
	struct span text = span_trim_start(text_head(in->input.text));
	size_t end = 0;

	while (end < text.n && !text_ends_sentence(text, end))
		end++;
	return kind_speaks_of_failure(span_cut(text, end)) &&
	       text_has_reply(text);
}

bool kind_is_mail_robot(const struct reading *in)
{
	struct span subject = span_of(in->report->subject);

	return in->report->null_return_path &&
	       (has_title_of_failure(in) || kind_begins_with_failure(in)) &&
	       !title_answers(subject) && !title_is_of_a_ticket(subject) &&
	       (has_robot_name(in) || has_no_author(in)) &&
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
		!in->report->null_return_path && is_of_a_postmaster(in));
}

bool kind_may_report(const struct reading *in)
{
	struct span subject = span_of(in->report->subject), name;

	if (author_is_the_sender(in) || author_poses(in, &name) ||
	    is_answer(in) || is_answer_to_report(in) || is_handed_round(in) ||
	    is_answering_program(in) || tally_is(in) || is_quoting(in) ||
	    title_is_for_postmaster(subject) || is_for_others(in))
		return false;
	if (kind_is_daemon(in) || has_no_author(in))
		return !is_of_a_postmaster(in) || !author_has_own_path(in) ||
		       kind_speaks_of_failure(subject) || is_told_to_us(in);
	if (title_is_numbered(subject) ||
	    ((title_is_alert(subject) || title_is_of_a_tracker(subject) ||
	      (title_ends_in_number(subject) && !kind_quotes_title(subject))) &&
	     !in->input.machine_part))
		return false;
	if (in->report->null_return_path)
		return in->input.machine_part || is_told_to_us(in);
	if (title_answers(subject) && !is_notice_under_our_title(in))
		return false;
	return (in->input.machine_part && !in->found_hidden &&
		!is_forwarded_in_parts(in)) ||
	       is_list_server(&in->headers) ||
	       (is_robot(in) &&
		(!has_any(&in->headers, human_fields) || has_heading(in)) &&
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
