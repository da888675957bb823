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

/* Where bounce.cf has words of the site's own; people quote them of a log. */
static const char *const signs[] = {
	"(in reply to rcpt to command)",
	"(in reply to end of data command)",
	"(in reply to mail from command)",
	NULL,
};

/*
 * Reads the beginning of a recipient: the offset of its words in line, or 0
 * where the line begins none.
 */
static size_t recipient_line(struct span line, struct span *address_r,
			     struct span *alias_r)
{
	static const char expanded[] = " (expanded from <";
	size_t at, end;

	*alias_r = span_make(line.p, 0);
	if (line.n == 0 || line.p[0] != '<')
		return 0;
	at = text_address_at(line, 0, address_r);
	if (at == 0)
		return 0;
	if (reply_phrase_at(line, at, expanded) != SPAN_NONE) {
		at += sizeof(expanded) - 2;
		end = text_address_at(line, at, alias_r);
		if (end == 0 || end >= line.n || line.p[end] != ')')
			return 0;
		at = end + 1;
	}
	if (at >= line.n || line.p[at] != ':')
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
	size_t at = 0, words;

	while (text_next_line(text, &at, &line)) {
		words = recipient_line(line, &address, &alias);
		if (words == 0)
			continue;
		if (!text_is_blank(span_from(line, words)) ||
		    is_continued(text, at))
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
	return (in->machine_part || text_head_has_any(in, sentences) ||
		(text_head_has_any(in, signs) && is_of_a_program(in))) &&
	       has_shape(in->text);
}

static void read_postfix(const struct format_input *in, struct findings *out)
{
	enum report_action action = text_action(in, out);
	struct span line, address, alias;
	struct fact_draft *d = NULL;
	size_t at = 0, words;

	while (text_next_line(in->text, &at, &line)) {
		words = recipient_line(line, &address, &alias);
		if (words == 0) {
			if (text_is_blank(line) || text_indent(line) == 0)
				d = NULL;
			else if (d != NULL)
				d->words.n =
					(size_t)(line.p + line.n - d->words.p);
			continue;
		}
		d = findings_add(out, alias.n > 0 ? alias : address, action);
		if (d == NULL)
			return;
		if (alias.n > 0)
			d->final = address;
		d->words = span_from(line, words);
	}
}

const struct format format_postfix = {"postfix", is_postfix, read_postfix};
