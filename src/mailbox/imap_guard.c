/*
 * libetpan knows more answers than we ask for, and dies of some: of "* STATUS x
 * ()" for one. A line that begins none of ours is left out with its literals
 * (RFC 3501, 7: a client must take unasked-for data, and may ignore it). After
 * BYE nothing follows that matters, and libetpan loses what it made of it.
 */
#include "mailbox/imap_guard.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/clist.h>

#include "util/num.h"
#include "util/text.h"

enum word {
	WORD_OTHER,
	WORD_PLAIN,
	WORD_STATUS,   /* a condition, then a text for people */
	WORD_LITERALS, /* its grammar has strings */
	WORD_BYE,
};

static const struct {
	const char *text;
	bool numbered; /* "* 7 EXISTS" */
	enum word word;
} known[] = {
	{"OK", false, WORD_STATUS},	   {"NO", false, WORD_STATUS},
	{"BAD", false, WORD_STATUS},	   {"PREAUTH", false, WORD_STATUS},
	{"CAPABILITY", false, WORD_PLAIN}, {"FLAGS", false, WORD_PLAIN},
	{"SEARCH", false, WORD_PLAIN},	   {"BYE", false, WORD_BYE},
	{"LIST", false, WORD_LITERALS},	   {"NAMESPACE", false, WORD_LITERALS},
	{"EXISTS", true, WORD_PLAIN},	   {"RECENT", true, WORD_PLAIN},
	{"EXPUNGE", true, WORD_PLAIN},	   {"FETCH", true, WORD_LITERALS},
};

static bool is_number(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!text_is_digit(s.p[i]))
			return false;
	}
	return s.n > 0;
}

/* Up to the next blank or line end, which goes with it. */
static struct span take_word(struct span *rest)
{
	struct span word = *rest;
	size_t n = 0;

	while (n < word.n && !strchr(" \r\n", word.p[n]))
		n++;
	*rest = span_from(word, n + 1);
	return span_cut(word, n);
}

static enum word word_of(struct span line)
{
	struct span first, word;
	bool numbered;

	/* Tagged, or a request to go on; libetpan skips blanks before "*". */
	if (line.n > 0 && !strchr("* \t", line.p[0]))
		return line.p[0] == '+' ? WORD_PLAIN : WORD_STATUS;
	if (!span_starts_ci(line, SPAN("* ")))
		return WORD_OTHER;
	line = span_from(line, 2);
	first = word = take_word(&line);
	numbered = is_number(first);
	if (numbered)
		word = take_word(&line);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].numbered == numbered &&
		    span_eq_ci(word, span_of(known[i].text)))
			return known[i].word;
	}
	return WORD_OTHER;
}

/*
 * libetpan dies of a string in "[BADCHARSET (" where it reads a greeting or a
 * request to go on. Of a greeting the kind is enough: what it can is asked
 * next. Whether it was one.
 */
static bool greet(struct span line, struct buf *out)
{
	static const char *const kinds[] = {"* OK", "* PREAUTH"};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!span_starts_ci(line, span_of(kinds[i])))
			continue;
		buf_addf(out, "%s ready\r\n", kinds[i]);
		return true;
	}
	return false;
}

/* A request to go on says nothing, or a challenge in base64. */
static bool ask_on(struct span line, struct buf *out)
{
	size_t at = line.n > 1 && line.p[1] == ' ' ? 2 : 1;

	if (line.n == 0 || line.p[0] != '+' || at == line.n ||
	    text_is_alnum(line.p[at]) || strchr("+/=\r\n", line.p[at]))
		return false;
	buf_add_str(out, "+ ready\r\n");
	return true;
}

/* The line has begun far enough, or ended. */
static void judge(struct imap_guard *g, struct buf *out)
{
	struct span line = span_make(g->line.data, g->line.len);
	enum word word = word_of(line);

	g->judged = true;
	g->is_bye = word == WORD_BYE;
	g->dropped = word == WORD_OTHER || word == WORD_BYE;
	g->has_literals = word == WORD_OTHER || word == WORD_LITERALS;
	if (!g->dropped && !g->greeted) {
		g->dropped = greet(line, out);
		g->greeted = true;
	}
	g->dropped = g->dropped || ask_on(line, out);
	g->held = word == WORD_STATUS && !g->dropped;
	if (g->held)
		return;
	if (!g->dropped)
		buf_add(out, line.p, line.n);
	buf_reset(&g->line);
}

/* libetpan dies of "* OK [ALERT]" without a text, and of one that is NUL. */
static void pass_status(struct imap_guard *g, struct buf *out)
{
	struct span line = span_make(g->line.data, strlen(g->line.data));
	struct span trimmed;

	while (line.n > 0 && strchr("\r\n", line.p[line.n - 1]))
		line.n--;
	trimmed = span_trim(line);
	buf_add(out, line.p, line.n);
	if (trimmed.n > 0 && trimmed.p[trimmed.n - 1] == ']')
		buf_add_str(out, " -");
	buf_add_str(out, "\r\n");
}

static void tail_add(struct imap_guard *g, const char *p, size_t n)
{
	size_t keep = g->tail_len;

	if (n > IMAP_GUARD_TAIL) {
		p += n - IMAP_GUARD_TAIL;
		n = IMAP_GUARD_TAIL;
	}
	if (keep > IMAP_GUARD_TAIL - n)
		keep = IMAP_GUARD_TAIL - n;
	memmove(g->tail, g->tail + g->tail_len - keep, keep);
	memcpy(g->tail + keep, p, n);
	g->tail_len = keep + n;
}

/* "{17}" or "{17+}" at the end of a line: so many bytes follow. */
static uint64_t literal_of(struct span line)
{
	uint64_t n = 0;
	size_t from;

	line = span_trim(line);
	if (line.n == 0 || line.p[line.n - 1] != '}')
		return 0;
	line.n--;
	if (line.n > 0 && line.p[line.n - 1] == '+')
		line.n--;
	for (from = line.n; from > 0 && text_is_digit(line.p[from - 1]);)
		from--;
	if (from == line.n || (from > 0 && line.p[from - 1] != '{'))
		return 0;
	/* More digits than are kept, or than a number has: more than enough. */
	line = span_from(line, from);
	return num_u64(line.p, line.n, UINT64_MAX, &n) < 0 ? UINT64_MAX : n;
}

/* For "{17}" libetpan asks for the memory at once, wherever it stands. */
static void note_announced(struct imap_guard *g, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '{') {
			g->in_brace = true;
			g->number = 0;
		} else if (g->in_brace && text_is_digit(p[i])) {
			g->number = g->number > UINT32_MAX
					    ? UINT64_MAX
					    : g->number * 10 +
						      (uint64_t)(p[i] - '0');
		} else if (p[i] == '}' && g->in_brace) {
			if (g->number > g->announced)
				g->announced = g->number;
			g->in_brace = false;
		} else if (p[i] != '+' && p[i] != ' ') {
			g->in_brace = false;
		}
	}
}

static void end_line(struct imap_guard *g, struct buf *out)
{
	uint64_t n = literal_of(span_make(g->tail, g->tail_len));

	g->tail_len = 0;
	g->in_brace = false;
	/* What follows it is the same line still. */
	if (n > 0 && g->has_literals) {
		g->literal = n;
		return;
	}
	if (g->held)
		pass_status(g, out);
	buf_reset(&g->line);
	g->bye = g->is_bye;
	g->judged = g->held = false;
}

static size_t take_literal(struct imap_guard *g, const char *p, size_t n,
			   struct buf *out)
{
	if (n > g->literal)
		n = (size_t)g->literal;
	g->literal -= n;
	if (!g->dropped)
		buf_add(out, p, n);
	return n;
}

/* A literal, or a line as far as it is there. */
static size_t take_some(struct imap_guard *g, const char *p, size_t n,
			struct buf *out)
{
	const char *end;

	if (g->literal > 0)
		return take_literal(g, p, n, out);
	if (!g->judged && n > IMAP_GUARD_HEAD - g->line.len)
		n = IMAP_GUARD_HEAD - g->line.len;
	end = memchr(p, '\n', n);
	n = end ? (size_t)(end - p) + 1 : n;
	tail_add(g, p, n);
	note_announced(g, p, n);
	if (!g->judged || g->held)
		buf_add(&g->line, p, n);
	else if (!g->dropped)
		buf_add(out, p, n);
	if (!g->judged && (p[n - 1] == '\n' || g->line.len == IMAP_GUARD_HEAD))
		judge(g, out);
	if (p[n - 1] == '\n')
		end_line(g, out);
	return n;
}

void imap_guard_init(struct imap_guard *g)
{
	memset(g, 0, sizeof *g);
	buf_init(&g->line);
}

void imap_guard_release(struct imap_guard *g)
{
	buf_release(&g->line);
}

size_t imap_guard_take(struct imap_guard *g, const char *p, size_t n,
		       struct buf *out)
{
	size_t taken = 0;

	while (taken < n && !g->bye)
		taken += take_some(g, p + taken, n - taken, out);
	return taken;
}

bool imap_guard_is_within(const struct imap_guard *g)
{
	return g->judged || g->line.len > 0;
}

/*
 * Instead of libetpan's own, which it calls for lists that it could not make:
 * "* OK [PERMANENTFLAGS (" and other beginnings without an end killed it.
 */
void clist_foreach(clist *list, clist_func func, void *data)
{
	clistiter *next;

	for (clistiter *i = list ? clist_begin(list) : NULL; i; i = next) {
		next = clist_next(i);
		func(clist_content(i), data);
	}
}

void clist_free(clist *list)
{
	clistiter *next;

	for (clistiter *i = list ? clist_begin(list) : NULL; i; i = next) {
		next = clist_next(i);
		free(i);
	}
	free(list);
}
