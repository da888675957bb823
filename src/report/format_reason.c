/*
 * What a report says of all its recipients at once, above or below them, and
 * which of them it is evidence against.
 */
#include "report/format_section.h"

#include "report/format_text.h"
#include "report/languages.h"
#include "report/reply_scan.h"

struct span section_reason(const struct section_row *row, struct span text,
			   struct span section, const struct findings *out)
{
	struct span before = span_cut(text, (size_t)(section.p - text.p));
	size_t end;

	if (row->reason == NULL ||
	    reply_phrase_find(before, 0, row->reason, &end) == SPAN_NONE)
		return span_cut(text, 0);
	before = span_from(before, end);
	if (before.n == 0 && out->count > 0)
		before = span_cut(section,
				  text_offset(section, out->list[0].address));
	/* the sentence that announces the recipients is no reason */
	while (before.n > 0 && before.p[before.n - 1] != '\n')
		before.n--;
	return span_trim(before);
}

/*
 * Several in a list, and words behind the last alone, who is not named again:
 * they may be about any of them, and so are no evidence against one.
 */
static bool is_common_reason(const struct findings *out)
{
	size_t i;

	for (i = 0; i + 1 < out->count; i++)
		if (out->list[i].words.n > 0 ||
		    span_eq_ci(out->list[i].address,
			       out->list[out->count - 1].address))
			return false;
	return out->count > 1;
}

/* The paragraph that ends where the first of them begins. */
static struct span heading_of(struct span text, struct span first)
{
	struct span head, line, start;
	size_t at = 0, from = 0;
	bool gap = true;

	head = span_cut(text, text_offset(text, first));
	while (head.n > 0 && head.p[head.n - 1] != '\n')
		head.n--;
	head = span_trim(head);
	for (start = head; text_next_line(head, &at, &line);) {
		if (gap && !text_is_blank(line))
			from = text_offset(head, line);
		gap = text_is_blank(line);
	}
	return span_cut(span_from(start, from), FINDINGS_MAX_WORDS);
}

/*
 * A heading with its colon, or a sentence. A server's reply is said of one,
 * whom nobody knows.
 */
static bool is_for_all(struct span words)
{
	if (words.n == 0 || words.p[words.n - 1] == ':')
		return true;
	return text_ends_sentence(words, words.n - 1) && !text_has_reply(words);
}

/* Nothing stands behind any of several: what stands above is said of each. */
static void give_to_all(const struct format_input *in, struct findings *out)
{
	struct span words = heading_of(in->text, out->list[0].address);

	if (!is_for_all(words) ||
	    section_tells_of_others(words, out->list[0].address) ||
	    section_has_between(in->text, out))
		return;
	for (size_t i = 0; i < out->count; i++)
		out->list[i].words = words;
}

/* What a common reason says of one of them by name is said of that one. */
static void give_to_the_named(const struct findings *out, struct span words)
{
	struct fact_draft *named = NULL;

	for (size_t i = 0; i < out->count; i++) {
		if (span_find_ci(words, out->list[i].address) == SPAN_NONE)
			continue;
		if (named != NULL)
			return;
		named = &out->list[i];
	}
	if (named != NULL)
		named->words = words;
}

static struct fact_draft *whom(const struct findings *out, struct span address)
{
	for (size_t i = 0; i < out->count; i++)
		if (span_eq_ci(out->list[i].address, address))
			return &out->list[i];
	return NULL;
}

/* "DATA", "C: DATA", or the host's word to go on with it. */
static bool is_data(struct span line)
{
	size_t n;

	line = span_trim(line);
	n = line.n > 4 ? line.n - 4 : 0;
	return !text_has_reply(line) &&
	       (text_has(line, "354 ") || text_has(line, "BDAT ") ||
		(span_ends_ci(line, SPAN("DATA")) &&
		 (n == 0 || !text_is_alnum(line.p[n - 1]))));
}

/* A reply may quote it. */
static size_t recipient_command(struct span line, struct span *address_r)
{
	return text_has(line, "rcpt to") && !text_has_reply(line)
		       ? text_address_find(line, 0, address_r)
		       : 0;
}

/* "550 no\n(in reply to RCPT TO:<a@b>)": what is answered stands above. */
static bool is_answered_above(struct span words, struct span line)
{
	return text_has(line, "in reply to") ||
	       text_has_reply(span_cut(words, text_offset(words, line)));
}

/* What is answered to the mail is of the only one who was not refused. */
static void give_to_the_accepted(const struct findings *out, struct span words)
{
	struct fact_draft *accepted = NULL;

	for (size_t i = 0; i < out->count; i++) {
		if (text_has_reply(out->list[i].words))
			continue;
		if (accepted != NULL)
			return;
		accepted = &out->list[i];
	}
	if (accepted != NULL)
		accepted->words = words;
}

static void forget_words(const struct findings *out)
{
	for (size_t i = 0; i < out->count; i++)
		out->list[i].words.n = 0;
}

/* Of one who is asked for again the first answer is kept. */
static struct fact_draft *begin_words(const struct findings *out,
				      struct span address, struct span line)
{
	struct fact_draft *d = whom(out, address);

	if (d == NULL || d->words.n > 0)
		return NULL;
	d->words = line;
	return d;
}

/*
 * Below the list stands the session: what follows "RCPT TO:<a@b>", up to the
 * next one, was answered of that one. Nobody is given anything where several
 * were asked for at once. False: this is no session.
 */
static bool give_by_command(const struct findings *out, struct span words)
{
	struct fact_draft *d = NULL;
	struct span line, address;
	size_t at = 0;
	bool begun = false, asked = false;

	while (text_next_line(words, &at, &line)) {
		bool command = recipient_command(line, &address) > 0;

		if (text_is_blank(line))
			continue;
		if (command && !begun && is_answered_above(words, line))
			return false;
		if (asked && (command || is_data(line))) {
			forget_words(out);
			return true;
		}
		if (begun && is_data(line)) {
			line = span_from(words, text_offset(words, line));
			give_to_the_accepted(out, line);
			return true;
		}
		asked = command;
		begun |= command;
		if (command)
			d = begin_words(out, address, line);
		else if (d != NULL)
			d->words.n = (size_t)(line.p + line.n - d->words.p);
	}
	return begun;
}

/* "For further assistance ...", in a paragraph of its own. */
static bool is_help(struct span text, struct span words)
{
	size_t at = text_offset(text, words), end = 0, breaks = 0;

	for (; at > 0 && text_is_space(text.p[at - 1]); at--)
		breaks += text.p[at - 1] == '\n';
	while (end < words.n && !text_ends_sentence(words, end))
		end++;
	return breaks > 1 && languages_offer_help(span_cut(words, end));
}

/*
 * Of the only one: behind its address stands nothing, or who may be asked; or
 * a reply before it alone.
 */
static bool is_said_above(struct span text, struct span words)
{
	return words.n == 0 ||
	       (!text_has_reply(words) &&
		(text_has_reply(span_cut(text, text_offset(text, words))) ||
		 is_help(text, words)));
}

void section_share(const struct section_row *row, const struct format_input *in,
		   struct findings *out)
{
	struct span words;

	if (out->count == 1 && is_said_above(in->text, out->list[0].words)) {
		if (!section_tells_of_others(in->text, out->list[0].address))
			out->list[0].words = in->text;
	} else if (is_common_reason(out)) {
		words = out->list[out->count - 1].words;
		out->list[out->count - 1].words.n = 0;
		if (words.n == 0 && row->field == NULL && !row->local)
			give_to_all(in, out);
		else if (words.n > 0 && !give_by_command(out, words))
			give_to_the_named(out, words);
	}
}
