#include "report/format.h"

#include <string.h>

#include "report/format_section.h"
#include "report/format_text.h"
#include "report/reply.h"
#include "util/address.h"

/*
 * The table of formats: those with a file of their own, then the rows of
 * format_table.c, then what looks like a bounce in general. One that finds
 * nobody leaves the text to the next.
 */
static const struct format *const formats[] = {
	&format_courier, &format_postfix, &format_sendmail, &format_exchange,
	&format_exim,	 &format_qmail,	  &format_sns,
};
static const struct format *const last_formats[] = {
	&format_generic,
	&format_failed_recipients,
};

struct fact_draft *findings_add(struct findings *out, struct span address,
				enum report_action action)
{
	struct fact_draft *d;

	if (out->count == REPORT_MAX_RECIPIENTS) {
		out->partial = true;
		return NULL;
	}
	if (out->count == out->size) {
		size_t size = out->size == 0 ? 8 : out->size * 2;
		struct fact_draft *list =
			arena_array(out->arena, size, sizeof(*list));

		if (out->count > 0)
			memcpy(list, out->list, out->count * sizeof(*list));
		out->list = list;
		out->size = size;
	}
	d = &out->list[out->count++];
	fact_draft_init(d);
	d->address = address;
	d->action = action;
	return d;
}

void findings_set_origin(struct fact_draft *d, struct span alias)
{
	if (span_find_char(d->address, '@') != SPAN_NONE)
		d->final = d->address;
	d->address = alias;
}

/* In the words of who was told without the shape of Exim or Sendmail. */
static void settle_origin(struct fact_draft *d)
{
	struct span words = span_trim(d->words), alias;
	size_t end = text_origin_at(words, 0, &alias);

	if (end == 0 || d->final.n > 0)
		return;
	findings_set_origin(d, alias);
	words = span_trim(span_from(words, end));
	d->words =
		words.n > 0 && words.p[0] == ':' ? span_from(words, 1) : words;
}

struct span findings_keep(struct findings *out, const struct buf *b)
{
	return span_make(arena_memdupz(out->arena, b->data, b->len), b->len);
}

/* The form in which addresses are compared; "" where it is none. */
static const char *fold(struct arena *arena, struct span raw)
{
	struct span clean;
	struct buf folded;
	const char *result;

	if (raw.n == 0 || address_find(raw, &clean) < 0)
		return "";
	buf_init(&folded);
	address_fold(&folded, clean);
	result = arena_memdupz(arena, folded.data, folded.len);
	buf_release(&folded);
	return result;
}

/* An alias may stand for several who failed: these are not the same. */
static struct fact_draft *find_same(const struct findings *f, size_t count,
				    const char *address, const char *final)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(f->folded[2 * i], address) == 0 &&
		    strcmp(f->folded[2 * i + 1], final) == 0)
			return &f->list[i];
	return NULL;
}

/* A list of whom it did not reach, and below it what each was told. */
static bool says_more(struct span words, struct span before)
{
	return before.n == 0 || (words.n > 0 && !text_has_reply(before) &&
				 text_has_reply(words));
}

/*
 * Others got it, and the report says so; this one's host refused, and nothing
 * is told of a delivery or of a host that took it.
 */
static void settle_action(struct fact_draft *d)
{
	struct reply reply;

	if (d->action != ACTION_DELIVERED || text_has(d->words, "deliver") ||
	    text_has(d->words, "250"))
		return;
	reply_read_codes(d->words, &reply);
	if (reply.code >= 400)
		d->action = ACTION_FAILED;
}

/* Folds all addresses; drops nobodies and who stood there before. */
static void findings_settle(struct findings *f)
{
	size_t i, kept = 0;

	f->folded = arena_array(f->arena, 2 * f->count + 1, sizeof(char *));
	for (i = 0; i < f->count; i++) {
		const char *address, *final;
		struct fact_draft *same;

		settle_origin(&f->list[i]);
		address = fold(f->arena, f->list[i].address);
		final = fold(f->arena, f->list[i].final);
		same = find_same(f, kept, address, final);
		if (address[0] == '\0')
			continue;
		f->list[i].words =
			span_cut(f->list[i].words, FINDINGS_MAX_WORDS);
		settle_action(&f->list[i]);
		if (same != NULL) {
			if (says_more(f->list[i].words, same->words))
				same->words = f->list[i].words;
			continue;
		}
		f->list[kept] = f->list[i];
		f->folded[2 * kept] = address;
		f->folded[2 * kept + 1] = final;
		kept++;
	}
	f->count = kept;
}

const struct fact_draft *findings_match(const struct findings *f,
					struct span address)
{
	const char *folded = fold(f->arena, address);
	size_t i;

	for (i = 0; folded[0] != '\0' && i < 2 * f->count; i++)
		if (strcmp(f->folded[i], folded) == 0)
			return &f->list[i / 2];
	return NULL;
}

/* Takes what was found, or forgets it and returns false. */
static bool settle(struct findings *out, const struct findings *empty,
		   const char *name)
{
	findings_settle(out);
	out->format = name;
	if (out->count > 0)
		return true;
	*out = *empty;
	return false;
}

static bool scan_list(const struct format *const *list, size_t n,
		      const struct format_input *in, struct findings *out)
{
	struct findings empty = *out;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!list[i]->is(in, out))
			continue;
		list[i]->read(in, out);
		if (settle(out, &empty, list[i]->name))
			return true;
	}
	return false;
}

static bool scan_rows(const struct format_input *in, struct findings *out)
{
	struct findings empty = *out;
	size_t i;

	for (i = 0; i < section_row_count; i++) {
		if (!section_is(&section_rows[i], in))
			continue;
		section_read(&section_rows[i], in, out);
		if (settle(out, &empty, section_rows[i].name))
			return true;
	}
	return false;
}

static bool tells_why(const struct findings *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (span_trim(f->list[i].words).n > 0)
			return true;
	return false;
}

static bool names_all(const struct findings *f, const struct findings *of)
{
	size_t i;

	for (i = 0; i < of->count; i++)
		if (findings_match(f, of->list[i].address) == NULL)
			return false;
	return true;
}

/*
 * Haraka and fetchmail part the recipients whom the host refused from a mail
 * that it refused: of those, and of no others, they write so.
 */
static void settle_refused(const struct format_input *in, struct findings *f)
{
	static const char *const refused[] = {
		"some recipients failed: <",
		"some addresses were rejected by the mda", NULL};
	PHRASES(refused);
	struct reply reply;

	if (!text_part_has_any(in, span_cut(in->text, f->returned),
			       refused_phrases))
		return;
	for (size_t i = 0; i < f->count; i++) {
		reply_read_codes(f->list[i].words, &reply);
		if (f->list[i].stage == STAGE_UNKNOWN && reply.code / 100 == 5)
			f->list[i].stage = STAGE_RCPT;
	}
}

/* A list of whom it did not reach: why may stand somewhere else. */
static bool scan_last(struct format_input *in, bool found, struct findings *out)
{
	struct findings last = {.arena = out->arena,
				.subject = out->subject,
				.returned = out->returned};

	in->text = text_without_output(in->text);
	if (!scan_list(last_formats,
		       sizeof(last_formats) / sizeof(last_formats[0]), in,
		       &last) ||
	    (found && !(tells_why(&last) && names_all(&last, out))))
		return found;
	*out = last;
	return true;
}

bool formats_scan(const struct format_input *in, struct arena *arena,
		  struct findings *out_r)
{
	struct format_input before = *in;
	UNCLEARED struct grams grams;
	bool found;

	*out_r = (struct findings){.arena = arena};
	out_r->subject = span_of(headers_text(in->headers, arena, "Subject"));
	before.text =
		span_cut(in->text, text_returned(in->text, &out_r->returned));
	grams_read(&grams, before.text);
	before.grams = &grams;
	found = scan_list(formats, sizeof(formats) / sizeof(formats[0]),
			  &before, out_r) ||
		scan_rows(&before, out_r);
	if (!found || !tells_why(out_r))
		found = scan_last(&before, found, out_r);
	settle_refused(&before, out_r);
	return found;
}

bool formats_read(const struct format_input *in, struct report *r,
		  size_t *returned_r)
{
	struct findings found;
	size_t i;

	if (!formats_scan(in, &r->arena, &found)) {
		*returned_r = found.returned;
		return false;
	}
	for (i = 0; i < found.count; i++)
		facts_add(r, &found.list[i]);
	r->format = found.format;
	r->partial = r->partial || found.partial;
	*returned_r = found.returned;
	return r->fact_count > 0;
}
