/*
 * Header blocks, read by lines: a returned header block, a field block of a
 * report and the header of a part all go through here, because libetpan gives
 * up a whole block for one odd line.
 */
#include "report/headers.h"

#include <string.h>

#include "report/charset.h"
#include "report/decode.h"

/* Most blocks have no more fields; a power of two. */
#define FIELDS_ROOM 16

bool headers_is_field(struct span line)
{
	size_t i = 0;

	while (i < line.n && line.p[i] > ' ' && line.p[i] < 0x7f &&
	       line.p[i] != ':')
		i++;
	if (i == 0)
		return false;
	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	return i < line.n && line.p[i] == ':';
}

static bool is_continuation(struct span line)
{
	return line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
}

/* A line of white space only is folding where a field follows (RFC 822). */
static bool ends_block(struct span line, struct span rest)
{
	struct span next;

	if (line.n == 0)
		return true;
	if (span_trim(line).n > 0)
		return false;
	return !span_next_line(&rest, &next) || !headers_is_field(next);
}

/* By length and first letter: most names that are asked for are not there. */
static uint64_t name_bit(struct span name)
{
	unsigned first = (unsigned char)text_lower(name.n > 0 ? name.p[0] : 0);

	return UINT64_C(1) << (first + 5 * name.n) % 64;
}

static struct header *add_field(struct headers *h, struct arena *arena,
				struct span line)
{
	size_t colon = span_find_char(line, ':');
	struct header *f;

	/* Room is doubled whenever the count is a power of two. */
	if (h->count >= FIELDS_ROOM && (h->count & (h->count - 1)) == 0) {
		f = arena_array(arena, h->count * 2, sizeof(*f));
		memcpy(f, h->fields, h->count * sizeof(*f));
		h->fields = f;
	}
	f = &h->fields[h->count++];
	f->name = span_trim(span_cut(line, colon));
	f->value = span_from(line, colon + 1);
	h->absent &= ~name_bit(f->name);
	return f;
}

void headers_parse(struct headers *h, struct arena *arena, struct span text)
{
	struct span rest = text, line;
	struct header *last = NULL;

	memset(h, 0, sizeof(*h));
	h->absent = UINT64_MAX;
	h->fields = arena_array(arena, FIELDS_ROOM, sizeof(*h->fields));
	h->raw = span_cut(text, 0);
	while (span_next_line(&rest, &line)) {
		h->body = text.n - rest.n;
		if (ends_block(line, rest))
			return;
		h->raw.n = h->body;
		if (is_continuation(line)) {
			if (last)
				last->value.n = (size_t)(line.p + line.n -
							 last->value.p);
		} else if (!headers_is_field(line)) {
			last = NULL;
		} else if (h->count == HEADERS_MAX_FIELDS) {
			h->partial = true;
			last = NULL;
		} else {
			last = add_field(h, arena, line);
		}
	}
}

struct span headers_raw(const struct headers *h, const char *name, size_t nth)
{
	struct span wanted = span_of(name);

	if ((h->absent & name_bit(wanted)) != 0)
		return (struct span){NULL, 0};
	for (size_t i = 0; i < h->count; i++) {
		if (span_eq_ci(h->fields[i].name, wanted) && nth-- == 0)
			return h->fields[i].value;
	}
	return (struct span){NULL, 0};
}

bool headers_has(const struct headers *h, const char *name)
{
	return headers_raw(h, name, 0).p != NULL;
}

bool headers_is_nameless(const struct headers *h)
{
	struct span from = span_trim(headers_raw(h, "From", 0));

	return span_find_char(from, '(') == SPAN_NONE &&
	       (span_find_char(from, '<') == SPAN_NONE || from.p[0] == '<');
}

const char *headers_text(const struct headers *h, struct arena *arena,
			 const char *name)
{
	struct span raw = span_trim(headers_raw(h, name, 0));
	struct buf b;
	const char *s;

	if (raw.n == 0)
		return "";
	/* Most values are plain and stand in one line. */
	if (text_plain_length(raw) == raw.n &&
	    span_find(raw, SPAN("=?")) == SPAN_NONE &&
	    span_find_char(raw, '\n') == SPAN_NONE &&
	    span_find_char(raw, '\r') == SPAN_NONE)
		return arena_memdupz(arena, raw.p, raw.n);
	buf_init(&b);
	headers_decode(&b, raw);
	s = arena_memdupz(arena, b.data, b.len);
	buf_release(&b);
	return s;
}

void headers_unfold(struct buf *out, struct span raw)
{
	struct span line;

	raw = span_trim(raw);
	while (span_next_line(&raw, &line))
		buf_add(out, line.p, line.n);
}

/* Longer encoded words are read as plain text: RFC 2047 2 allows 75. */
#define ENCODED_WORD_MAX 2000

struct encoded_word {
	struct span charset;
	char kind; /* 'q' or 'b' */
	struct span text;
	size_t n; /* of all of it */
};

static bool encoded_word_find(struct span s, struct encoded_word *w)
{
	size_t at;

	if (!span_starts_ci(s, SPAN("=?")))
		return false;
	s = span_cut(s, ENCODED_WORD_MAX);
	w->charset = span_from(s, 2);
	at = span_find_char(w->charset, '?');
	if (at == SPAN_NONE || at + 2 >= w->charset.n ||
	    w->charset.p[at + 2] != '?')
		return false;
	w->kind = text_lower(w->charset.p[at + 1]);
	w->text = span_from(w->charset, at + 3);
	w->charset = span_cut(w->charset, at);
	at = span_find(w->text, SPAN("?="));
	if (at == SPAN_NONE || (w->kind != 'q' && w->kind != 'b'))
		return false;
	w->n = (size_t)(w->text.p - s.p) + at + 2;
	w->text = span_cut(w->text, at);
	/* RFC 2231 5: "charset*language". */
	at = span_find_char(w->charset, '*');
	if (at != SPAN_NONE)
		w->charset = span_cut(w->charset, at);
	return true;
}

/*
 * Neighbouring words of one charset are converted together, because many
 * programs cut them in the middle of a character.
 */
struct decoder {
	struct buf *out;
	struct span charset;
	struct buf bytes;
	bool pending;
};

static void decoder_flush(struct decoder *d)
{
	if (d->pending)
		charset_to_utf8(d->out, span_make(d->bytes.data, d->bytes.len),
				d->charset);
	buf_reset(&d->bytes);
	d->pending = false;
}

static void decoder_word(struct decoder *d, const struct encoded_word *w)
{
	if (d->pending && !span_eq_ci(d->charset, w->charset))
		decoder_flush(d);
	d->charset = w->charset;
	d->pending = true;
	if (w->kind == 'q')
		decode_q(&d->bytes, w->text);
	else
		decode_base64(&d->bytes, w->text);
}

/* White space alone between two words is dropped (RFC 2047 6.2). */
static void decoder_plain(struct decoder *d, struct span s, bool last)
{
	if (s.n == 0 || (d->pending && !last && span_trim(s).n == 0))
		return;
	decoder_flush(d);
	charset_to_utf8(d->out, s, SPAN("us-ascii"));
}

void headers_decode(struct buf *out, struct span raw)
{
	struct decoder d = {.out = out};
	struct encoded_word w;
	struct buf flat;
	struct span s;
	size_t from = 0, i = 0, sign;

	buf_init(&d.bytes);
	buf_init(&flat);
	headers_unfold(&flat, raw);
	s = span_make(flat.data, flat.len);
	while ((sign = span_find_char(span_from(s, i), '=')) != SPAN_NONE) {
		i += sign;
		if (!encoded_word_find(span_from(s, i), &w)) {
			i++;
			continue;
		}
		decoder_plain(&d, span_cut(span_from(s, from), i - from),
			      false);
		decoder_word(&d, &w);
		i += w.n;
		from = i;
	}
	decoder_plain(&d, span_from(s, from), true);
	decoder_flush(&d);
	buf_release(&d.bytes);
	buf_release(&flat);
}
