/*
 * Delivery status notifications. The rules for bent reports are in fields.c;
 * this decides which of the addresses is the one that we mailed, and what was
 * said of it.
 */
#include "report/dsn.h"

#include <string.h>

#include "report/dsn_address.h"
#include "report/facts.h"
#include "report/fields.h"
#include "report/format_text.h"
#include "report/reply.h"
#include "report/tokens.h"
#include "report/xtext.h"
#include "util/address.h"
#include "util/num.h"
#include "util/text.h"

static const struct {
	struct span word;
	enum report_action action;
} actions[] = {
	{{"failed", 6}, ACTION_FAILED},
	{{"failure", 7}, ACTION_FAILED},
	{{"expired", 7}, ACTION_FAILED},
	{{"error", 5}, ACTION_FAILED},
	{{"undeliverable", 13}, ACTION_FAILED},
	{{"delayed", 7}, ACTION_DELAYED},
	{{"delivered", 9}, ACTION_DELIVERED},
	{{"relayed", 7}, ACTION_RELAYED},
	{{"transferred", 11}, ACTION_RELAYED},
	{{"expanded", 8}, ACTION_EXPANDED},
};

enum report_action dsn_action(struct span value)
{
	struct span word;
	size_t n = 0;

	value = span_trim(value);
	while (n < value.n && text_is_alpha(value.p[n]))
		n++;
	word = span_cut(value, n);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (span_eq_ci(word, actions[i].word))
			return actions[i].action;
	}
	return ACTION_UNKNOWN;
}

/* "5.1.2 (bad destination system)": the code, and the comment behind it. */
static struct status read_status(struct span value, struct span *comment_r)
{
	struct status status = {0, 0, 0};
	size_t n = 0;

	value = span_trim(value);
	while (n < value.n && (text_is_digit(value.p[n]) || value.p[n] == '.'))
		n++;
	*comment_r = span_trim(span_from(value, n));
	if (status_parse(span_cut(value, n), &status) < 0)
		status.class_ = 0;
	return status;
}

/*
 * Without a usable Action the class tells; a class 4 that still names a time
 * to come is a delay.
 */
static enum report_action guess_action(const struct headers *h,
				       struct status status)
{
	if (status.class_ == 2)
		return ACTION_DELIVERED;
	if (headers_has(h, "Will-Retry-Until"))
		return ACTION_DELAYED;
	return ACTION_FAILED;
}

static enum report_action read_action(const struct headers *h,
				      struct status status)
{
	struct span value = span_trim(headers_raw(h, "Action", 0));

	/* A value of its own ("deliverable", "opaque") is not ours to guess. */
	return value.n > 0 ? dsn_action(value) : guess_action(h, status);
}

/*
 * OpenSMTPD calls a message "delayed" that it has given up: X.4.7 in words
 * that say so, and no time at which it would try again (RFC 3463 3.5).
 */
static bool is_given_up(const struct fact_draft *d)
{
	return d->action == ACTION_DELAYED && d->status.subject == 4 &&
	       d->status.detail == 7 && d->will_retry_until_s == 0 &&
	       span_find_ci(d->words, SPAN("expired")) != SPAN_NONE;
}

/*
 * Of several the one in SMTP words, else the first (RFC 3464 has one). Exim
 * keeps the field for what a host answered, and has another for what it says
 * itself.
 */
static struct span read_diagnostic(const struct headers *h, struct span *type_r)
{
	struct span best = {NULL, 0};

	*type_r = best;
	for (size_t i = 0; i < h->count; i++) {
		const struct header *f = &h->fields[i];
		struct span type, words = xtext_typed(f->value, &type);

		if (!span_eq_ci(f->name, SPAN("Diagnostic-Code")))
			continue;
		if (best.n == 0 || (span_eq_ci(type, SPAN("smtp")) &&
				    !span_eq_ci(*type_r, SPAN("smtp")))) {
			best = words;
			*type_r = type;
		}
	}
	if (best.n == 0)
		best = xtext_typed(headers_raw(h, "X-Exim-Diagnostic", 0),
				   type_r);
	return best;
}

/*
 * Exchange and gateways to X.400 have a field for more: the reply, or the name
 * of a program.
 */
static struct span read_supplement(const struct headers *h, struct span *type_r)
{
	static const char *const names[] = {"X-Supplementary-Info",
					    "X400-Supplementary-Info"};
	struct span words = {NULL, 0};

	for (size_t i = 0; i < 2 && words.n == 0; i++) {
		words = headers_raw(h, names[i], 0);
		if (!text_has_reply(words))
			words.n = 0;
	}
	return xtext_typed(words, type_r);
}

/*
 * Domino writes words outside ASCII as it would in a Subject (RFC 2047), which
 * this field does not allow. Borrowed from words, or kept in b.
 */
static struct span decoded(struct buf *b, struct span words)
{
	if (span_find(words, SPAN("=?")) == SPAN_NONE)
		return words;
	headers_decode(b, words);
	return span_make(b->data, b->len);
}

/* sendmail keeps the first line of a reply of several: "550-5.7.1 ...". */
static bool is_first_line(struct span words)
{
	struct span code = span_cut(words, 3);

	for (size_t i = 0; i < code.n; i++) {
		if (!text_is_digit(code.p[i]))
			return false;
	}
	return words.n > 3 && words.p[3] == '-' &&
	       span_find(span_from(words, 3), code) == SPAN_NONE;
}

/* "550", "smtp;": a code at most, which says less than any sentence. */
static bool is_mute(struct span words)
{
	for (size_t i = 0; i < words.n; i++) {
		if (text_is_letter(words.p[i]))
			return false;
	}
	return true;
}

/* What was said of the recipient, from wherever it was said. Appended. */
static void add_words(struct buf *out, struct span words, struct span comment,
		      const struct fact_draft *told)
{
	if (told && told->words.n > 0 &&
	    (is_mute(words) ||
	     (is_first_line(words) &&
	      span_find(told->words, span_cut(words, 3)) != SPAN_NONE)))
		words = told->words;
	buf_add(out, words.p, words.n);
	if (is_mute(words) && comment.n > 0) {
		buf_add_char(out, ' ');
		buf_add(out, comment.p, comment.n);
	}
}

static bool says_ok(struct span field)
{
	return span_starts_ci(field, SPAN("250")) &&
	       (field.n == 3 || text_is_space(field.p[3]));
}

/*
 * "Failed", with a code for success: the field has the last reply of the
 * session, which was about somebody else's copy. The text tells this one's.
 */
static bool is_anothers(const struct fact_draft *d, struct span field,
			const struct fact_draft *told)
{
	struct reply reply;

	if (d->action != ACTION_FAILED || !told ||
	    (d->status.class_ != 2 && !says_ok(field)))
		return false;
	reply_read_codes(told->words, &reply);
	return reply.code >= 400;
}

/*
 * What the text says besides: few Diagnostic-Codes name the command or the
 * host, and Exim and sendmail name the alias that we mailed in the text only.
 */
static void add_told(struct fact_draft *d, const struct fact_draft *told,
		     struct reply *field)
{
	struct reply text;

	if (!told)
		return;
	reply_read(d->words, field);
	d->read = field;
	reply_read(told->words, &text);
	/* The text has to quote the same reply, or its reader knows better. */
	if (field->stage == STAGE_UNKNOWN &&
	    (field->code == text.code ||
	     (field->code == 550 && told->stage != STAGE_UNKNOWN)))
		d->stage =
			told->stage != STAGE_UNKNOWN ? told->stage : text.stage;
	if (d->remote.n == 0)
		d->remote = told->remote.n > 0 ? told->remote : text.remote;
	if (d->final.n == 0 &&
	    span_find_char(address_domain(told->address), '.') != SPAN_NONE &&
	    span_eq_ci(told->final, d->address)) {
		d->final = d->address;
		d->address = told->address;
	}
}

static void add_recipient(struct report *r, const struct headers *h,
			  const struct findings *findings, bool sole,
			  bool mailed_named)
{
	const struct fact_draft *told;
	struct dsn_address address;
	struct fact_draft d;
	struct reply field;
	struct span comment, diagnostic;
	struct span retry = headers_raw(h, "Will-Retry-Until", 0);
	struct buf words, plain;

	fact_draft_init(&d);
	buf_init(&words);
	buf_init(&plain);
	dsn_address_init(&address);
	if (dsn_address_read(&address, r, h, sole, mailed_named)) {
		d.address =
			span_make(address.address.data, address.address.len);
		d.final = span_make(address.final.data, address.final.len);
	} else if (sole && findings->count == 1) {
		/* "rfc822; |/usr/bin/vacation": the text tells whose it is. */
		d.address = findings->list[0].address;
		d.final = findings->list[0].final;
	} else {
		goto out;
	}
	d.status = read_status(headers_raw(h, "Status", 0), &comment);
	d.action = read_action(h, d.status);
	d.remote = xtext_typed(headers_raw(h, "Remote-MTA", 0), NULL);
	told = findings_match(findings, d.final.n > 0 ? d.final : d.address);
	diagnostic = decoded(&plain, read_diagnostic(h, &d.type));
	if (diagnostic.n == 0)
		diagnostic = read_supplement(h, &d.type);
	if (is_anothers(&d, diagnostic, told)) {
		if (d.status.class_ == 2)
			d.status.class_ = 0;
		diagnostic.n = 0;
	}
	add_words(&words, diagnostic, comment, told);
	d.words = span_make(words.data, words.len);
	add_told(&d, told, &field);
	retry = span_trim(retry);
	if (num_mail_date_s(retry.p, retry.n, &d.will_retry_until_s) < 0)
		d.will_retry_until_s = 0;
	if (is_given_up(&d))
		d.action = ACTION_FAILED;
	facts_add(r, &d);
out:
	dsn_address_release(&address);
	buf_release(&plain);
	buf_release(&words);
}

/* X-Postfix-Sender, and what relabelled Postfixes call it. */
static bool is_sender_field(struct span name)
{
	return span_starts_ci(name, SPAN("X-")) &&
	       span_ends_ci(name, SPAN("-Sender"));
}

static void add_envelope_id(struct report *r, struct span raw)
{
	struct buf plain;

	buf_init(&plain);
	r->envelope_id = facts_text(r, raw, REPORT_MAX_FIELD);
	tokens_add(r, raw);
	/* Some relays return it as they got it. */
	if (span_find_char(raw, '+') != SPAN_NONE &&
	    xtext_decode(&plain, span_trim(raw)) == 0)
		tokens_add(r, span_make(plain.data, plain.len));
	buf_release(&plain);
}

static void read_message_fields(struct report *r, const struct headers *h)
{
	r->reporting_mta = facts_text(
		r, xtext_typed(headers_raw(h, "Reporting-MTA", 0), NULL),
		REPORT_MAX_FIELD);
	r->received_from_mta = facts_text(
		r, xtext_typed(headers_raw(h, "Received-From-MTA", 0), NULL),
		REPORT_MAX_FIELD);
	if (headers_has(h, "Original-Envelope-Id"))
		add_envelope_id(r, headers_raw(h, "Original-Envelope-Id", 0));
	for (size_t i = 0; i < h->count; i++) {
		if (is_sender_field(h->fields[i].name))
			tokens_add(r, xtext_typed(h->fields[i].value, NULL));
	}
}

void dsn_read(struct report *r, struct arena *scratch, struct span body,
	      const struct findings *told)
{
	struct fields fields;
	bool mailed_named = false;

	fields_parse(&fields, scratch, body);
	r->partial |= fields.partial;
	read_message_fields(r, &fields.message);
	for (size_t i = 0; fields.count > 1 && i < fields.count; i++)
		mailed_named |= dsn_address_names(r, &fields.recipients[i]);
	for (size_t i = 0; i < fields.count; i++)
		add_recipient(r, &fields.recipients[i], told, fields.count == 1,
			      mailed_named);
}
