/*
 * libetpan answers a blank first line, an mbox line, bare CRs or one odd line
 * in a part's header with no header at all; mail stores produce all of them.
 */
#include "report/normalise.h"

#include <string.h>

#include "report/headers.h"

/* Takes what stands before the first field off; needs LF line ends. */
static struct span skip_prologue(struct span s)
{
	if (span_starts_ci(s, SPAN("\xEF\xBB\xBF")))
		s = span_from(s, 3);
	while (s.n > 0) {
		struct span rest = s, line;

		if (!span_next_line(&rest, &line))
			break;
		if (span_trim(line).n > 0 &&
		    (headers_is_field(line) ||
		     (!span_starts_ci(line, SPAN("From ")) &&
		      !span_starts_ci(line, SPAN(">From ")))))
			break;
		s = rest;
	}
	return s;
}

static bool is_continuation(struct span line)
{
	return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

/* A parameter follows; where it is not folded its white space was lost. */
static bool awaits_parameter(struct span line)
{
	line = span_trim(line);
	return line.n > 0 && line.p[line.n - 1] == ';';
}

/*
 * Copies lines; inside a part's header, which begins with "--boundary" and a
 * Content- field, lines that are neither a field nor folded are left out.
 */
static void copy_lines(struct buf *out, struct span rest)
{
	bool dashes = false, header = false, awaits = false;
	const char *copied = rest.p;
	struct span line;

	while (rest.n > 0) {
		const char *start = rest.p;

		span_next_line(&rest, &line);
		if (header && line.n == 0)
			header = false;
		if (dashes && span_starts_ci(line, SPAN("Content-")))
			header = true;
		dashes = span_starts_ci(line, SPAN("--"));
		if (dashes)
			header = false;
		if (header && !is_continuation(line) &&
		    !headers_is_field(line)) {
			buf_add(out, copied, (size_t)(start - copied));
			copied = start;
			if (!awaits || span_find_char(line, '=') == SPAN_NONE) {
				copied = rest.p;
				continue;
			}
			buf_add(out, "\t", 1);
		}
		awaits = header && awaits_parameter(line);
	}
	buf_add(out, copied, (size_t)(rest.p - copied));
}

/* Where CRs are doubled, LFs end the lines already. */
static void mend_line_ends(struct buf *out, struct span s, bool doubled)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\r')
			buf_add_char(out, s.p[i]);
		else if (!doubled)
			buf_add_char(out, '\n');
	}
}

void normalise(struct buf *out, struct span message)
{
	size_t end = span_find_char(message, '\n');
	/* CR CR LF: written as text by a program that had CRLF already. */
	bool doubled = end != SPAN_NONE && end > 1 &&
		       message.p[end - 1] == '\r' && message.p[end - 2] == '\r';
	struct buf unix_lines;

	buf_init(&unix_lines);
	if (doubled ||
	    (end == SPAN_NONE && span_find_char(message, '\r') != SPAN_NONE)) {
		mend_line_ends(&unix_lines, message, doubled);
		message = span_make(unix_lines.data, unix_lines.len);
	}
	buf_reserve(out, message.n);
	copy_lines(out, skip_prologue(message));
	buf_release(&unix_lines);
}
