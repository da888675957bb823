/*
 * Which line of a report for people names a recipient: where its address
 * stands, and what must stand before and behind it.
 */
#include "report/format_section.h"

#include "report/format_text.h"
#include "report/languages.h"
#include "report/reply_scan.h"

#define LEADS_MAX 4	/* lines that a reply is looked for below */
#define TOLD_BYTES 2048 /* in which the reply stands */

/* What may stand before an address that begins its line. */
static size_t skip_bullet(struct span line)
{
	size_t at = text_indent(line), n = 1;

	while (at < line.n && text_is_any_of(line.p[at], "*>-|"))
		at++;
	/* "1. ", "2) " */
	while (at + n < line.n && text_is_digit(line.p[at + n - 1]))
		n++;
	if (n > 1 && n < 4 && at + n < line.n &&
	    text_is_any_of(line.p[at + n - 1], ".)") &&
	    text_is_space(line.p[at + n]))
		at += n;
	for (n = 1; at < line.n && n > 0; at += n)
		n = text_is_space(line.p[at]) ? 1 : text_mark_at(line, at);
	return at;
}

/* What became of it, in the next cell of a table. */
static const char *const states[] = {"failed",
				     "delivery failed",
				     "rejected",
				     "bounced",
				     "refused",
				     "undeliver",
				     "not delivered",
				     "permanent",
				     "fehlgeschlagen",
				     "abgelehnt",
				     "unzustellbar",
				     "échec",
				     "Échec",
				     "rejeté",
				     "fallido",
				     "rechazado",
				     "fallito",
				     "mislukt",
				     NULL};

/* What follows a bare address shows that the line is about it. */
static bool is_end_of_address(struct span rest, bool loose)
{
	struct span other;
	size_t at;
	char c;

	if (text_is_blank(rest))
		return true;
	c = rest.p[0];
	if (loose || c == ':' || c == ';' || c == ',')
		return true;
	/* a column of its own; before another address it may be the sender's */
	if ((c == '\t' || (rest.n > 1 && c == ' ' && rest.p[1] == ' ')) &&
	    text_has_reply(rest))
		return text_address_find(rest, 0, &other) == 0 ||
		       text_has_reply(span_cut(rest, text_offset(rest, other)));
	rest = span_from(rest, text_indent(rest));
	if (text_mark_at(rest, 0) > 0)
		return true;
	/* a cell; with another address behind it, it may be the sender's */
	if (rest.p[0] == '|') {
		at = 1 + text_indent(span_from(rest, 1));
		return text_address_at(rest, at, &other) == 0;
	}
	return text_begins_with_reply(rest) || text_starts_any(rest, states) ||
	       text_starts(rest, "...") || rest.p[0] == '(' ||
	       rest.p[0] == '[' || rest.p[0] == '<' || rest.p[0] == ':' ||
	       text_starts(rest, "- ") || text_starts(rest, "->") ||
	       (rest.p[0] == '=' && text_address_find(rest, 0, &other) == 0);
}

/* Behind the name in quotation marks that may stand before "<". */
static size_t skip_name(struct span line, size_t at)
{
	struct span rest = span_from(line, at);
	size_t end;

	if (rest.n == 0 || rest.p[0] != '"')
		return at;
	end = span_find(rest, SPAN("\" <"));
	return end == SPAN_NONE || span_find_char(span_cut(rest, end), '@') !=
					   SPAN_NONE
		       ? at
		       : at + end + 2;
}

static size_t bare_address(const struct section_row *row, struct span line,
			   struct span *address_r)
{
	size_t end = text_address_at(line, skip_name(line, skip_bullet(line)),
				     address_r);
	size_t arrow = end > 0 ? text_arrow_at(line, end, address_r) : 0;

	end = arrow > 0 ? arrow : end;
	if (end == 0 || span_find_char(*address_r, '@') == SPAN_NONE ||
	    !is_end_of_address(span_from(line, end), row->loose))
		return 0;
	return end;
}

/* Of quotes only those around a bracketed address: '<a@b>'. */
static bool is_before_address(struct span line, size_t at)
{
	char c = line.p[at];

	return text_is_space(c) || c == '[' || c == '(' ||
	       (c == '\'' && at + 1 < line.n && line.p[at + 1] == '<');
}

/* The address behind a lead; the lead's words to *words_r. */
static size_t led_address(const struct section_row *row, const struct grams *g,
			  struct span line, size_t nth, struct span *address_r,
			  enum section_words *words_r)
{
	size_t i, at, end;

	/* Most lines name nobody. */
	if (span_find_char(line, '@') == SPAN_NONE)
		return 0;
	for (i = 0; row->leads != NULL && row->leads[i].phrase != NULL; i++) {
		if (!grams_may_hold(g, row->leads[i].phrase))
			continue;
		at = reply_phrase_find(line, 0, row->leads[i].phrase, &end);
		if (at == SPAN_NONE ||
		    (row->leads[i].opening &&
		     (nth > SECTION_OPENING_LINES || at != text_indent(line))))
			continue;
		while (end < line.n && is_before_address(line, end))
			end++;
		end = text_address_at(line, end, address_r);
		if (end == 0 || span_find_char(*address_r, '@') == SPAN_NONE)
			continue;
		*words_r = row->leads[i].words;
		return end;
	}
	return 0;
}

/* "Empfänger | a@example.com": in a cell of its own, nothing behind it. */
static size_t address_of_row(struct span line, struct span *address_r)
{
	size_t end = text_address_find(line, 0, address_r);
	struct span label;

	if (end == 0 || !text_is_blank(span_from(line, end)))
		return 0;
	label = span_cut(line, text_offset(line, *address_r));
	while (label.n > 0 && text_is_any_of(label.p[label.n - 1], "<| \t"))
		label.n--;
	while (label.n > 0 && text_is_any_of(label.p[0], "| \t"))
		label = span_from(label, 1);
	return label.n <= TEXT_LABEL_MAX && languages_label_recipient(label)
		       ? end
		       : 0;
}

/* The address that stands alone behind "Empfänger:" or the like. */
static size_t labelled_address(struct span line, struct span *address_r)
{
	static const char wide[] = "：";
	size_t colon = span_find_char(line, ':'), at, end;

	at = colon + 1;
	if (colon == SPAN_NONE) {
		colon = span_find(line, span_of(wide));
		at = colon + sizeof(wide) - 1;
	}
	if (colon == SPAN_NONE)
		return address_of_row(line, address_r);
	if (colon == 0)
		return 0;
	at += text_indent(span_from(line, at));
	end = text_address_at(line, at, address_r);
	if (end == 0 || !text_is_blank(span_from(line, end)) ||
	    span_find_char(*address_r, '@') == SPAN_NONE ||
	    !languages_label_recipient(span_trim(span_cut(line, colon))))
		return 0;
	return end;
}

/* What stands before the only address of a line; it holds a letter. */
static size_t lead_of(struct span line, struct span *lead_r,
		      struct span *address_r)
{
	struct span other;
	size_t end, i = 0;

	if (span_find_char(line, '@') == SPAN_NONE)
		return 0;
	end = text_address_find(line, 0, address_r);
	if (end == 0 || text_address_find(line, end, &other) > 0)
		return 0;
	*lead_r = span_cut(line, text_offset(line, *address_r));
	while (i < lead_r->n && !text_is_alpha(lead_r->p[i]) &&
	       (lead_r->p[i] & 0x80) == 0)
		i++;
	return i < lead_r->n && !languages_refer(*lead_r) ? end : 0;
}

struct span section_repeated_lead(struct span text)
{
	struct span line, lead, address, first = {0}, known = {0};
	struct span none = {text.p, 0};
	size_t at = 0, end, from = 0, tried = 0;
	bool answered = false;

	while (tried < LEADS_MAX && text_next_line(text, &at, &line)) {
		end = lead_of(line, &lead, &address);
		if (end == 0)
			continue;
		answered = answered ||
			   text_has_reply(span_from(
				   span_cut(text, text_offset(text, address)),
				   from));
		from = text_offset(text, line) + end;
		/* Answers stand above, or this is beside the matter. */
		if (answered && known.n == 0)
			return none;
		if (!answered) {
			first = lead;
			known = address;
		} else if (span_eq(lead, first) &&
			   !span_eq_ci(address, known)) {
			if (text_has_reply(span_cut(span_from(text, from),
						    TOLD_BYTES)))
				return lead;
			tried++;
		}
	}
	return none;
}

size_t section_led_again(struct span line, struct span lead,
			 struct span *address_r)
{
	struct span found;
	size_t end;

	if (lead.n == 0 || !span_starts_ci(line, lead))
		return 0;
	end = lead_of(line, &found, address_r);
	return end > 0 && span_eq(found, lead) ? end : 0;
}

/* "550 no:", or a column of its own. */
static bool is_apart(struct span label)
{
	size_t gap = label.n;

	while (label.n > 0 && text_is_space(label.p[label.n - 1]))
		label.n--;
	gap -= label.n;
	return label.n > 0 && (label.p[label.n - 1] == ':' || gap > 1);
}

/*
 * "550 5.1.1 User unknown: <a@example.com>": an answer, and to whom it was
 * given, unless that is who may be asked.
 */
static size_t answered_address(struct span line, struct span *address_r)
{
	size_t at = text_indent(line), end;
	struct span label;

	if (at == line.n || (line.p[at] != '4' && line.p[at] != '5'))
		return 0;
	end = text_address_find(line, at, address_r);
	if (end == 0 || !text_is_blank(span_from(line, end)))
		return 0;
	label = span_cut(line, text_offset(line, *address_r));
	while (label.n > 0 && text_is_any_of(label.p[label.n - 1], "<(["))
		label.n--;
	if (!is_apart(label) || label.n > TEXT_LABEL_MAX ||
	    !text_has_reply(label) || languages_refer(label) ||
	    languages_offer_help(label))
		return 0;
	return end;
}

size_t section_recipient(const struct section_row *row, const struct grams *g,
			 struct span line, size_t nth, struct span *address_r,
			 enum section_words *words_r)
{
	size_t end = led_address(row, g, line, nth, address_r, words_r);

	if (end > 0 || (row->leads != NULL && !row->bare))
		return end;
	*words_r = WORDS_BEHIND;
	if (row->labels) {
		end = labelled_address(line, address_r);
		if (end > 0)
			return end;
		end = answered_address(line, address_r);
		if (end > 0) {
			*words_r = WORDS_LINE;
			return end;
		}
	}
	return bare_address(row, line, address_r);
}

bool section_is_accepted(struct span text, struct span line)
{
	struct span next;
	size_t at = text_offset(text, line) + line.n, i = 0;

	if (!text_has(line, "RCPT TO:") || !text_next_line(text, &at, &next))
		return false;
	if (next.n == 0 && !text_next_line(text, &at, &next))
		return false;
	while (i < next.n && text_is_any_of(next.p[i], "<>-*SR: \t"))
		i++;
	next = span_from(next, i);
	return next.n > 2 && next.p[0] == '2' && next.p[1] == '5' &&
	       text_is_digit(next.p[2]);
}

bool section_asks_for_next(struct span text, struct span line)
{
	size_t at = text_offset(text, line) + line.n;
	struct span next = line;

	if (!text_has(line, "RCPT TO:"))
		return false;
	while (text_next_line(text, &at, &next) && text_is_blank(next))
		continue;
	return next.p != line.p && text_has(next, "RCPT TO:");
}

/* Where a reply goes on with the sender, it is the recipient's all the same. */
bool section_is_of_another(struct span line, struct span address)
{
	struct span other;
	size_t end;

	/* Most lines name nobody. */
	if (span_find_char(line, '@') == SPAN_NONE)
		return false;
	end = text_address_at(line, skip_bullet(line), &other);
	return end > 0 && span_find_char(other, '@') != SPAN_NONE &&
	       !text_is_blank(span_from(line, end)) &&
	       !span_eq_ci(other, address) && !text_has(line, "sender");
}

bool section_tells_of_others(struct span words, struct span address)
{
	struct span line;
	size_t at = 0;

	while (text_next_line(words, &at, &line))
		if (section_is_of_another(line, address))
			return true;
	return false;
}

#define PARALLEL_BYTES 8

/*
 * ": 550 ..." and ": 552 ...", " could not be reached: " twice: what follows
 * both addresses begins alike, as in what tells the same of each.
 */
static bool is_parallel(struct span one, struct span other)
{
	size_t n = 0;

	while (n < one.n && n < other.n && n < PARALLEL_BYTES &&
	       text_lower(one.p[n]) == text_lower(other.p[n])) {
		if (text_is_any_of(one.p[n++], ":(=>-\""))
			return true;
	}
	return n == PARALLEL_BYTES ||
	       (n < one.n && n < other.n && text_is_digit(one.p[n]) &&
		text_is_digit(other.p[n]));
}

size_t section_next_in_list(struct span line, size_t at, struct span *address_r,
			    struct span *mine_r)
{
	struct span mine, rest = span_from(line, at), present = *address_r;
	size_t end = text_address_find(line, at, address_r);

	if (end == 0 || span_eq_ci(*address_r, present))
		return 0;
	mine = span_cut(rest, text_offset(rest, *address_r));
	while (mine.n > 0 && text_is_any_of(mine.p[mine.n - 1], "<[\"' \t"))
		mine.n--;
	if (mine.n == 0 || !text_is_any_of(mine.p[mine.n - 1], ",;.-)"))
		return 0;
	*mine_r = mine;
	while (mine.n > 0 && text_is_any_of(mine.p[mine.n - 1], ",;- \t"))
		mine.n--;
	if (mine.n == 0)
		*mine_r = mine;
	return mine.n == 0 || is_parallel(rest, span_from(line, end)) ? end : 0;
}
