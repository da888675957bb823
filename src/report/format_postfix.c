#include "report/format.h"

#include "report/format_text.h"
#include "report/reply_scan.h"

/*
 * Postfix and what was built from it. A recipient begins in the first column,
 *	<address> (expanded from <alias>): words
 * and its words are wrapped with four spaces. The sentences above may be in
 * any language (bounce.cf); beside a machine part the shape is enough.
 */

static const char *const sentences[] = {
	" program at host ",
	"this is the mail system at host",
	"this is the postfix",
	"the mail system <",
	"returned below could not be delivered to one or more destinations",
	NULL,
};
PHRASES(sentences);

/* Where bounce.cf has words of the site's own; people quote them of a log. */
static const char *const signs[] = {
	"(in reply to rcpt to command)",
	"(in reply to end of data command)",
	"(in reply to mail from command)",
	NULL,
};
PHRASES(signs);

/*
 * Reads the beginning of a recipient in the line at `at`, wrapped before an
 * alias or not: the offset of its words in text, or 0 where there is none.
 */
static size_t recipient_at(struct span text, size_t at, struct span *address_r,
			   struct span *alias_r)
{
	size_t expanded;

	*alias_r = span_make(text.p, 0);
	if (at >= text.n || text.p[at] != '<')
		return 0;
	at = text_address_at(text, at, address_r);
	if (at == 0)
		return 0;
	expanded = reply_phrase_at(text, at, " (expanded from ");
	if (expanded != SPAN_NONE) {
		at = text_address_at(text, expanded, alias_r);
		if (at == 0 || at >= text.n || text.p[at] != ')')
			return 0;
		at++;
	}
	if (at >= text.n || text.p[at] != ':')
		return 0;
	return at + 1;
}

/* The next line continues the words: indented, with text. */
static bool is_continued(struct span text, size_t at)
{
	struct span line;

	return text_next_line(text, &at, &line) && text_indent(line) > 0 &&
	       !text_is_blank(line);
}

/* One recipient of that shape, whatever its words. */
static bool has_shape(struct span text)
{
	struct span line, address, alias;
	size_t at = 0, start, words;

	while (start = at, text_next_line(text, &at, &line)) {
		words = recipient_at(text, start, &address, &alias);
		if (words == 0)
			continue;
		at = words;
		(void)text_next_line(text, &at, &line);
		if (!text_is_blank(line) || is_continued(text, at))
			return true;
	}
	return false;
}

static bool is_of_a_program(const struct format_input *in)
{
	struct span path = headers_raw(in->headers, "Return-Path", 0);

	return span_eq(span_trim(path), SPAN("<>")) ||
	       span_find_ci(headers_raw(in->headers, "From", 0),
			    SPAN("mailer-daemon")) != SPAN_NONE;
}

static bool is_postfix(const struct format_input *in,
		       const struct findings *out)
{
	(void)out;
	return (in->machine_part || text_head_has_any(in, sentences_phrases) ||
		(text_head_has_any(in, signs_phrases) &&
		 is_of_a_program(in))) &&
	       has_shape(in->text);
}

/*
 * "said: 550 5.1.1" without "(in reply to ...)": more of it follows, unless
 * the line tells what was said of another.
 */
static bool is_open(const struct fact_draft *d, struct span line)
{
	return text_has(d->words, "said:") && !text_has(line, "said:") &&
	       !text_has(d->words, "(in reply to");
}

/* The indent may be lost, where people are shown a report. */
static bool is_more(const struct fact_draft *d, struct span line)
{
	static const char *const ends[] = {"--",
					   "reporting-mta:", "final-recipient:",
					   "original-recipient:", NULL};

	return d != NULL && !text_is_blank(line) &&
	       !text_starts_any(line, ends);
}

static void read_postfix(const struct format_input *in, struct findings *out)
{
	enum report_action action = text_action(in, out);
	struct span line, address, alias;
	struct fact_draft *d = NULL;
	size_t at = 0, start, words;

	while (start = at, text_next_line(in->text, &at, &line)) {
		words = recipient_at(in->text, start, &address, &alias);
		if (words == 0 || (d != NULL && is_open(d, line))) {
			if (is_more(d, line))
				d->words.n =
					(size_t)(line.p + line.n - d->words.p);
			else
				d = NULL;
			continue;
		}
		d = findings_add(out, alias.n > 0 ? alias : address, action);
		if (d == NULL)
			return;
		if (alias.n > 0)
			d->final = address;
		at = words;
		(void)text_next_line(in->text, &at, &d->words);
	}
}

const struct format format_postfix = {"postfix", is_postfix, read_postfix};
