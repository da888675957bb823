/*
 * Reports in a form that nobody knows. Which address failed can still be told
 * where only one can be meant, and the judge gets the words as they are.
 */
#include "report/leftover.h"

#include "report/author.h"
#include "report/autoreply.h"
#include "report/facts.h"
#include "report/format_text.h"
#include "report/heading.h"
#include "report/kind.h"
#include "report/languages.h"
#include "report/reply.h"
#include "report/returned.h"
#include "report/verp.h"
#include "report/words.h"
#include "report/xtext.h"
#include "util/address.h"

#define TEXT_MAX 4096 /* of what is looked at for words */
#define BETWEEN_MAX_BYTES 80

static const char *const delay_words[] = {
	"delayed",	   "will keep trying",	"will retry",
	"will be retried", "still being tried", NULL};
PHRASES(delay_words);

/* "From, To, Subject", and below them the answer: no copy, a summary. */
static bool is_summary(struct span block)
{
	return span_find(block, SPAN("\nMIME-Version: ")) == SPAN_NONE &&
	       span_find(block, SPAN("\nReceived: ")) == SPAN_NONE &&
	       text_has_reply(block);
}

/*
 * What was written before the copy of the original, a gateway's footer or what
 * a program printed.
 */
static struct span own_words(const struct reading *in)
{
	struct span text = in->input.text, copy = returned_inline(text, 0);
	size_t original;

	if (!is_summary(copy))
		text = span_cut(text, text.n - copy.n);
	text = span_cut(text, text_returned(text, &original));
	return text_without_output(text);
}

/* "----- Transcript of session follows -----" is no part of what was said. */
static struct span without_headings(struct span text)
{
	struct span line;
	size_t at = 0, begin = 0;

	while (text_next_line(text, &at, &line) &&
	       (text_is_blank(line) ||
		span_starts_ci(span_trim(line), SPAN("---"))))
		begin = at;
	return span_from(text, begin);
}

/* A postmaster's robot answers somebody who asked about a failure. */
static bool is_answering(const struct reading *in, struct span words)
{
	static const char *const answers[] = {"re:", "aw:", "sv:", "[", NULL};

	return words_start_any(span_of(in->report->subject), answers) ||
	       headers_has(&in->headers, "In-Reply-To") ||
	       span_find(words, SPAN("\n>")) != SPAN_NONE;
}

/* A permanent reply with its code is a failure in any language. */
static bool quotes_failure_code(struct span words)
{
	struct reply reply;

	reply_read_codes(words, &reply);
	return reply.code >= 500;
}

/* MAILER-DAEMON writes of deliveries and of nothing else; Exchange marks it. */
static bool is_daemon_itself(const struct reading *in)
{
	static const char *const names[] = {"mailer-daemon@", "mailer_daemon@",
					    "mailerdaemon@", NULL};
	PHRASES(names);

	return headers_has(&in->headers, "X-MS-Exchange-Message-Is-Ndr") ||
	       words_contain_any(headers_raw(&in->headers, "From", 0),
				 names_phrases);
}

/* A filter lists what it holds, titles that quote bounces among it. */
static bool is_digest(const struct reading *in, struct span words)
{
	static const char *const signs[] = {"quarantine", "quarantäne",
					    "digest", NULL};
	PHRASES(signs);

	return words_contain_any(span_of(in->report->subject), signs_phrases) ||
	       words_contain_any(words, signs_phrases);
}

/* Without words that are known; spam in a daemon's name has a link. */
static bool is_failure_unsaid(const struct reading *in, struct span words)
{
	if (!in->report->null_return_path || is_answering(in, words) ||
	    is_digest(in, words) || autoreply_is_marked(in))
		return false;
	if (!is_daemon_itself(in))
		return !autoreply_is_submitted(&in->headers) &&
		       quotes_failure_code(words);
	return quotes_failure_code(words) ||
	       (span_find_ci(words, SPAN("http")) == SPAN_NONE &&
		!languages_tell_success(words));
}

/* "Delivery status notification" is the title of good news, too. */
static bool is_good_news(const struct reading *in, struct span words)
{
	static const char *const denials[] = {
		"not ",	 "n't ",  "never ", "no ",   "unsuccess",
		"fail",	 "error", "but ",   "nicht", "kein",
		" pas ", "non ",  "não ",   NULL};
	PHRASES(denials);
	struct span title = span_of(in->report->subject);

	return span_eq_ci(span_trim(title),
			  SPAN("Delivery Status Notification")) &&
	       languages_tell_success(words) &&
	       !words_contain_any(words, denials_phrases) &&
	       !kind_speaks_of_failure(words) && !quotes_failure_code(words);
}

static bool is_failure(const struct reading *in, struct span words)
{
	words = span_cut(words, TEXT_MAX);
	if (is_good_news(in, words))
		return false;
	return kind_speaks_of_failure(span_of(in->report->subject)) ||
	       kind_speaks_of_failure(words) || is_failure_unsaid(in, words) ||
	       (in->report->null_return_path && heading_lists(words) == 1);
}

/* Nobody knows the form: it is better taken for what does not count. */
static bool is_delay(const struct reading *in, struct span words)
{
	words = span_cut(words, TEXT_MAX);
	return words_contain_any(words, delay_words_phrases) ||
	       text_tells_delay(span_of(in->report->subject), words);
}

static bool add(struct reading *in, struct span words, struct span raw,
		enum report_action action)
{
	struct fact_draft d;
	struct buf address;
	bool added = false;

	fact_draft_init(&d);
	buf_init(&address);
	if (xtext_address(&address, raw) == 0) {
		d.address = span_make(address.data, address.len);
		d.action = action;
		d.words = text_told_of(
			span_cut(without_headings(words), FINDINGS_MAX_WORDS),
			d.address);
		added = facts_add(in->report, &d) != NULL;
	}
	buf_release(&address);
	return added;
}

/*
 * An address in the domain that the report was sent to is the sender's or a
 * list's rather than a recipient's: lists write themselves into To.
 */
static bool is_our_domain(const struct report *r, struct span address)
{
	struct span domain = address_domain(address);

	for (size_t i = 0; i < r->token_count; i++) {
		if (span_eq_ci(domain, address_domain(span_of(r->tokens[i]))))
			return true;
	}
	return false;
}

/* Addresses that a report names without meaning a recipient. */
static bool is_ours_or_theirs(const struct report *r, struct span address)
{
	return is_our_domain(r, address) ||
	       span_eq_ci(address, span_of(r->from)) ||
	       span_eq_ci(address, span_of(r->returned.from)) ||
	       span_eq_ci(address, span_of(r->returned.return_path));
}

/* "Nina Berg/Oslo/Works@WORKS", "//example.com/why?rcpt=nina@example.com" */
static bool is_no_address(struct span address)
{
	if (span_starts_ci(address, SPAN("//")))
		return true;
	return span_find_char(address_local(address), '/') != SPAN_NONE &&
	       span_find_char(address_domain(address), '.') == SPAN_NONE;
}

/* "Your message <77@relay.example>", "Message-ID: <77@relay.example>" */
static bool is_message_id(struct span before)
{
	static const char *const labels[] = {"message-id", "message id",
					     "msgid",	   "queue-id",
					     "queue id",   NULL};
	/* Behind a gap these end a sentence about it. */
	static const char *const names[] = {"message", "nachricht", "queue",
					    NULL};
	size_t breaks = 0;

	while (before.n > 0 && text_is_wrapping(before.p[before.n - 1])) {
		if (before.p[before.n - 1] == '.')
			return false;
		breaks += before.p[before.n - 1] == '\n';
		before = span_cut(before, before.n - 1);
	}
	return words_end_any(before, labels) != NULL ||
	       (breaks < 2 && words_end_any(before, names) != NULL);
}

/* "Handled by: gw@example.net", on a line of its own. */
static bool has_label_of_another(struct span text, struct span word)
{
	static const char wide[] = "：";
	size_t start = text_offset(text, word), end = start + word.n;
	struct span label;

	while (end < text.n && text.p[end] != '\n' &&
	       text_is_wrapping(text.p[end]))
		end++;
	if (end < text.n && text.p[end] != '\n')
		return false;
	end = start;
	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	label = span_from(span_cut(text, end), start);
	while (label.n > 0 && label.p[label.n - 1] != ':' &&
	       text_is_wrapping(label.p[label.n - 1]))
		label.n--;
	if (span_ends_ci(label, SPAN(":")))
		label.n--;
	else if (span_ends_ci(label, span_of(wide)))
		label.n -= sizeof(wide) - 1;
	else
		return false;
	label = span_trim(label);
	return label.n <= TEXT_LABEL_MAX && languages_label_other(label) &&
	       !quotes_failure_code(label);
}

/*
 * "550 no such person. Questions are answered by op@example.net.", or what a
 * company puts below: a sentence of its own behind what tells the failure, that
 * has none of the words by which one who failed may be called. The address is
 * none of them: support@ may have failed. Right behind the address that was
 * counted a list goes on.
 */
static bool is_aside(struct span text, struct span word, struct span counted)
{
	static const char *const whom[] = {" to", " for", NULL};
	size_t start = text_offset(text, word), end = start + word.n;
	struct span sentence, before, lead, rest;

	while (start > 0 && !text_ends_sentence(text, start - 1))
		start--;
	while (end < text.n && !text_ends_sentence(text, end))
		end++;
	before = span_cut(text, start);
	sentence = span_from(span_cut(text, end), start);
	lead = span_cut(sentence, text_offset(sentence, word));
	rest = span_from(sentence, lead.n + word.n);
	while (lead.n > 0 && text_is_wrapping(lead.p[lead.n - 1]))
		lead.n--;
	if (text_has_reply(sentence) || kind_speaks_of_failure(sentence))
		return false;
	if (languages_offer_help(lead) || languages_offer_help(rest))
		return quotes_failure_code(before) ||
		       kind_speaks_of_failure(before);
	if (counted.n > 0 && span_ends_ci(lead, counted))
		return false;
	return languages_label_other(lead) && !words_end_any(lead, whom) &&
	       quotes_failure_code(before);
}

/*
 * "The message from A to B", "A -> B": A, whom at is behind, sent it. A few
 * words stand between.
 */
static bool is_passed_on(struct span text, struct span word, size_t at)
{
	struct span next, between;

	if (text_arrow_at(text, at, &next) > 0)
		return true;
	if (text_address_find(text, at, &next) == 0)
		return false;
	between = span_from(span_cut(text, text_offset(text, next)), at);
	return between.n <= BETWEEN_MAX_BYTES &&
	       languages_pass_on(span_cut(text, text_offset(text, word)),
				 between);
}

/* "Did you mean:", and one more below the first, which ends at above. */
static bool is_right_below(struct span text, size_t above, struct span word)
{
	size_t at = text_offset(text, word), lines = 0;

	for (; above > 0 && at > above; at--) {
		if (!text_is_wrapping(text.p[at - 1]) && text.p[at - 1] != '\n')
			return false;
		lines += text.p[at - 1] == '\n';
	}
	return above > 0 && lines == 1;
}

void leftover_mention(const struct reading *in, struct span text,
		      struct buf *out, size_t *count_r)
{
	struct span word, before;
	struct buf b, other;
	size_t at = 0, referred = 0;

	*count_r = 0;
	buf_init(&b);
	buf_init(&other);
	while (*count_r < 2 && (at = text_address_find(text, at, &word)) > 0) {
		buf_reset(&b);
		if (address_clean(&b, word) < 0 ||
		    is_no_address(span_make(b.data, b.len)))
			continue;
		before = span_cut(text, (size_t)(word.p - text.p));
		if (is_message_id(before) || is_passed_on(text, word, at))
			continue;
		if (languages_refer(before) ||
		    is_aside(text, word, span_make(out->data, out->len)) ||
		    has_label_of_another(text, word) ||
		    is_right_below(text, referred, word)) {
			referred = at;
			buf_reset(&other);
			buf_add(&other, b.data, b.len);
		}
		if (span_eq_ci(span_make(b.data, b.len),
			       span_make(other.data, other.len)) ||
		    is_ours_or_theirs(in->report, span_make(b.data, b.len)) ||
		    span_eq_ci(span_make(b.data, b.len),
			       span_make(out->data, out->len)))
			continue;
		if (++*count_r == 1)
			buf_add(out, b.data, b.len);
	}
	buf_release(&other);
	buf_release(&b);
}

/*
 * "Undeliverable: user@example.com": other words behind the colon are our own
 * title, and whom it names did not fail.
 */
static struct span without_title(struct span subject)
{
	size_t colon = span_find(subject, SPAN(": "));
	struct span address, title;
	size_t end;

	title = span_trim(span_from(subject, colon + 1));
	end = text_address_at(title, 0, &address);
	title = span_trim(span_from(title, end));
	return end > 0 && (title.n == 0 || title.p[0] == '(')
		       ? subject
		       : span_cut(subject, colon);
}

static struct span first_paragraph(struct span text)
{
	struct span line;
	size_t at = 0, start = 0;

	while (text_next_line(text, &at, &line) && !text_is_blank(line))
		start = at;
	return span_cut(text, start);
}

/* "550 5.1.1 <a@b>", "550-5.1.1 a@b": behind the codes, and no word between. */
static bool begins_with_codes_and(struct span reply, struct span address)
{
	return !text_has_letter(span_cut(reply, text_offset(reply, address)));
}

/*
 * Of several in the text the reply names one: "550 5.1.1 <a@b>: unknown". Then
 * 1 is returned, the address replaces what is in out, and of the words the
 * reply is left: above it others may have got theirs. Without both its codes
 * it may be a number of something; one that is not named before the reply, too,
 * may be the new address.
 */
static size_t named_in_reply(const struct reading *in, struct span *words,
			     struct buf *out)
{
	struct span before, named, first;
	struct reply reply;
	size_t count;

	buf_reset(out);
	reply_read(*words, &reply);
	if (reply.code == 0 || reply.status.class_ == 0 ||
	    text_address_find(reply.text, 0, &first) == 0 ||
	    !begins_with_codes_and(reply.text, first))
		return 2;
	before = span_cut(*words, text_offset(*words, reply.text));
	reply.text = first_paragraph(reply.text);
	leftover_mention(in, reply.text, out, &count);
	named = span_make(out->data, out->len);
	if (count != 1 || span_find_ci(before, named) == SPAN_NONE)
		return 2;
	*words = reply.text;
	return 1;
}

static bool add_sole(struct reading *in, struct span words,
		     enum report_action action)
{
	struct span to = span_of(in->report->returned.to);
	size_t count;
	bool added = false;
	struct buf mention;

	buf_init(&mention);
	leftover_mention(in, span_cut(words, TEXT_MAX), &mention, &count);
	if (count == 0)
		leftover_mention(in,
				 without_title(span_of(in->report->subject)),
				 &mention, &count);
	if (count > 1)
		count = named_in_reply(in, &words, &mention);
	if (count == 1)
		added = add(in, words, span_make(mention.data, mention.len),
			    action);
	else if (count == 0 && to.n > 0 && !is_ours_or_theirs(in->report, to))
		added = add(in, words, to, action);
	buf_release(&mention);
	return added;
}

/* A postmaster writes of a failure that is over; what he says is no report. */
static bool is_by_a_person(const struct reading *in)
{
	return author_has_own_path(in) && !in->input.machine_part &&
	       !in->returned && !is_daemon_itself(in) &&
	       !headers_is_nameless(&in->headers) &&
	       !kind_begins_with_failure(in);
}

void leftover_read(struct reading *in)
{
	struct report *r = in->report;
	enum report_action action;
	struct span mailed, words;

	if ((!in->input.machine_part && !in->from_daemon &&
	     !kind_is_mail_robot(in)) ||
	    is_by_a_person(in))
		return;
	words = own_words(in);
	if (!is_failure(in, words))
		return;
	action = is_delay(in, words) ? ACTION_DELAYED : ACTION_FAILED;
	if (((mailed = span_of(verp_find(in))).n > 0 &&
	     add(in, words, mailed, action)) ||
	    add_sole(in, words, action))
		r->format = "leftover";
}
