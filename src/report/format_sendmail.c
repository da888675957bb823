#include "report/format.h"

#include "report/format_text.h"
#include "report/reply.h"
#include "report/reply_scan.h"
#include "report/transcript.h"

/*
 * sendmail and those that took over its text: sections between rules,
 *	   ----- The following addresses had permanent fatal errors -----
 *	<final@example.net>
 *	    (reason: 550 5.1.1 no such user)
 *	    (expanded from: <alias@example.com>)
 *	   ----- Transcript of session follows -----
 * Version 5 has the transcript only.
 */

enum section {
	SECTION_NONE,
	SECTION_FAILED,
	SECTION_TRANSIENT,
	SECTION_DELIVERED,
	SECTION_TRANSCRIPT,
	SECTION_REASON, /* of all who have none of their own */
};

struct section_row {
	const char *title;
	enum section section;
};

static const struct section_row section_rows[] = {
	{"the following addresses had permanent", SECTION_FAILED},
	{"the following addresses had delivery problems", SECTION_FAILED},
	{"the following addresses had delivery errors", SECTION_FAILED},
	{"the following addresses had fatal errors", SECTION_FAILED},
	{"the following addresses have delivery", SECTION_FAILED},
	{"the following addresses had transient", SECTION_TRANSIENT},
	{"the following addresses had successful", SECTION_DELIVERED},
	{"the following addresses were successful", SECTION_DELIVERED},
	{"transcript of session follows", SECTION_TRANSCRIPT},
	{"transcript of the session follows", SECTION_TRANSCRIPT},
	{"non-delivered information", SECTION_REASON},
};

/* The section that a rule opens; false where line is no rule. */
static bool section_of(struct span line, enum section *section_r)
{
	size_t i, at = text_indent(line);

	if (reply_phrase_at(line, at, "---") == SPAN_NONE)
		return false;
	while (at < line.n && (line.p[at] == '-' || line.p[at] == ' '))
		at++;
	*section_r = SECTION_NONE;
	for (i = 0; i < sizeof(section_rows) / sizeof(section_rows[0]); i++)
		if (reply_phrase_at(line, at, section_rows[i].title) !=
		    SPAN_NONE)
			*section_r = section_rows[i].section;
	return true;
}

static bool is_sendmail(const struct format_input *in,
			const struct findings *out)
{
	struct span line;
	enum section section;
	size_t at = 0;

	(void)out;
	while (text_next_line(in->text, &at, &line))
		if (section_of(line, &section) && section != SECTION_NONE)
			return true;
	return false;
}

static enum report_action action_of(enum section section,
				    enum report_action whole)
{
	if (section == SECTION_DELIVERED)
		return ACTION_DELIVERED;
	if (section == SECTION_TRANSIENT)
		return ACTION_DELAYED;
	return whole;
}

/* Old versions put one of these behind each address: the session says why. */
static bool is_mere_severity(struct span words)
{
	return span_eq_ci(words, SPAN("unrecoverable error")) ||
	       span_eq_ci(words, SPAN("transient failure"));
}

/* An address in the first column; programs and files are taken as well. */
static struct fact_draft *read_recipient(struct findings *out, struct span line,
					 enum report_action action)
{
	struct span address = {line.p, 0}, rest;
	struct fact_draft *d;
	size_t at = 0, end;

	while (at < line.n && (line.p[at] == '>' || text_is_space(line.p[at])))
		at++;
	end = text_address_at(line, at, &address);
	if (end == 0 &&
	    (at >= line.n || (line.p[at] != '|' && line.p[at] != '"' &&
			      line.p[at] != '/' && line.p[at] != '\\')))
		return NULL;
	d = findings_add(out, address, action);
	rest = span_trim(span_from(line, end));
	if (d != NULL && end > 0 && rest.n > 2 &&
	    ((rest.p[0] == '[' && rest.p[rest.n - 1] == ']') ||
	     (rest.p[0] == '(' && rest.p[rest.n - 1] == ')')) &&
	    !is_mere_severity(span_make(rest.p + 1, rest.n - 2)))
		d->words = span_make(rest.p + 1, rest.n - 2);
	return d;
}

/* Kerio, which has no transcript, says why below the address. */
static void read_reason_below(struct fact_draft *d, struct span line)
{
	if (d->words.n == 0)
		d->words = span_trim(line);
	else if (d->words.p < line.p)
		d->words.n = (size_t)(line.p + line.n - d->words.p);
}

/* "(reason: ...)", "(expanded from: <alias>)", "(relayed to ...)". */
static void read_remark(struct fact_draft *d, struct span line)
{
	static const char reason[] = "(reason: ",
			  expanded[] = "(expanded from:";
	size_t at = text_indent(line), end;
	struct span alias;

	if (reply_phrase_at(line, at, expanded) != SPAN_NONE) {
		at += sizeof(expanded) - 1;
		at += text_indent(span_from(line, at));
		end = text_address_at(line, at, &alias);
		if (end == 0 || span_find_char(alias, '@') == SPAN_NONE)
			return;
		findings_set_origin(d, alias);
		return;
	}
	if (reply_phrase_at(line, at, reason) == SPAN_NONE)
		return;
	d->words = span_trim(span_from(line, at + sizeof(reason) - 1));
	if (d->words.n > 0 && d->words.p[d->words.n - 1] == ')')
		d->words.n--;
}

static void add_reason(struct findings *out, struct span line)
{
	size_t i;

	for (i = 0; i < out->count; i++)
		if (out->list[i].words.n == 0)
			out->list[i].words = span_trim(line);
}

/* Fills recipients from the sections; returns the transcript's text. */
static struct span read_sections(const struct format_input *in,
				 struct findings *out)
{
	enum report_action whole = text_action(in, out);
	enum section section = SECTION_NONE;
	struct span line, session = {in->text.p, 0};
	struct fact_draft *d = NULL, *next;
	size_t at = 0;

	while (text_next_line(in->text, &at, &line)) {
		if (section_of(line, &section)) {
			d = NULL;
			if (section == SECTION_TRANSCRIPT && session.n == 0)
				session = span_from(in->text, at);
		} else if (section == SECTION_TRANSCRIPT) {
			session.n = at - text_offset(in->text, session);
		} else if (section == SECTION_NONE || text_is_blank(line)) {
			continue;
		} else if (section == SECTION_REASON) {
			add_reason(out, line);
		} else if (d != NULL && line.p[text_indent(line)] == '(') {
			read_remark(d, line);
		} else {
			next = read_recipient(out, line,
					      action_of(section, whole));
			if (next == NULL && d != NULL && text_indent(line) > 0)
				read_reason_below(d, line);
			else
				d = next;
		}
	}
	return session;
}

/* Version 5 and warnings: whoever the transcript names. */
static void read_transcript_only(const struct transcript *t,
				 enum report_action action,
				 struct findings *out)
{
	size_t i;

	for (i = 0; i < t->count; i++)
		if (t->list[i].address.n > 0)
			findings_add(out, t->list[i].address, action);
}

/*
 * sendmail writes ">>> DATA" for the whole pipeline and for the final dot.
 * What it then says of one recipient came from RCPT; but with X.0.0 it may be
 * a filter that does not tell what it has against the mail.
 */
static enum smtp_stage stage_of(const struct exchange *e)
{
	struct reply said;

	if (e->reply.n == 0 || !text_starts(e->command, ">>> DATA"))
		return STAGE_UNKNOWN;
	if (e->address.n == 0)
		return STAGE_BODY;
	reply_read_codes(e->reply, &said);
	return said.status.class_ != 0 && said.status.subject == 0 ? STAGE_DATA
								   : STAGE_RCPT;
}

/* "(reason: 255)": a program's exit status, of which the session says more. */
static bool is_exit_status(struct span words)
{
	size_t i = 0;

	while (i < words.n && text_is_digit(words.p[i]))
		i++;
	return i == words.n;
}

/*
 * "(reason: Can't create output)" is exit status 73 by its name: what the
 * program printed, up to the line that names the recipient, says why.
 */
static bool read_output(struct fact_draft *d, const struct exchange *e)
{
	size_t end = e->echo.n;
	struct span why;

	if (!span_eq_ci(d->words, SPAN("can't create output")) ||
	    e->reply.n > 0)
		return false;
	while (end > 0 && e->echo.p[end - 1] != '\n')
		end--;
	why = span_trim(span_cut(e->echo, end));
	if (why.n > 0)
		d->words = why;
	return why.n > 0;
}

static void read_sendmail(const struct format_input *in, struct findings *out)
{
	struct transcript t;
	struct buf words;
	size_t i;

	transcript_read(&t, out->arena, read_sections(in, out));
	if (out->count == 0)
		read_transcript_only(&t, text_action(in, out), out);
	buf_init(&words);
	for (i = 0; i < out->count; i++) {
		struct fact_draft *d = &out->list[i];
		const struct exchange *e =
			transcript_find(&t, d->address, d->final, d->words);

		if (e != NULL && read_output(d, e))
			continue;
		if (e == NULL || (e->reply.n == 0 && !is_exit_status(d->words)))
			continue;
		/* a program failed: the reply was to somebody else's copy */
		if (out->count > 1 && d->words.n > 0 && e->reply.n > 0 &&
		    is_exit_status(d->words))
			continue;
		buf_reset(&words);
		transcript_words(&t, e, &words);
		d->words = findings_keep(out, &words);
		d->stage = stage_of(e);
	}
	buf_release(&words);
}

const struct format format_sendmail = {"sendmail", is_sendmail, read_sendmail};
