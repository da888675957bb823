#include "report/format.h"

#include "report/format_section.h"
#include "report/format_text.h"

/*
 * qmail's bounce format (QSBMF), which others took over: paragraphs, those
 * that begin "<address>:" are about a recipient, one that begins with a dash
 * ends the list. The first paragraph is "Hi. This is the ..." in the original
 * and anything at all elsewhere.
 */

static const char *const sentences[] = {
	"hi. this is the",
	"hi. the mta program at",
	"unable to deliver message to the following address",
	"able to deliver your message to the following address",
	"your mail was not delivered to the following address",
	"not able to deliver your message",
	"this is a permanent error; i've given up",
	NULL,
};
PHRASES(sentences);

static const char *const subjects[] = {
	"failure notice",
	"failure delivery",
	"delivery failure",
	"mail not delivered",
	NULL,
};

static bool has_shape(struct span text)
{
	struct span line, address;
	size_t at = 0;

	while (text_next_line(text, &at, &line))
		if (text_recipient_line(line, &address))
			return true;
	return false;
}

static bool is_qmail(const struct format_input *in, const struct findings *out)
{
	return (text_head_has_any(in, sentences_phrases) ||
		text_starts_any(out->subject, subjects) ||
		text_has(headers_raw(in->headers, "From", 0),
			 "mailer-daemon")) &&
	       has_shape(in->text);
}

/*
 * Some replies hold empty lines, so words may go on behind one: with another
 * line of a reply, or with what qmail itself says last.
 */
static bool goes_on(struct span line)
{
	static const char *const beginnings[] = {"giving up on ",
						 "i'm not going to try again",
						 "remote host said", NULL};

	return text_begins_with_reply(line) ||
	       text_starts_any(line, beginnings);
}

static void read_paragraphs(const struct format_input *in, struct findings *out)
{
	enum report_action action = text_action(in, out);
	struct span line, address;
	struct fact_draft *d = NULL;
	bool paragraph = false;
	size_t at = 0;

	while (text_next_line(in->text, &at, &line)) {
		if (text_recipient_line(line, &address)) {
			d = findings_add(out, address, action);
			if (d == NULL)
				return;
			d->words = span_make(line.p + line.n, 0);
			paragraph = true;
		} else if (text_is_blank(line)) {
			/* an empty line before any words ends nothing */
			paragraph = paragraph && d != NULL && d->words.n == 0;
		} else if ((line.p[0] == '-' && line.n > 1 &&
			    line.p[1] == '-') ||
			   (line.p[0] == '<' && d != NULL &&
			    section_is_of_another(line, d->address))) {
			d = NULL;
		} else if (d != NULL && (paragraph || goes_on(line))) {
			d->words.n = (size_t)(line.p + line.n - d->words.p);
			paragraph = true;
		}
	}
}

static void read_qmail(const struct format_input *in, struct findings *out)
{
	read_paragraphs(in, out);
	(void)section_sides(in->text, out);
}

const struct format format_qmail = {"qmail", is_qmail, read_qmail};
