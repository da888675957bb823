/*
 * Where a report puts what was answered: below its recipients, or above them.
 * That is decided once for all of them, by the gaps and the indents between
 * them and by what stands at both ends; where neither is clear, words are no
 * evidence against anybody.
 */
#include "report/format_section.h"

#include "report/format_text.h"
#include "report/kind.h"

/* What stands between two lines, blank lines and rules around it left out. */
struct block {
	struct span words;
	size_t indent;
	bool gap_before;
	bool gap_after;
	int rules; /* how many stand before more than behind */
};

enum side { SIDE_BELOW, SIDE_ABOVE, SIDE_UNCLEAR };

/* What it needs to be sure, and what a sign is worth. */
enum { CLEAR = 2, SHAPE = 2, END = 1, LAST_WORD = 3 };

bool section_is_gap(struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (!text_is_space(line.p[i]) &&
		    !text_is_any_of(line.p[i], "-=_*+#|"))
			return false;
	return true;
}

static struct span line_around(struct span text, struct span word)
{
	size_t start = text_offset(text, word), at;
	struct span line;

	while (start > 0 && text.p[start - 1] != '\n')
		start--;
	at = start;
	return text_next_line(text, &at, &line) ? line : span_cut(word, 0);
}

static struct block block_read(struct span text, size_t from, size_t to)
{
	struct block b = {.words = {text.p + from, 0}};
	struct span line;

	text = span_cut(text, to);
	while (text_next_line(text, &from, &line)) {
		if (section_is_gap(line)) {
			*(b.words.n == 0 ? &b.gap_before : &b.gap_after) = true;
			if (!text_is_blank(line))
				b.rules += b.words.n == 0 ? 1 : -1;
			continue;
		}
		if (b.words.n == 0) {
			b.words = line;
			b.indent = text_indent(line);
		}
		b.words.n = (size_t)(line.p + line.n - b.words.p);
		b.gap_after = false;
	}
	return b;
}

/* Offset of the line below that in which word stands. */
static size_t line_below(struct span text, struct span word)
{
	size_t at = text_offset(text, word);

	while (at < text.n && text.p[at] != '\n')
		at++;
	return at + (at < text.n);
}

/* What stands between the nth's line and that of the one before it. */
static struct block block_above(struct span section, const struct findings *out,
				size_t nth)
{
	struct span here = line_around(section, out->list[nth].address);
	size_t to = text_offset(section, here), from = 0;

	if (nth > 0)
		from = line_below(section, out->list[nth - 1].address);
	return block_read(section, from < to ? from : to, to);
}

static struct block block_below(struct span section, const struct findings *out)
{
	return block_read(
		section, line_below(section, out->list[out->count - 1].address),
		section.n);
}

/*
 * The paragraph above the first, where it stands as near as what is between the
 * others stands to the next.
 */
static struct span paragraph_above(struct span section,
				   const struct findings *out)
{
	struct block b = block_above(section, out, 0), next = {.indent = 0};
	struct span line, last = span_cut(b.words, 0);
	size_t at = 0;
	bool gap = true;

	for (size_t i = 1; i < out->count && next.words.n == 0; i++)
		next = block_above(section, out, i);
	if (b.gap_after && !next.gap_after)
		return last;
	while (text_next_line(b.words, &at, &line)) {
		if (gap)
			last = line;
		last.n = (size_t)(line.p + line.n - last.p);
		gap = section_is_gap(line);
	}
	return last;
}

static bool ends_in_colon(struct span words)
{
	words = span_trim(words);
	return words.n > 0 && words.p[words.n - 1] == ':';
}

static bool has_gap(struct span words)
{
	struct span line;
	size_t at = 0;

	while (text_next_line(words, &at, &line))
		if (text_is_blank(line))
			return true;
	return false;
}

/* What stands between them, all in all. */
struct between {
	bool words;
	bool replies;
	bool heading; /* one with its colon, below an answer */
};

static struct between between_read(struct span section,
				   const struct findings *out)
{
	struct between b = {.words = false};

	for (size_t i = 1; i < out->count; i++) {
		struct span words = block_above(section, out, i).words;

		if (words.n == 0)
			continue;
		b.words = true;
		b.replies |= text_has_reply(words);
		b.heading |= ends_in_colon(words) && has_gap(words);
	}
	return b;
}

static int sign_of(int n)
{
	return (n > 0) - (n < 0);
}

/* Positive where the shape says above, negative where it says below. */
static int shape_of(struct span section, const struct findings *out)
{
	int gaps = 0, indents = 0, rules = 0, colons = 0;

	for (size_t i = 1; i < out->count; i++) {
		struct block b = block_above(section, out, i);
		size_t before = text_indent(
			line_around(section, out->list[i - 1].address));
		size_t after =
			text_indent(line_around(section, out->list[i].address));

		if (b.words.n == 0)
			continue;
		colons += ends_in_colon(b.words);
		gaps += (int)b.gap_before - (int)b.gap_after;
		rules += b.rules;
		indents += (int)(b.indent < after) - (int)(b.indent > before);
	}
	return SHAPE * (sign_of(gaps) + sign_of(indents) + sign_of(rules) +
			sign_of(colons));
}

/* What stands above the nth, where that is about nobody else. */
static struct span words_above(struct span section, const struct findings *out,
			       size_t nth)
{
	struct span words = nth > 0 ? block_above(section, out, nth).words
				    : paragraph_above(section, out);

	/* of all of them */
	if (nth == 0 && !text_has_reply(words) &&
	    (kind_speaks_of_failure(words) || ends_in_colon(words)))
		return span_cut(words, 0);
	return section_tells_of_others(words, out->list[nth].address)
		       ? span_cut(words, 0)
		       : words;
}

static enum side side_of(struct span section, const struct findings *out)
{
	struct block last = block_below(section, out);
	struct between between = between_read(section, out);
	bool lead = text_has_reply(paragraph_above(section, out)), closing;
	int above;

	if (between.heading ||
	    (last.words.n > 0 && words_above(section, out, 0).n == 0))
		return SIDE_BELOW;
	above = shape_of(section, out) + END * lead;
	/* a paragraph that ends the text need be no answer to the last */
	closing = last.gap_before && !text_has_reply(last.words);
	if (last.words.n == 0 || (closing && between.replies))
		above += END;
	else if (!closing)
		above -= LAST_WORD;
	if (above >= CLEAR)
		return SIDE_ABOVE;
	return above < 0 || !between.words ? SIDE_BELOW : SIDE_UNCLEAR;
}

/* What stands beside the address in its line. */
static struct span beside(struct span section, const struct fact_draft *d)
{
	struct span line = line_around(section, d->address);
	struct span rest = d->words;

	rest.n = (size_t)(line.p + line.n - rest.p);
	while (rest.n > 0 &&
	       (text_is_wrapping(rest.p[0]) || text_is_any_of(rest.p[0], ":|")))
		rest = span_from(rest, 1);
	return rest;
}

bool section_has_between(struct span section, const struct findings *out)
{
	return between_read(section, out).words;
}

/* All stand in the section, and no answer beside any of them. */
static bool is_in_question(struct span section, const struct findings *out)
{
	struct span first = {section.p, 0};

	for (size_t i = 0; i < out->count; i++) {
		const struct fact_draft *d = &out->list[i];
		struct span line, rest;

		if (d->address.p < section.p ||
		    d->address.p >= section.p + section.n ||
		    d->words.p < d->address.p)
			return false;
		line = line_around(section, d->address);
		if (d->words.p > line.p + line.n)
			return false;
		rest = beside(section, d);
		first = i == 0 ? rest : first;
		/* "(SMTP)" beside each of them is a mark */
		if (!span_eq(rest, first) || text_has_reply(rest))
			return false;
	}
	return true;
}

bool section_sides(struct span section, struct findings *out)
{
	enum side side;

	if (out->count < 2 || !is_in_question(section, out))
		return false;
	side = side_of(section, out);
	if (side == SIDE_BELOW)
		return false;
	for (size_t i = 0; i < out->count; i++)
		out->list[i].words = side == SIDE_ABOVE
					     ? words_above(section, out, i)
					     : span_cut(section, 0);
	return true;
}
