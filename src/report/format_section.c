#include "report/format_section.h"

#include "report/format_text.h"
#include "report/languages.h"
#include "report/reply.h"
#include "report/reply_scan.h"
#include "util/address.h"

/*
 * Reads what a row of data describes. The words of a recipient reach to the
 * next one and never further; where nothing stands behind the only one, the
 * text before it tells why.
 */

bool section_is(const struct section_row *row, const struct format_input *in)
{
	return text_head_has_any(in, row->signs) &&
	       (!row->nameless || headers_is_nameless(in->headers));
}

/* The part of the text in which the row's recipients stand. */
static struct span section_text(const struct section_row *row,
				const struct format_input *in)
{
	struct span text = in->text;
	size_t at, end, first = SPAN_NONE, behind = 0, next = 0, nth = 0;
	struct span line, section;
	const char *phrase;

	while (row->begins != NULL &&
	       (phrase = phrases_next(row->begins, in->grams, &nth)) != NULL) {
		at = reply_phrase_find(text, 0, phrase, &end);
		if (at != SPAN_NONE && at < first) {
			first = at;
			behind = end;
		}
	}
	section = span_from(text, behind);
	if (row->ends == NULL)
		return section;
	for (at = 0; text_next_line(section, &at, &line); next = at)
		if (text_starts_any(line, row->ends->list))
			return span_cut(section, next);
	return section;
}

/*
 * A name alone on an indented line, or before a bracket: of a system that
 * calls its users by their local parts. Completed with the domain that the
 * report comes from.
 */
static size_t local_name(const struct format_input *in, struct span line,
			 struct findings *out, struct span *address_r)
{
	size_t at = text_indent(line), end = at;
	struct span domain, rest;
	struct buf b;

	while (end < line.n &&
	       (text_is_alnum(line.p[end]) || line.p[end] == '.' ||
		line.p[end] == '-' || line.p[end] == '_'))
		end++;
	rest = span_trim(span_from(line, end));
	if (at == 0 || end - at < 2 || (rest.n > 0 && rest.p[0] != '('))
		return 0;
	buf_init(&b);
	if (headers_mailbox(&b, headers_raw(in->headers, "From", 0)) == 0) {
		domain = address_domain(findings_keep(out, &b));
		buf_reset(&b);
		buf_add(&b, line.p + at, end - at);
		buf_add_char(&b, '@');
		buf_add(&b, domain.p, domain.n);
		*address_r = findings_keep(out, &b);
	} else {
		end = 0;
	}
	buf_release(&b);
	return end;
}

/* Rules, and brackets and colons behind an address, are no words. */
static struct span trim_words(struct span words)
{
	words = span_trim(words);
	while (words.n > 0 &&
	       text_is_any_of(words.p[words.n - 1], "=-*_# \t\r\n"))
		words.n--;
	while (words.n > 0 &&
	       (text_is_any_of(words.p[0], ":].),;'\"= \t\r\n") ||
		(words.p[0] == '>' && (words.n == 1 || words.p[1] != '>'))))
		words = span_from(words, 1);
	return words;
}

static void settle_stage(const struct section_row *row, struct fact_draft *d)
{
	struct reply reply;

	if (row->unsaid == STAGE_UNKNOWN)
		return;
	reply_read(d->words, &reply);
	if (d->words.n == 0 ||
	    (reply.code == 550 && reply.stage == STAGE_UNKNOWN))
		d->stage = row->unsaid;
}

static bool is_heading(struct span line)
{
	line = span_trim(line);
	return line.n > 0 && line.p[line.n - 1] == ':';
}

/*
 * A rule with a gap on both sides: what stands below is not said of the one
 * above, unless it is the answer that was announced.
 */
static struct span before_rule(struct span words, struct span address)
{
	struct span line, last = {words.p, 0};
	size_t at = 0, start;
	bool gap = false;

	if (address.p >= words.p && address.p < words.p + words.n)
		at = text_offset(words, address) + address.n;

	while (start = at, text_next_line(words, &at, &line)) {
		if (gap && last.n > 0 && section_is_gap(line) &&
		    !text_is_blank(line) && !is_heading(last) &&
		    (at == words.n || text_is_any_of(words.p[at], "\r\n")) &&
		    !text_has_reply(span_from(words, at)))
			return span_cut(words, start);
		gap = text_is_blank(line);
		if (!gap)
			last = line;
	}
	return words;
}

/* Cuts the words to what counts. */
static void settle_words(const struct section_row *row, struct fact_draft *d)
{
	size_t i, at, end;

	for (i = 0; row->said != NULL && row->said->list[i] != NULL; i++) {
		at = reply_phrase_find(d->words, 0, row->said->list[i], &end);
		if (at == SPAN_NONE)
			continue;
		d->remote = reply_remote(span_cut(d->words, at));
		d->words = span_from(d->words, end);
		break;
	}
	if (row->labels)
		d->words = before_rule(
			text_told_of(span_cut(d->words, FINDINGS_MAX_WORDS),
				     d->address),
			d->address);
	/* Those of several may overlap (WORDS_ALL): not all the text each. */
	d->words = span_cut(d->words, FINDINGS_MAX_WORDS);
	for (i = 0; row->until != NULL && row->until->list[i] != NULL; i++) {
		at = reply_phrase_find(d->words, 0, row->until->list[i], NULL);
		if (at != SPAN_NONE)
			d->words = span_cut(d->words, at);
	}
	d->words = trim_words(d->words);
	settle_stage(row, d);
}

#define SENTENCE_BYTES 1024

/* A line that begins with a capital letter or a number begins one. */
static struct span last_sentence(struct span text)
{
	struct span line;
	size_t at = 0, begin = 0;

	text = span_from(text,
			 text.n > SENTENCE_BYTES ? text.n - SENTENCE_BYTES : 0);
	while (text_next_line(text, &at, &line)) {
		char c = span_cut(span_trim(line), 1).n > 0
				 ? span_trim(line).p[0]
				 : '\0';

		if (text_is_digit(c) || text_lower(c) != c || c == '\0')
			begin = text_offset(text, line);
	}
	text = span_from(text, begin);
	for (size_t i = text.n; i > 1; i--)
		if (text.p[i - 2] == '.' && text_is_space(text.p[i - 1]))
			return span_from(text, i);
	return text;
}

/*
 * "550 no such user, ask your postmaster": a server's advice ends so too, and
 * below a blank line stands the next recipient.
 */
static bool ends_in_reply(struct span before)
{
	size_t breaks = 0;

	while (before.n > 0 && text_is_space(before.p[before.n - 1])) {
		breaks += before.p[before.n - 1] == '\n';
		before.n--;
	}
	if (breaks < 2 || before.n == 0 || before.p[before.n - 1] == ':')
		return false;
	return text_has_reply(last_sentence(before));
}

/* Whom a server's answer stands below, failed, whatever stands above. */
static bool has_reply_below(struct span text, struct span line)
{
	size_t at = text_offset(text, line) + line.n;
	struct span next;

	while (at < text.n && (text.p[at] == '\r' || text.p[at] == '\n')) {
		at++;
		if (text.p[at - 1] == '\n')
			break;
	}
	next = span_from(text, at);
	return text_begins_with_reply(
		span_cut(next, span_find_char(next, '\n')));
}

/* "Please write to:", and below it an address that did not fail. */
static bool is_referred(struct span text, struct span line, struct span address)
{
	struct span before;
	size_t at;

	if (address.p < line.p || address.p >= line.p + line.n)
		return false;
	at = text_offset(line, address);
	while (at > 0 && text_is_any_of(line.p[at - 1], "<([\"'*- \t"))
		at--;
	before = span_cut(text, text_offset(text, line));
	return at == 0 && languages_refer(before) && !ends_in_reply(before) &&
	       !has_reply_below(text, line);
}

/* "It was delivered to:", and below it those who got it. */
static bool announces_success(const struct format_input *in, struct span line)
{
	static const char *const news[] = {"was delivered",
					   "were delivered",
					   "has been delivered",
					   "have been delivered",
					   "successful",
					   "erfolgreich",
					   "wurde zugestellt",
					   "été remis",
					   "été distribué",
					   "fue entregado",
					   "foi entregue",
					   "stato consegnato",
					   NULL};
	PHRASES(news);
	static const char *const denials[] = {"fail", "not ", "n't", "nicht",
					      "pas ", "non ", "no ", "unsucces",
					      "não",  "nao",  NULL};
	PHRASES(denials);

	return text_part_has_any(in, line, news_phrases) &&
	       !text_part_has_any(in, line, denials_phrases);
}

static bool is_quoted(struct span line)
{
	size_t at = text_indent(line);

	return at < line.n && line.p[at] == '>' && !text_starts(line, ">>>");
}

struct listing {
	const struct section_row *row;
	const struct format_input *in;
	struct findings *out;
	struct span section;
	struct fact_draft *d; /* whose words go on */
	struct span group;    /* what stands above d and others like it */
	bool passed;	      /* it tells of those who got it */
};

static void end_words(struct listing *l)
{
	if (l->d != NULL && trim_words(l->d->words).n == 0) {
		if (l->group.n > 0)
			l->d->words = l->group;
	} else if (l->d != NULL) {
		l->group.n = 0;
	}
	l->d = NULL;
}

/*
 * The paragraph that the heading ends: back to a gap, to whom it is below, and
 * to lines that stand further in than it does.
 */
static struct span whole_heading(const struct listing *l, struct span line)
{
	struct span before =
		span_cut(l->section, text_offset(l->section, line));
	size_t floor = 0, start = before.n, from;
	struct span above;

	if (l->d != NULL) {
		floor = text_offset(l->section, l->d->words);
		while (floor < before.n && before.p[floor] != '\n')
			floor++;
		floor += floor < before.n;
	}
	/* More is no heading, and would be read for each of thousands. */
	if (start > floor + FINDINGS_MAX_WORDS)
		floor = start - FINDINGS_MAX_WORDS;
	while (start > floor) {
		for (from = start - 1; from > floor; from--)
			if (before.p[from - 1] == '\n')
				break;
		above = span_from(span_cut(before, start - 1), from);
		if (section_is_gap(above) ||
		    text_indent(above) > text_indent(line))
			break;
		start = from;
	}
	before = span_from(before, start);
	return span_make(before.p, before.n + line.n);
}

/*
 * "Mailbox full (552 5.2.2):", and below it the next recipients: of those, not
 * of the one above. at is behind the line.
 */
static void read_heading(struct listing *l, struct span line, size_t at)
{
	bool first = l->out->count == 0;
	struct span next = {line.p, 0}, address, heading;
	enum section_words words;
	size_t end;

	l->passed = announces_success(l->in, line);
	while (text_next_line(l->section, &at, &next) && text_is_blank(next))
		continue;
	end = section_recipient(l->row, l->in->grams, next, SIZE_MAX, &address,
				&words);
	if (end == 0 || (l->d != NULL && span_eq_ci(address, l->d->address)))
		return;
	heading = whole_heading(l, line);
	if (l->d != NULL && heading.p < l->d->words.p + l->d->words.n)
		l->d->words.n = (size_t)(heading.p - l->d->words.p);
	end_words(l);
	l->group =
		!first || text_has_reply(heading) ? heading : span_cut(line, 0);
}

/* Those whom the line names, end behind the first; false: there are too many.
 */
static bool add_named(struct listing *l, struct span line, size_t end,
		      struct span address, enum section_words words)
{
	enum report_action action = text_action(l->in, l->out);

	while (end > 0) {
		end_words(l);
		l->d = findings_add(l->out, address, action);
		if (l->d == NULL)
			return false;
		l->d->words = words == WORDS_ALL    ? span_cut(l->section, 0)
			      : words == WORDS_LINE ? line
						    : span_from(line, end);
		end = words == WORDS_BEHIND && !l->row->verbatim
			      ? section_next_in_list(line, end, &address,
						     &l->d->words)
			      : 0;
	}
	return true;
}

static void read_lines(const struct section_row *row,
		       const struct format_input *in, struct span section,
		       struct span lead, struct findings *out)
{
	struct listing l = {
		.row = row, .in = in, .out = out, .section = section};
	enum section_words words = WORDS_BEHIND;
	struct span line, address;
	size_t at = 0, end, nth = 0;
	bool quoted = true, referred = false, at_once = false;

	while (text_next_line(section, &at, &line)) {
		nth += !text_is_blank(line);
		/* behind those of the report itself: in what came back */
		if (!quoted && is_quoted(line)) {
			l.group.n = 0;
			continue;
		}
		end = section_recipient(row, in->grams, line, nth, &address,
					&words);
		if (end == 0 && row->local)
			end = local_name(in, line, out, &address);
		if (end == 0)
			end = section_led_again(line, lead, &address);
		if (end == 0 && is_heading(line))
			read_heading(&l, line, at);
		if (l.passed) {
			end_words(&l);
			continue;
		}
		at_once |= end > 0 && words == WORDS_ALL &&
			   section_asks_for_next(section, line);
		if (at_once)
			end_words(&l);
		if (at_once || (end > 0 && words == WORDS_ALL &&
				section_is_accepted(section, line)))
			end = 0;
		/* the address once more among its own words */
		if (end > 0 && l.d != NULL && span_eq_ci(address, l.d->address))
			end = 0;
		/* and whoever stands right below it, without a reply */
		referred = end > 0 &&
			   (referred || is_referred(in->text, line, address)) &&
			   !text_has_reply(span_from(line, end));
		if (referred)
			end = 0;
		/* what was answered is over, and "Sender" is of this one */
		if (referred && l.d != NULL && text_has_reply(l.d->words)) {
			l.d->words = text_without_label(l.d->words);
			end_words(&l);
		}
		if (end > 0) {
			quoted = is_quoted(line);
			if (!add_named(&l, line, end, address, words))
				return;
		} else if (!row->verbatim && l.d != NULL &&
			   section_is_of_another(line, l.d->address))
			end_words(&l);
		if (l.d != NULL)
			l.d->words.n = (size_t)(line.p + line.n - l.d->words.p);
	}
	end_words(&l);
}

/* The recipient by a field of the header, the words by the text. */
static void read_field(const struct section_row *row,
		       const struct format_input *in, struct findings *out)
{
	struct buf b;

	buf_init(&b);
	if (headers_mailbox(&b, headers_raw(in->headers, row->field, 0)) == 0)
		(void)findings_add(out, findings_keep(out, &b),
				   text_action(in, out));
	buf_release(&b);
}

void section_read(const struct section_row *row, const struct format_input *in,
		  struct findings *out)
{
	struct span section = section_text(row, in), reason;
	struct span lead = span_cut(section, 0);
	bool above;
	size_t i;

	if (row->field != NULL)
		read_field(row, in, out);
	else
		read_lines(row, in, section, lead, out);
	if (out->count == 0 && row->labels)
		lead = section_repeated_lead(section);
	if (lead.n > 0)
		read_lines(row, in, section, lead, out);
	above = section_sides(section, out);
	reason = section_reason(row, in->text, section, out);
	for (i = 0; i < out->count; i++) {
		if (reason.n > 0 &&
		    (reason.p < section.p || text_is_blank(out->list[i].words)))
			out->list[i].words = reason;
		settle_words(row, &out->list[i]);
	}
	if (!above)
		section_share(row, in, out);
}
