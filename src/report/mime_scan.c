/*
 * Taking a message apart by what it looks like. Reports exist whose header
 * names no boundary or another one than the body uses.
 */
#include "report/mime.h"

#include <string.h>

struct scan {
	struct parts *parts;
	struct arena *arena;
	const struct report_settings *settings;
	struct span boundary; /* of the part that is being read */
	const char *start;    /* of that part's header, or NULL */
	bool returned;	      /* that part is mail: only its boundary ends it */
};

/* "--boundary" with what follows it trimmed off; empty for other lines. */
static struct span delimiter(struct span line)
{
	line = span_trim(line);
	if (line.n < 4 || !span_starts_ci(line, SPAN("--")) ||
	    span_find_char(line, ' ') != SPAN_NONE)
		return span_cut(line, 0);
	return span_from(line, 2);
}

static bool ends(const struct scan *s, struct span d)
{
	return s->start && span_starts_ci(d, s->boundary) &&
	       (d.n == s->boundary.n ||
		span_eq(span_from(d, s->boundary.n), SPAN("--")));
}

static bool holds_mail(struct span header)
{
	struct span line;

	/* Behind the next delimiter it is another part's header. */
	while (span_next_line(&header, &line) && line.n > 0 &&
	       delimiter(line).n == 0) {
		if (span_starts_ci(line, SPAN("Content-Type")) &&
		    (span_find_ci(line, SPAN("message/rfc822")) != SPAN_NONE ||
		     span_find_ci(line, SPAN("message/global")) != SPAN_NONE))
			return span_find_ci(line, SPAN("delivery-status")) ==
			       SPAN_NONE;
	}
	return false;
}

static void part_end(struct scan *s, const char *end)
{
	struct span raw;

	if (!s->start)
		return;
	raw = span_make(s->start, (size_t)(end - s->start));
	/* A multipart's own text is its preamble; its children follow. */
	if (span_find_ci(span_cut(raw, 200), SPAN("multipart/")) == SPAN_NONE)
		mime_add_leaf(s->parts, s->arena, raw, 1, s->settings);
	s->start = NULL;
}

void mime_scan(struct parts *p, struct arena *arena, struct span body,
	       const struct report_settings *settings)
{
	struct scan s = {.parts = p, .arena = arena, .settings = settings};
	struct span rest = body, line;

	memset(p, 0, sizeof(*p));
	while (rest.n > 0) {
		const char *at = rest.p;
		struct span d;

		span_next_line(&rest, &line);
		d = delimiter(line);
		if (d.n == 0)
			continue;
		if (ends(&s, d)) {
			part_end(&s, at);
			s.returned = false;
		} else if (s.returned) {
			continue;
		}
		if (!span_starts_ci(rest, SPAN("Content-")))
			continue;
		part_end(&s, at);
		s.boundary = d;
		s.start = rest.p;
		s.returned = holds_mail(rest);
	}
	part_end(&s, body.p + body.n);
}
