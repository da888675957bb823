/*
 * report_parse: the order in which a message is looked at. Each step is a
 * file of its own.
 */
#include "report/report.h"

#include "report/autoreply.h"
#include "report/crossed.h"
#include "report/dsn.h"
#include "report/envelope.h"
#include "report/facts.h"
#include "report/feedback.h"
#include "report/fields.h"
#include "report/format_text.h"
#include "report/kind.h"
#include "report/leftover.h"
#include "report/mdn.h"
#include "report/merge.h"
#include "report/reading.h"
#include "report/returned.h"
#include "report/verp.h"
#include "util/address.h"

static void read_returned(struct reading *in, struct span text)
{
	returned_read(in->report, &in->scratch, text, in->settings,
		      &in->returned_headers);
}

/* What the text says of those of whom fields tell. */
static void scan_for_words(struct reading *in, struct findings *told_r)
{
	struct format_input input = in->input;

	input.only_words = true;
	formats_scan(&input, &in->scratch, told_r);
}

#define MAILED_MAX 32 /* that are looked at in a list, for each who failed */

/*
 * Whom we mailed at that host, or in a domain above it, who has that local
 * part, where no two have it.
 */
static const char *mailed_by_name(struct reading *in, struct span local,
				  struct span host)
{
	static const char *const fields[] = {"To", "Cc"};
	struct span list, one, found = span_cut(local, 0);
	const char *address;
	size_t i, n;

	for (i = 0; i < 2; i++) {
		list = headers_raw(&in->returned_headers, fields[i], 0);
		for (n = 0; n < MAILED_MAX && headers_next_mailbox(&list, &one);
		     n++) {
			address = facts_mailbox(in->report, one);
			if (!span_eq_ci(address_local(span_of(address)),
					local) ||
			    !address_domain_is_below(
				    host, address_domain(span_of(address))))
				continue;
			if (found.n > 0 && !span_eq_ci(span_of(address), found))
				return "";
			found = span_of(address);
		}
	}
	return found.n > 0 ? found.p : "";
}

/*
 * "nberg (user not found)", completed with the domain that the report came
 * from: one of those we mailed has that name, or is the only one who failed,
 * in a domain that the host serves.
 */
static void settle_names(struct reading *in, struct span text)
{
	struct report *r = in->report;
	struct span host = address_domain(span_of(r->from)), address;
	const char *mailed;

	for (size_t i = 0; i < r->fact_count; i++) {
		address = span_of(r->facts[i].address);
		if (!span_eq_ci(address_domain(address), host) ||
		    span_find_ci(text, address) != SPAN_NONE)
			continue;
		mailed = mailed_by_name(in, address_local(address), host);
		if (mailed[0] == '\0' && r->fact_count == 1 &&
		    address_domain_is_below(
			    host, address_domain(span_of(r->returned.to))))
			mailed = r->returned.to;
		if (mailed[0] != '\0')
			r->facts[i].address = mailed;
	}
}

/*
 * Groups of fields in the text itself beat what people were told, unless they
 * stand in the copy of what came back.
 */
static void read_text_report(struct reading *in)
{
	struct report *r = in->report;
	struct span text = in->input.text, copy;
	size_t end = text.n, from;
	bool found = formats_read(&in->input, r, &end);
	struct findings told;

	copy = returned_inline(text, end);
	if (!in->returned)
		read_returned(in, copy);
	if (end == text.n)
		end = text.n - copy.n;
	text = span_cut(text, end);
	settle_names(in, text);
	if (!fields_find(text, &from))
		return;
	if (found)
		r->fact_count = 0;
	scan_for_words(in, &told);
	dsn_read(r, &in->scratch, span_from(text, from), &told);
	r->format = "rfc3464-in-text";
}

/*
 * Dovecot's delivery agent tells people alone why it refused; its machine
 * part repeats what an earlier host answered.
 */
static void read_agent_reason(struct reading *in)
{
	struct span text = in->input.text, sign, line, words;
	size_t at;

	sign = SPAN("was automatically rejected:");
	at = span_find_ci(text, sign);
	if (in->report->fact_count != 1 || at == SPAN_NONE)
		return;
	words = span_from(text, at);
	text = span_from(text, at + sign.n);
	while (span_next_line(&text, &line)) {
		line = span_trim(line);
		if (line.n == 0)
			continue;
		words.n = (size_t)(line.p + line.n - words.p);
		facts_set_words(in->report, &in->report->facts[0], words);
		return;
	}
}

/* No recipient but this one. */
static bool speaks_of(struct reading *in, struct span text,
		      const struct fact *f)
{
	struct span named;
	struct buf mention;
	size_t count;
	bool sole;

	buf_init(&mention);
	leftover_mention(in, text, &mention, &count);
	named = span_make(mention.data, mention.len);
	sole = count == 0 ||
	       (count == 1 && (span_eq_ci(named, span_of(f->address)) ||
			       span_eq_ci(named, span_of(f->final))));
	buf_release(&mention);
	return sole;
}

#define TITLE_BYTES 24 /* that may stand in one line of the text */

/*
 * Where no host is quoted, the words may explain a status, and are less than
 * it, or hold the title of the mail: "Your mailbox is disabled".
 */
static bool may_be_answer(const struct reading *in, const struct fact *f,
			  struct span text)
{
	struct span title =
		span_cut(span_of(in->report->returned.subject), TITLE_BYTES);

	return text_has_reply(text) ||
	       (f->status.detail == 0 &&
		(title.n == 0 || span_find_ci(text, title) == SPAN_NONE));
}

/*
 * The fields give no reason, and nobody else is named in the text, the session
 * in it at best: it speaks of the one in the fields.
 */
static void read_sole_words(struct reading *in)
{
	struct span text = in->input.text;
	struct fact *f = in->report->facts;
	size_t original, at;

	if (in->report->fact_count != 1 || f->diagnostic[0] != '\0')
		return;
	text = span_cut(text, text_returned(text, &original));
	if (!speaks_of(in, text, f))
		return;
	at = span_find(text, SPAN("... while talking to "));
	if (at == SPAN_NONE)
		at = span_find(text, SPAN("\n<<< "));
	if (at == SPAN_NONE && !may_be_answer(in, f, text))
		return;
	facts_set_words(in->report, f,
			at != SPAN_NONE ? span_from(text, at) : text);
}

static void read_machine_report(struct reading *in)
{
	struct report *r = in->report;
	struct findings told;

	scan_for_words(in, &told);
	for (size_t i = 0; i < in->parts.count; i++) {
		const struct part *part = &in->parts.list[i];

		if (!kind_is_machine_part(part))
			continue;
		dsn_read(r, &in->scratch, reading_text(in, part), &told);
	}
	read_agent_reason(in);
	read_sole_words(in);
	r->format = "rfc3464";
	if (r->fact_count == 0)
		read_text_report(in);
}

static void read_delivery_report(struct reading *in)
{
	struct report *r = in->report;

	if (in->input.machine_part)
		read_machine_report(in);
	else
		read_text_report(in);
	if (r->fact_count == 0)
		leftover_read(in);
	verp_settle(in);
	verp_spare_own(in);
	r->kind = kind_of_actions(r);
	crossed_settle(r);
}

static void read_report(struct reading *in)
{
	struct report *r = in->report;

	if (in->returned)
		read_returned(in, in->returned->bytes);
	if (feedback_is(in)) {
		feedback_read(in);
	} else if (mdn_is(in)) {
		mdn_read(in);
	} else if (kind_may_report(in)) {
		read_delivery_report(in);
	}
	if (r->kind == REPORT_OTHER && r->fact_count == 0 && autoreply_is(in))
		autoreply_read(in);
}

void report_parse(struct report *r, const struct report_settings *settings,
		  const char *bytes, size_t n)
{
	struct reading in;

	reading_open(&in, r, settings, span_make(bytes, n));
	envelope_read(&in);
	reading_take_apart(&in);
	reading_collect(&in);
	read_report(&in);
	merge_facts(r);
	for (size_t i = 0; i < r->fact_count; i++) {
		r->facts[i].kind = r->kind;
		r->facts[i].reporting_mta = r->reporting_mta;
	}
	reading_close(&in);
}
