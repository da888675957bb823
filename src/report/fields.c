/*
 * The field groups of delivery-status, feedback-report and disposition
 * parts. Relays lose the blank lines between them, add empty groups, put
 * Action before Final-Recipient, or leave the returned header in between.
 */
#include "report/fields.h"

#include <string.h>

/* Of one recipient each of these stands once: a second begins the next. */
static const char *const leaders[] = {
	"Final-Recipient",
	"Original-Recipient",
	"Action",
};
#define LEADER_COUNT (sizeof(leaders) / sizeof(leaders[0]))

static const char *const names[] = {
	"Final-Recipient", "Original-Recipient", "Action",	     "Status",
	"Diagnostic-Code", "Remote-MTA",	 "Will-Retry-Until",
};
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static size_t find_name(const char *const *list, size_t count, struct span name)
{
	size_t i = 0;

	while (i < count && !span_eq_ci(name, span_of(list[i])))
		i++;
	return i;
}

/* All fields of the part in one list; gap[i]: a blank line stood before i. */
struct flat {
	struct header *fields;
	bool *gap;
	size_t count;
};

/* An indented field of ours is a field: whole groups come indented. */
static bool is_field(struct span line)
{
	struct span name = span_cut(line, span_find_char(line, ':'));

	if (line.n == 0 || (line.p[0] != ' ' && line.p[0] != '\t'))
		return headers_is_field(line);
	return name.n < line.n &&
	       find_name(names, NAME_COUNT, span_trim(name)) < NAME_COUNT;
}

static size_t count_lines(struct span text)
{
	struct span line;
	size_t n = 0;

	while (n < FIELDS_MAX && span_next_line(&text, &line))
		n++;
	return n;
}

static void flat_add(struct flat *f, struct span line, bool gap)
{
	size_t colon = span_find_char(line, ':');

	f->gap[f->count] = gap;
	f->fields[f->count].name = span_trim(span_cut(line, colon));
	f->fields[f->count++].value = span_from(line, colon + 1);
}

/*
 * nullmailer folds nothing: "550-5.7.1 more" at the beginning of a line; and
 * who shows a report to people may lose the space before what was folded.
 */
static bool is_more_of_a_reply(const struct header *last, struct span line)
{
	return (text_is_alnum(line.p[0]) || line.p[0] == '[' ||
		line.p[0] == '<' || line.p[0] == '(') &&
	       span_eq_ci(last->name, SPAN("Diagnostic-Code"));
}

static bool flat_read(struct flat *f, struct arena *arena, struct span text)
{
	size_t room = count_lines(text) + 1;
	struct header *last = NULL;
	bool gap = false;
	struct span line;

	f->count = 0;
	f->fields = arena_array(arena, room, sizeof(*f->fields));
	f->gap = arena_array(arena, room, sizeof(*f->gap));
	while (span_next_line(&text, &line)) {
		if (span_trim(line).n == 0) {
			gap = true;
			last = NULL;
		} else if (is_field(line)) {
			if (f->count == room)
				return false;
			flat_add(f, line, gap);
			gap = false;
			last = &f->fields[f->count - 1];
		} else if (last && (text_is_space(line.p[0]) ||
				    is_more_of_a_reply(last, line))) {
			last->value.n =
				(size_t)(line.p + line.n - last->value.p);
		} else {
			last = NULL;
		}
	}
	return true;
}

/* Takes fields [from, to) as one recipient's. */
static void group_add(struct fields *out, struct flat *f, size_t from,
		      size_t to)
{
	struct headers *g;

	if (out->count == FIELDS_MAX_GROUPS) {
		out->partial = true;
		return;
	}
	g = &out->recipients[out->count++];
	g->fields = f->fields + from;
	g->count = to - from;
}

/* A blank line tore a group apart: "Action" without any recipient. */
static bool continues(const struct fields *out, const struct flat *f,
		      size_t from, size_t to)
{
	const struct headers *last = &out->recipients[out->count - 1];
	struct headers block = {.fields = f->fields + from, .count = to - from};

	return last->fields + last->count == f->fields + from &&
	       !headers_has(&block, "Final-Recipient") &&
	       !headers_has(&block, "Original-Recipient") &&
	       !(headers_has(&block, "Action") && headers_has(last, "Action"));
}

/* Splits the fields between two blank lines where a leader comes again. */
static void block_read(struct fields *out, struct flat *f, size_t from,
		       size_t to)
{
	bool seen[LEADER_COUNT] = {false};
	size_t start = from;

	if (out->count > 0 && continues(out, f, from, to)) {
		out->recipients[out->count - 1].count += to - from;
		return;
	}
	for (size_t i = from; i < to; i++) {
		size_t k = find_name(leaders, LEADER_COUNT, f->fields[i].name);

		if (k == LEADER_COUNT)
			continue;
		if (seen[k]) {
			group_add(out, f, start, i);
			memset(seen, 0, sizeof(seen));
			start = i;
		}
		seen[k] = true;
	}
	group_add(out, f, start, to);
}

/* The first field of [from, to) that speaks of a recipient, or to. */
static size_t first_named(const struct flat *f, size_t from, size_t to)
{
	while (from < to &&
	       find_name(names, NAME_COUNT, f->fields[from].name) == NAME_COUNT)
		from++;
	return from;
}

void fields_parse(struct fields *out, struct arena *arena, struct span text)
{
	struct flat f;
	size_t from = 0, to;

	memset(out, 0, sizeof(*out));
	out->partial = !flat_read(&f, arena, text);
	out->recipients = arena_array(
		arena,
		(f.count < FIELDS_MAX_GROUPS ? f.count : FIELDS_MAX_GROUPS) + 1,
		sizeof(*out->recipients));
	out->message.fields = f.fields;
	for (; from < f.count; from = to) {
		size_t named;

		for (to = from + 1; to < f.count && !f.gap[to];)
			to++;
		named = first_named(&f, from, to);
		if (out->count == 0 && out->message.count == from &&
		    (from == 0 || named == to)) {
			out->message.count = named;
			from = named;
		}
		if (named < to)
			block_read(out, &f, from, to);
	}
}

bool fields_find(struct span text, size_t *from_r)
{
	const char *start = text.p;
	size_t block = 0;
	bool in_block = false;
	struct span line;

	while (text.n > 0) {
		size_t at = (size_t)(text.p - start);
		struct span name;

		span_next_line(&text, &line);
		line = span_trim(line);
		if (line.n > 0 && !in_block)
			block = at;
		in_block = line.n > 0;
		name = span_cut(line, span_find_char(line, ':'));
		if (name.n < line.n &&
		    (span_eq_ci(name, SPAN("Final-Recipient")) ||
		     span_eq_ci(name, SPAN("Original-Recipient")))) {
			*from_r = block;
			return true;
		}
	}
	return false;
}
