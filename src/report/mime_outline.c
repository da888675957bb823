/*
 * libetpan takes a thousand instructions a line. It is asked for the tree of a
 * multipart alone, and that needs few lines of a message.
 */
#include "report/mime_outline.h"

#include <string.h>

#define MAX_PLACES 20000
/* libetpan reads ahead a little; zeros stop it. */
#define PADDING 16

/* Bytes that stand in both, one behind the other. */
struct outline_place {
	size_t at;   /* in the outline */
	size_t from; /* in the body */
	size_t n;
	bool has_header; /* of a multipart, behind the delimiter */
};

static bool is_delimiter(struct span s)
{
	return s.n > 1 && s.p[0] == '-' && s.p[1] == '-';
}

/* Behind the end of the line that stands at `at`. */
static size_t line_end(struct span s, size_t at)
{
	size_t n = span_find_char(span_from(s, at), '\n');

	return n != SPAN_NONE ? at + n + 1 : s.n;
}

/* The line end before a delimiter belongs to it (RFC 2046, 5.1.1). */
static size_t with_line_end(struct span s, size_t at)
{
	at -= at > 0;
	return at > 0 && s.p[at - 1] == '\r' ? at - 1 : at;
}

/*
 * Behind the header at `at`, the blank line included; the next delimiter ends
 * it too. Returns `at` where it speaks of no multipart.
 */
static size_t multipart_header_end(struct span s, size_t at)
{
	size_t end = at, next;

	while (end < s.n && !is_delimiter(span_from(s, end))) {
		next = line_end(s, end);
		if (span_trim(span_make(s.p + end, next - end)).n == 0)
			break;
		end = next;
	}
	if (span_find_ci(span_make(s.p + at, end - at), SPAN("multipart")) ==
	    SPAN_NONE)
		return at;
	return end < s.n && !is_delimiter(span_from(s, end)) ? line_end(s, end)
							     : end;
}

static void add_place(struct outline *o, struct arena *arena, size_t from,
		      size_t end, bool has_header)
{
	struct outline_place *list;

	if (o->count == o->cap) {
		o->cap = o->cap ? o->cap * 2 : 16;
		list = arena_array(arena, o->cap, sizeof(*list));
		if (o->count > 0)
			memcpy(list, o->list, o->count * sizeof(*list));
		o->list = list;
	}
	o->list[o->count++] = (struct outline_place){
		.from = from, .n = end - from, .has_header = has_header};
}

static bool find_places(struct outline *o, struct arena *arena)
{
	struct span s = o->body;
	size_t at = 0, line, end;

	for (; at < s.n; at = end) {
		end = line = line_end(s, at);
		if (!is_delimiter(span_from(s, at)))
			continue;
		if (o->count == MAX_PLACES)
			return false;
		end = multipart_header_end(s, line);
		add_place(o, arena, with_line_end(s, at), end, end > line);
	}
	return true;
}

/* A multipart may begin with its first part. */
static bool is_followed(const struct outline *o, size_t i)
{
	size_t next = i + 1 < o->count ? o->list[i + 1].from : o->body.n;

	return !o->list[i].has_header || next > o->list[i].from + o->list[i].n;
}

/* A byte that begins no header stands for what is left out. */
static void write_bytes(struct outline *o, struct arena *arena,
			struct span content_type)
{
	bool begins = o->count > 0 && o->list[0].from == 0;
	size_t at = content_type.n + !begins, n = at;
	char *bytes;

	for (size_t i = 0; i < o->count; i++)
		n += o->list[i].n + is_followed(o, i);
	bytes = arena_alloc(arena, n + PADDING);
	memcpy(bytes, content_type.p, content_type.n);
	bytes[content_type.n] = ':';
	for (size_t i = 0; i < o->count; i++) {
		struct outline_place *place = &o->list[i];

		place->at = at;
		memcpy(bytes + at, o->body.p + place->from, place->n);
		at += place->n;
		if (is_followed(o, i))
			bytes[at++] = ':';
	}
	o->bytes = span_make(bytes, n);
}

bool outline_make(struct outline *o, struct arena *arena,
		  struct span content_type, struct span body)
{
	memset(o, 0, sizeof(*o));
	o->body = body;
	if (!find_places(o, arena))
		return false;
	write_bytes(o, arena, content_type);
	return true;
}

/* Where in the body; of what was left out the end, or else the beginning. */
static size_t in_body(const struct outline *o, size_t at, bool end)
{
	size_t low = 0, high = o->count;
	static const struct outline_place before = {0};
	const struct outline_place *place;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->list[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	place = low > 0 ? &o->list[low - 1] : &before;
	if (at - place->at <= place->n)
		return place->from + (at - place->at);
	if (!end)
		return place->from + place->n;
	return low < o->count ? o->list[low].from : o->body.n;
}

struct span outline_part(const struct outline *o, struct span part)
{
	size_t at = (size_t)(part.p - o->bytes.p);
	size_t from = in_body(o, at, false);
	size_t end = in_body(o, at + part.n, true);

	return span_make(o->body.p + from, end > from ? end - from : 0);
}
