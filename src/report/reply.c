#include "report/reply.h"

#include "report/reply_scan.h"

/*
 * Bounces quote bounces: a relay wraps the reply of the next host into its
 * own, that one into a text. Whose words decide is settled here: the last and
 * innermost reply, its lines kept together, with its own enhanced code.
 */

/* Facts keep 2 KiB of words; no reply of interest begins behind this. */
#define READ_BYTES 16384

static bool status_is_generic(struct status s)
{
	return s.class_ == 0 || (s.subject == 0 && s.detail == 0);
}

/* How much a code says: none, X.0.0, X.Y.0 or X.0.Z, X.Y.Z. */
static int status_rank(struct status s)
{
	if (s.class_ == 0)
		return 0;
	return 1 + (s.subject != 0) + (s.detail != 0);
}

/* Links carry numbers that mean nothing. Returns the offset behind one. */
static size_t skip_link(struct span text, size_t at)
{
	if (text.p[at] != ':' || text.n - at < 3 || text.p[at + 1] != '/' ||
	    text.p[at + 2] != '/')
		return at;
	while (at < text.n && !text_is_space(text.p[at]) && text.p[at] != '>' &&
	       text.p[at] != '"')
		at++;
	return at;
}

/*
 * Refusals that only follow from an earlier one, and the good-bye behind too
 * many of them: they explain nothing.
 */
static bool mark_is_consequence(struct span text, const struct reply_mark *m)
{
	struct span rest = span_from(text, m->end);

	if (m->code == 421)
		return reply_phrase_find(span_cut(rest, 96), 0,
					 "too many errors", NULL) != SPAN_NONE;
	return m->code == 503 ||
	       reply_phrase_find(span_cut(rest, 48), 0, "no valid recipient",
				 NULL) != SPAN_NONE;
}

/* Takes the mark as the reply so far, or as one more line of it. */
static void take_mark(struct span text, const struct reply_mark *m,
		      struct reply_mark *best)
{
	if (m->weight < best->weight)
		return;
	if (best->weight != REPLY_NONE && m->code == best->code && best->more) {
		best->more = m->more;
		if (status_rank(m->status) > status_rank(best->status))
			best->status = m->status;
		return;
	}
	if (best->weight != REPLY_NONE && mark_is_consequence(text, m))
		return;
	*best = *m;
}

/*
 * A host that asked whether the sender exists quotes an answer about us: then
 * the outer reply counts.
 */
static bool is_about_sender(struct span outer, const struct grams *g)
{
	static const char *const phrases[] = {
		"sender address rejected", "sender verify",
		"sender verification",	   "sender callout",
		"return address",	   NULL};
	PHRASES(phrases);
	const char *phrase;
	size_t nth = 0;

	while ((phrase = phrases_next(phrases_phrases, g, &nth)) != NULL)
		if (reply_phrase_find(outer, 0, phrase, NULL) != SPAN_NONE)
			return true;
	return false;
}

struct scan {
	struct reply_mark best;
	struct reply_mark first;    /* the outermost refusal */
	struct reply_mark positive; /* a 2xx that begins the text */
};

static void scan_marks(struct span text, const struct grams *g,
		       struct scan *scan)
{
	struct reply_mark m;
	size_t i;

	*scan = (struct scan){0};
	for (i = 0; i < text.n; i++) {
		i = skip_link(text, i);
		if (i >= text.n)
			break;
		if (!text_is_digit(text.p[i]) || !reply_mark_at(text, i, &m))
			continue;
		i = m.end - 1;
		if (m.code < 400) {
			if (m.at == 0 && m.code < 300 && text.n > m.end)
				scan->positive = m;
			continue;
		}
		if (scan->positive.code != 0 && m.weight == REPLY_WEAK)
			continue;
		if (scan->first.weight == REPLY_NONE)
			scan->first = m;
		take_mark(text, &m, &scan->best);
	}
	if (scan->best.weight == REPLY_NONE)
		scan->best = scan->positive;
	else if (scan->best.at > scan->first.at &&
		 is_about_sender(span_cut(text, scan->best.at), g))
		scan->best = scan->first;
}

/* What relays write behind a reply. */
static const char *const remarks[] = {" (in reply to ", " giving up on ",
				      " i'm not going to try again",
				      " -------smtp command", NULL};
PHRASES(remarks);

static bool has_mark_behind(struct span text, size_t at)
{
	struct reply_mark m;

	for (; at < text.n; at++)
		if (text_is_digit(text.p[at]) && reply_mark_at(text, at, &m) &&
		    m.code >= 400)
			return true;
	return false;
}

/*
 * "The mailbox is disabled (550 5.2.1). You may ...": a sentence that ends in
 * its codes, and no other reply behind. Where it begins, or SPAN_NONE.
 */
static size_t sentence_before(struct span text, const struct reply_mark *m)
{
	size_t at = m->at;

	if (at == 0 || m->end + 1 >= text.n || text.p[at - 1] != '(' ||
	    text.p[m->end] != ')' || text.p[m->end + 1] != '.' ||
	    has_mark_behind(text, m->end))
		return SPAN_NONE;
	while (at > 0 && text.p[at - 1] != '\n' &&
	       !(text_is_space(text.p[at - 1]) && at > 1 &&
		 text.p[at - 2] == '.'))
		at--;
	return at;
}

/* Where the reply that begins at the mark ends: a bracket, a remark. */
static struct span reply_text(struct span text, const struct grams *g,
			      const struct reply_mark *m)
{
	struct span rest = span_from(text, m->at);
	char open = m->at > 0 ? text.p[m->at - 1] : '\0';
	char close = open == '<' ? '>' : open == '(' ? ')' : open;
	const char *remark;
	size_t nth = 0, end, at;

	/* "mailbox unavailable [error 550]": the words stand before it */
	if (!text_has_letter(span_from(text, m->end)))
		return text;
	at = sentence_before(text, m);
	if (at != SPAN_NONE)
		return span_from(span_cut(text, m->end + 1), at);
	while ((remark = phrases_next(remarks_phrases, g, &nth)) != NULL) {
		end = reply_phrase_find(rest, 0, remark, NULL);
		if (end != SPAN_NONE)
			rest = span_cut(rest, end);
	}
	if (close != '\'' && close != '"' && close != '>' && close != ')')
		return span_trim(rest);
	for (end = rest.n; end > 0 && rest.p[end - 1] != close; end--)
		continue;
	return span_trim(end > 0 ? span_cut(rest, end - 1) : rest);
}

/*
 * The next enhanced code at or behind *end, which is moved to where it ends;
 * where it begins, or SPAN_NONE.
 */
static size_t next_enhanced(struct span text, size_t *end, struct status *s_r)
{
	size_t i, n;

	for (i = *end; i < text.n; i++) {
		i = skip_link(text, i);
		if (i >= text.n)
			break;
		if (!text_is_digit(text.p[i]))
			continue;
		n = reply_enhanced_at(text, i, s_r);
		if (n > 0) {
			*end = i + n;
			return i;
		}
	}
	return SPAN_NONE;
}

/* Words that begin with an enhanced code, a basic one left out: "5.2.2 full".
 */
static struct span enhanced_text(struct span text)
{
	struct status s;
	size_t at, end = 0;

	while ((at = next_enhanced(text, &end, &s)) != SPAN_NONE)
		if ((at == 0 || text_is_space(text.p[at - 1])) &&
		    text_has_letter(span_from(text, end)))
			return span_from(text, at);
	return text;
}

/*
 * The best enhanced code in text, of this class unless class_ is 0. Of equals
 * the last where `last`, as the innermost stands last, else the first.
 */
static struct status status_find(struct span text, uint8_t class_, bool last)
{
	struct status found = {0}, s;
	size_t end = 0;

	while (next_enhanced(text, &end, &s) != SPAN_NONE)
		if ((class_ == 0 || s.class_ == class_) &&
		    status_rank(s) + last > status_rank(found))
			found = s;
	return found;
}

static struct status status_of_reply(struct span text, struct span inner,
				     const struct reply_mark *m)
{
	uint8_t class_ = (uint8_t)(m->code / 100);
	struct status found = m->status;

	if (!status_is_generic(found))
		return found;
	found = status_find(inner, class_, false);
	if (status_is_generic(found)) {
		struct status outer =
			status_find(span_cut(text, m->at), class_, true);
		if (status_rank(outer) > status_rank(found))
			found = outer;
	}
	return found.class_ == 0 ? m->status : found;
}

/* Code, status and text of the reply; returns where it begins. */
static size_t read_codes(struct span text, const struct grams *g,
			 struct reply *reply_r)
{
	struct scan scan;

	scan_marks(text, g, &scan);
	reply_r->code = scan.best.code;
	if (scan.best.code == 0) {
		reply_r->status = status_find(text, 0, true);
		reply_r->text = enhanced_text(text);
		return text.n;
	}
	reply_r->text = reply_text(text, g, &scan.best);
	reply_r->status = status_of_reply(text, reply_r->text, &scan.best);
	return scan.best.at;
}

void reply_read_codes(struct span text, struct reply *reply_r)
{
	UNCLEARED struct grams grams;

	text = span_trim(span_cut(text, READ_BYTES));
	grams_read(&grams, text);
	(void)read_codes(text, &grams, reply_r);
}

void reply_read(struct span text, struct reply *reply_r)
{
	UNCLEARED struct grams grams;
	size_t at;

	text = span_trim(span_cut(text, READ_BYTES));
	grams_read(&grams, text);
	at = read_codes(text, &grams, reply_r);
	reply_r->stage = reply_stage_around(text, &grams, at);
	reply_r->remote = reply_remote_around(text, &grams, at);
	reply_r->remote_reply =
		reply_is_remote(text, &grams, at, reply_r->code != 0);
	reply_r->exit_code = reply_exit_code_in(text, &grams);
}
