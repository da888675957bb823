#include "report/transcript.h"

#include "report/format_text.h"
#include "report/reply.h"
#include "report/reply_scan.h"

/*
 * A relay's own line may say less than the reply, or something else: sendmail
 * turns every 550 5.1.1 into "User unknown". So the reply goes before it.
 */

/* Each recipient is looked up among all of them. */
#define EXCHANGES_MAX REPORT_MAX_RECIPIENTS

static bool is_command(struct span line)
{
	return reply_phrase_at(line, text_indent(line), ">>>") != SPAN_NONE;
}

static bool is_reply(struct span line)
{
	return reply_phrase_at(line, text_indent(line), "<<<") != SPAN_NONE;
}

/* "<<< 550-..." : the next line belongs to the same reply. */
static bool is_unfinished(struct span reply)
{
	size_t start = reply.n;
	struct span line;

	while (start > 0 && reply.p[start - 1] != '\n')
		start--;
	line = span_trim(span_from(reply, start));
	line = span_trim(span_from(line, 3));
	return line.n > 3 && line.p[3] == '-';
}

/* Lines about the queue, which every bounce of that kind has. */
static bool is_remark(struct span line)
{
	static const char *const remarks[] = {
		"message will be deleted", "warning: message still undelivered",
		"will keep trying", "message could not be delivered for", NULL};

	return text_starts_any(line, remarks);
}

/* The address before "...": "550 5.1.1 <a@b>... User unknown". */
static struct span echo_address(struct span line)
{
	struct span address = {line.p, 0}, found;
	size_t at = text_indent(line), end;

	while (at < line.n && (text_is_digit(line.p[at]) || line.p[at] == '.' ||
			       line.p[at] == ' ' || line.p[at] == '-'))
		at++;
	end = text_address_at(line, at, &found);
	if (end == 0 || span_find_char(found, '@') == SPAN_NONE)
		return address;
	while (found.n > 0 && found.p[found.n - 1] == '.')
		found.n--;
	if (reply_phrase_at(line, end, "...") != SPAN_NONE ||
	    reply_phrase_at(line, end, " ...") != SPAN_NONE)
		address = found;
	return address;
}

/* The command itself names the recipient: ">>> RCPT To:<a@b>". */
static struct span asked_address(struct span line)
{
	struct span named;
	size_t colon;

	if (!text_starts(line, ">>> RCPT") ||
	    text_address_find(line, 0, &named) == 0)
		return span_cut(line, 0);
	colon = span_find_char(named, ':');
	return colon == SPAN_NONE ? named : span_from(named, colon + 1);
}

static void extend(struct span *s, struct span line)
{
	if (s->n == 0)
		*s = line;
	else
		s->n = (size_t)(line.p + line.n - s->p);
}

struct reading {
	struct transcript *t;
	struct arena *arena;
	size_t size;
	struct span host;
	struct span command;
	struct span asked;
	bool open; /* the last exchange may still get lines */
};

static struct exchange *last_exchange(const struct reading *r)
{
	return r->open ? &r->t->list[r->t->count - 1] : NULL;
}

static struct exchange *new_exchange(struct reading *r)
{
	struct transcript *t = r->t;
	struct exchange *list;
	size_t i, size;

	if (t->count == EXCHANGES_MAX)
		return NULL;
	if (t->count == r->size) {
		size = r->size == 0 ? 16 : r->size * 2;
		list = arena_array(r->arena, size, sizeof(*list));
		for (i = 0; i < t->count; i++)
			list[i] = t->list[i];
		t->list = list;
		r->size = size;
	}
	r->open = true;
	t->list[t->count].host = r->host;
	t->list[t->count].command = r->command;
	t->list[t->count].asked = r->asked;
	return &t->list[t->count++];
}

static void read_reply(struct reading *r, struct span line)
{
	struct exchange *e = last_exchange(r);

	if (e == NULL || e->reply.n == 0 || e->echo.n > 0 ||
	    !is_unfinished(e->reply))
		e = new_exchange(r);
	if (e != NULL)
		extend(&e->reply, line);
}

static void read_echo(struct reading *r, struct span line)
{
	struct exchange *e = last_exchange(r);
	struct span address = echo_address(line);

	if (e == NULL || e->address.n > 0 || (e->echo.n > 0 && address.n == 0))
		e = new_exchange(r);
	if (e == NULL)
		return;
	extend(&e->echo, line);
	e->address = address;
}

static void read_line(struct reading *r, struct span line)
{
	static const char *const talking[] = {"... while talking to ",
					      "while talking to ", NULL};

	if (text_starts_any(line, talking)) {
		r->host = reply_remote(line);
		r->command.n = 0;
		r->asked.n = 0;
		r->open = false;
	} else if (is_command(line)) {
		r->command = line;
		r->asked = asked_address(line);
		r->open = false;
	} else if (is_reply(line)) {
		read_reply(r, line);
	} else if (is_remark(line)) {
		if (text_starts(line, "message could not be delivered"))
			r->t->expired = line;
	} else if (text_is_blank(line)) {
		r->open = false;
	} else {
		read_echo(r, line);
	}
}

void transcript_read(struct transcript *t, struct arena *arena,
		     struct span text)
{
	struct reading r = {.t = t, .arena = arena};
	struct span line;
	size_t at = 0;

	*t = (struct transcript){0};
	while (text_next_line(text, &at, &line))
		read_line(&r, line);
}

/* A reply that only follows from an earlier one. */
static bool is_consequence(struct span reply)
{
	return text_starts(reply, "<<< 503") ||
	       text_has(span_cut(reply, 80), "no valid recipient");
}

/* The reply begins with the reason that the list of addresses gives. */
static bool begins_with(struct span reply, struct span reason)
{
	struct span words = span_trim_start(reply);

	words = span_cut(span_trim_start(span_from(words, 3)), reason.n);
	return reason.n > 0 && span_eq(words, reason);
}

static bool is_about(const struct exchange *e, struct span address)
{
	struct span named = e->address.n > 0 ? e->address : e->asked;

	return address.n > 0 && span_eq_ci(named, address);
}

/*
 * "554 <a@b>... Service unavailable" is sendmail's own line for any refusal;
 * what it had said of the same address before tells more.
 */
static bool is_mere_echo(const struct exchange *e)
{
	return e->reply.n == 0 && text_has(e->echo, "... service unavailable");
}

static bool refuses(const struct exchange *e)
{
	return text_has_reply(e->reply.n > 0 ? e->reply : e->echo);
}

const struct exchange *transcript_find(const struct transcript *t,
				       struct span address, struct span final,
				       struct span reason)
{
	const struct exchange *about = NULL, *same = NULL, *rest = NULL;
	bool heard = false; /* what a consequence could follow from */
	size_t i;

	for (i = 0; i < t->count; i++) {
		const struct exchange *e = &t->list[i];
		bool follows = heard && is_consequence(e->reply);

		heard |= e->reply.n > 0;

		if (is_about(e, final) || is_about(e, address)) {
			if (about == NULL || e->reply.n > 0 ||
			    (about->reply.n == 0 && !is_mere_echo(e)))
				about = e;
		} else if (begins_with(e->reply, reason)) {
			same = e;
		} else if (e->address.n == 0 && e->asked.n == 0 &&
			   !text_starts(e->command, ">>> RCPT") && !follows) {
			/* "The message is attached." ends some transcripts */
			if (rest == NULL || refuses(e) || !refuses(rest))
				rest = e;
		}
	}
	return about != NULL ? about : same != NULL ? same : rest;
}

const struct exchange *transcript_last_reply(const struct transcript *t)
{
	size_t i;

	for (i = t->count; i > 0; i--)
		if (t->list[i - 1].reply.n > 0 &&
		    !is_consequence(t->list[i - 1].reply))
			return &t->list[i - 1];
	return NULL;
}

static void add_reply(struct span reply, struct buf *words)
{
	struct span line;
	size_t at = 0;

	/* facts keep less, and many recipients may share it */
	reply = span_cut(reply, 2 * REPORT_MAX_DIAGNOSTIC);
	buf_add_str(words, "<<<");
	while (text_next_line(reply, &at, &line)) {
		line = span_trim(line);
		line = span_trim(span_from(line, 3));
		buf_add_char(words, ' ');
		buf_add(words, line.p, line.n);
	}
}

void transcript_words(const struct transcript *t, const struct exchange *e,
		      struct buf *words)
{
	if (t->expired.n > 0) {
		struct span s =
			span_trim(span_cut(t->expired, REPORT_MAX_FIELD));

		buf_add(words, s.p, s.n);
		buf_add_str(words, "; ");
	}
	if (e->reply.n == 0) {
		struct span s = span_cut(e->echo, 2 * REPORT_MAX_DIAGNOSTIC);

		buf_add(words, s.p, s.n);
		return;
	}
	if (e->host.n > 0) {
		buf_add_str(words, "while talking to ");
		buf_add(words, e->host.p, e->host.n);
		buf_add_str(words, ": ");
	}
	if (e->command.n > 0) {
		struct span s =
			span_trim(span_cut(e->command, REPORT_MAX_DIAGNOSTIC));

		buf_add(words, s.p, s.n);
		buf_add_char(words, ' ');
	}
	add_reply(e->reply, words);
}
