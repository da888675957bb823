/*
 * Where a report puts what was answered: below its recipients, or above them.
 * That is decided once for all of them, by the gaps and the indents between
 * them and by what stands at both ends; where neither is clear, words are no
 * evidence against anybody.
 */
#include "report/format_section.h"

#include "report/format_text.h"

/* What stands between two lines, blank lines and rules around it left out. */
struct block {
	struct span words;
	size_t indent;
	bool gap_before;
	bool gap_after;
};

enum side { SIDE_BELOW, SIDE_ABOVE, SIDE_UNCLEAR };

/* What it needs to be sure, and what a sign is worth. */
enum { CLEAR = 2, SHAPE = 2, END = 1, LAST_WORD = 3 };

static bool is_rule(struct span line)
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
		if (is_rule(line)) {
			*(b.words.n == 0 ? &b.gap_before : &b.gap_after) = true;
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

/* What stands between the nth's line and that of the one before it. */
static struct block block_above(struct span section, const struct findings *out,
				size_t nth)
{
	struct span here = line_around(section, out->list[nth].address), above;
	size_t from = 0, to = text_offset(section, here);

	if (nth > 0) {
		above = line_around(section, out->list[nth - 1].address);
		from = text_offset(section, above) + above.n;
		while (from < to && section.p[from] != '\n')
			from++;
		from += from < to;
	}
	return block_read(section, from < to ? from : to, to);
}

static struct block block_below(struct span section, const struct findings *out)
{
	struct span last =
		line_around(section, out->list[out->count - 1].address);
	size_t from = text_offset(section, last) + last.n;

	while (from < section.n && section.p[from] != '\n')
		from++;
	return block_read(section, from, section.n);
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
		gap = is_rule(line);
	}
	return last;
}

/*
 * Whether a heading with its colon stands between two of them, which tells by
 * itself; and whether a reply does.
 */
static bool read_between(struct span section, const struct findings *out,
			 bool *replies_r)
{
	bool heading = false;

	*replies_r = false;
	for (size_t i = 1; i < out->count; i++) {
		struct span words = block_above(section, out, i).words;

		if (words.n == 0)
			continue;
		heading |= words.p[words.n - 1] == ':';
		*replies_r |= text_has_reply(words);
	}
	return heading;
}

static int sign_of(int n)
{
	return (n > 0) - (n < 0);
}

/* Positive where the shape says above, negative where it says below. */
static int shape_of(struct span section, const struct findings *out)
{
	int gaps = 0, indents = 0;

	for (size_t i = 1; i < out->count; i++) {
		struct block b = block_above(section, out, i);
		size_t before = text_indent(
			line_around(section, out->list[i - 1].address));
		size_t after =
			text_indent(line_around(section, out->list[i].address));

		if (b.words.n == 0)
			continue;
		gaps += (int)b.gap_before - (int)b.gap_after;
		indents += (int)(b.indent < after) - (int)(b.indent > before);
	}
	return SHAPE * (sign_of(gaps) + sign_of(indents));
}

static enum side side_of(struct span section, const struct findings *out)
{
	struct block last = block_below(section, out);
	bool replies;
	int above;

	if (read_between(section, out, &replies))
		return SIDE_BELOW;
	above = shape_of(section, out);
	above += END * text_has_reply(paragraph_above(section, out));
	if (last.words.n == 0)
		above += END;
	else if (!replies || text_has_reply(last.words))
		above -= LAST_WORD;
	if (above >= CLEAR)
		return SIDE_ABOVE;
	return above < 0 || last.words.n > 0 ? SIDE_BELOW : SIDE_UNCLEAR;
}

/* All stand in the section, and nothing beside any of them. */
static bool is_in_question(struct span section, const struct findings *out,
			   bool *said_r)
{
	bool said = false;

	for (size_t i = 0; i < out->count; i++) {
		const struct fact_draft *d = &out->list[i];
		struct span line, words = d->words;

		if (d->address.p < section.p ||
		    d->address.p >= section.p + section.n ||
		    words.p < d->address.p)
			return false;
		line = line_around(section, d->address);
		if (words.p > line.p + line.n)
			return false;
		said |= !text_is_blank(words);
		words.n = (size_t)(line.p + line.n - words.p);
		for (size_t at = 0; at < words.n; at++)
			if (!text_is_wrapping(words.p[at]) &&
			    words.p[at] != ':')
				return false;
	}
	*said_r = said;
	return out->count > 1;
}

bool section_sides(struct span section, struct findings *out)
{
	enum side side;
	struct span first;
	bool said;

	if (!is_in_question(section, out, &said))
		return false;
	side = side_of(section, out);
	if (side == SIDE_BELOW || (side == SIDE_UNCLEAR && !said))
		return false;
	first = paragraph_above(section, out);
	for (size_t i = 0; i < out->count; i++)
		out->list[i].words =
			side == SIDE_UNCLEAR ? span_cut(section, 0)
			: i == 0	     ? first
				 : block_above(section, out, i).words;
	return true;
}
