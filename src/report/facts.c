/*
 * The one door through which recipients get into a report: everything behind
 * it may rely on clean, capped, one-line UTF-8.
 */
#include "report/facts.h"

#include <string.h>

#include "report/headers.h"
#include "util/address.h"

void fact_draft_init(struct fact_draft *d)
{
	memset(d, 0, sizeof(*d));
	d->exit_code = -1;
}

/* Runs of white space and line ends become one space. */
static void add_one_line(struct buf *out, struct span s)
{
	struct span word;
	size_t start = out->len;

	while (span_next_word(&s, &word)) {
		if (out->len > start)
			buf_add_char(out, ' ');
		buf_add(out, word.p, word.n);
	}
}

/* Printable ASCII in one line, each space between two words. */
static bool is_one_line(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!text_is_print(s.p[i]) ||
		    (s.p[i] == ' ' &&
		     (i == 0 || i + 1 == s.n || s.p[i + 1] == ' ')))
			return false;
	}
	return true;
}

const char *facts_text(struct report *r, struct span s, size_t max)
{
	struct buf utf8, line;
	struct span kept;
	const char *text;

	if (s.n == 0)
		return "";
	if (s.n <= max && is_one_line(s))
		return arena_memdupz(&r->arena, s.p, s.n);
	buf_init(&utf8);
	buf_init(&line);
	/* Four times the cap: white space that is about to go. */
	text_utf8(&utf8, span_cut(s, max * 4));
	add_one_line(&line, span_make(utf8.data, utf8.len));
	kept = text_cut_utf8(span_make(line.data, line.len), max);
	if (kept.n < line.len)
		r->partial = true;
	text = arena_memdupz(&r->arena, kept.p, kept.n);
	buf_release(&line);
	buf_release(&utf8);
	return text;
}

const char *facts_mailbox(struct report *r, struct span raw)
{
	const char *text = "";
	struct buf b;

	buf_init(&b);
	if (headers_mailbox(&b, raw) == 0)
		text = facts_text(r, span_make(b.data, b.len),
				  REPORT_MAX_ADDRESS);
	buf_release(&b);
	return text;
}

static const char *lower_text(struct report *r, struct span s, size_t max)
{
	char *text = (char *)(uintptr_t)facts_text(r, s, max);

	for (char *p = text; *p; p++)
		*p = text_lower(*p);
	return text;
}

/* The address in its clean form, or "" where it is none. */
static const char *clean(struct report *r, struct span raw)
{
	struct span address;

	if (raw.n > 4 * REPORT_MAX_ADDRESS || address_find(raw, &address) < 0)
		return "";
	return facts_text(r, address, REPORT_MAX_ADDRESS);
}

static struct fact *fact_new(struct report *r)
{
	size_t n = r->fact_count;

	if (n == REPORT_MAX_RECIPIENTS) {
		r->partial = true;
		return NULL;
	}
	/* Room is doubled whenever the count is a power of two. */
	if ((n & (n - 1)) == 0) {
		struct fact *wider =
			arena_array(&r->arena, n ? n * 2 : 1, sizeof(*wider));

		if (n > 0)
			memcpy(wider, r->facts, n * sizeof(*wider));
		r->facts = wider;
	}
	return &r->facts[n];
}

/* "Subject: mailbox full": reports name our mail by its title. */
static bool is_title(struct span line)
{
	return span_starts_ci(span_trim(line), SPAN("Subject:"));
}

/* Behind a blank line something else is said, whether there is a stop or not.
 */
static void end_paragraph(struct buf *b)
{
	struct span text = span_trim(span_make(b->data, b->len));

	if (text.n > 0 &&
	    (text_is_letter(text.p[text.n - 1]) ||
	     text_is_digit(text.p[text.n - 1])) &&
	    !span_ends_ci(text, SPAN("。")) &&
	    !span_ends_ci(text, SPAN("："))) {
		buf_truncate(b, (size_t)(text.p - b->data) + text.n);
		buf_add_char(b, '.');
	}
}

static const char *diagnostic_text(struct report *r, struct span words)
{
	struct span line, rest = words;
	bool gap = false;
	const char *text;
	struct buf b;

	if (span_find_char(words, '\n') == SPAN_NONE)
		return facts_text(r, words, REPORT_MAX_DIAGNOSTIC);
	buf_init(&b);
	while (span_next_line(&rest, &line)) {
		if (is_title(line))
			continue;
		if (gap && span_trim(line).n > 0)
			end_paragraph(&b);
		gap = span_trim(line).n == 0;
		buf_add_char(&b, '\n');
		buf_add(&b, line.p, line.n);
	}
	text = facts_text(r, span_make(b.data, b.len), REPORT_MAX_DIAGNOSTIC);
	buf_release(&b);
	return text;
}

/*
 * "550 <a@b>... User unknown": so sendmail answers the RCPT that names a@b, as
 * it was given, and nothing else.
 */
static bool echoes(struct span reply, struct span address)
{
	struct span rest = span_trim_start(span_from(reply, 3));

	if (reply.n < 4 || reply.p[0] != '5' || address.n == 0 ||
	    !span_starts_ci(rest, SPAN("<")) ||
	    !span_starts_ci(span_from(rest, 1), address))
		return false;
	rest = span_from(rest, 1 + address.n);
	return span_starts_ci(rest, SPAN(">..."));
}

/*
 * The reply, of words of which the same were kept as the diagnostic: most stand
 * at its end.
 */
static const char *reply_of(struct report *r, const char *diagnostic,
			    struct span words, struct span reply)
{
	if (reply.n > 0 && reply.p + reply.n == words.p + words.n)
		return diagnostic + (words.n - reply.n);
	return facts_text(r, reply, REPORT_MAX_DIAGNOSTIC);
}

/* What the words say is taken where the draft was silent. */
static void read_words(struct report *r, struct fact *f, struct span words,
		       const struct reply *read)
{
	struct reply reply;
	struct span line;

	f->diagnostic = diagnostic_text(r, words);
	line = span_of(f->diagnostic);
	/* Of other words than those that are kept it may have read more. */
	if (read && span_eq(line, words)) {
		reply = *read;
		line = words;
	} else {
		reply_read(line, &reply);
	}
	f->reply = reply.code;
	f->reply_status = reply.status;
	f->reply_text = reply_of(r, f->diagnostic, line, reply.text);
	f->remote_reply = reply.remote_reply;
	if (f->stage == STAGE_UNKNOWN)
		f->stage = reply.stage;
	if (f->stage == STAGE_UNKNOWN &&
	    (echoes(reply.text, span_of(f->address)) ||
	     echoes(reply.text, span_of(f->final))))
		f->stage = STAGE_RCPT;
	if (f->exit_code < 0)
		f->exit_code = reply.exit_code;
	if (f->remote[0] == '\0')
		f->remote = facts_text(r, reply.remote, REPORT_MAX_FIELD);
}

static bool says_nothing(struct status s)
{
	return s.subject == 0 || s.detail == 0;
}

/*
 * Relays write a Status of their own beside the reply that they were given:
 * what the host said for good, in both its codes, is nearer to the cause.
 */
static struct status settle_status(const struct fact *f)
{
	struct status s = f->reply_status;

	/* Which class it is, the basic code settles (Postfix: "4.5.0"). */
	if (f->status.class_ == 4 && s.class_ == 5 && f->reply / 100 == 5 &&
	    s.subject == f->status.subject && s.detail == f->status.detail)
		return s;
	if (f->status.class_ != 5 || s.class_ != 5 || says_nothing(s) ||
	    f->reply / 100 != 5)
		return f->status;
	return s;
}

struct fact *facts_add(struct report *r, const struct fact_draft *d)
{
	const char *address = clean(r, d->address);
	struct fact *f;

	if (address[0] == '\0')
		return NULL;
	f = fact_new(r);
	if (!f)
		return NULL;
	r->fact_count++;
	f->kind = r->kind;
	f->feedback_type = f->reporting_mta = "";
	f->address = address;
	f->final = clean(r, d->final);
	if (strcmp(f->final, address) == 0)
		f->final = "";
	f->forwarded = f->final[0] != '\0';
	f->action = d->action;
	f->status = d->status;
	f->exit_code = d->exit_code;
	f->stage = d->stage;
	f->remote = facts_text(r, d->remote, REPORT_MAX_FIELD);
	f->diagnostic_type = lower_text(r, d->type, REPORT_MAX_FIELD);
	f->will_retry_until_s = d->will_retry_until_s;
	read_words(r, f, d->words, d->read);
	f->status = settle_status(f);
	return f;
}

void facts_set_words(struct report *r, struct fact *f, struct span words)
{
	f->stage = STAGE_UNKNOWN;
	read_words(r, f, words, NULL);
}
