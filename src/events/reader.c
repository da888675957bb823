/* From JSON to the report that a mail server would have made. */
#include "events/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"
#include "util/num.h"

#define NUMBER_BYTES 32
#define MAX_EXACT 9007199254740992.0 /* of a double's integers */

const json_t *event_value(const json_t *object, const char *path)
{
	struct span rest = span_of(path);

	while (object != NULL && rest.n > 0) {
		size_t dot = span_find_char(rest, '.');
		struct span key = span_cut(rest, dot);
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)key.n, key.p);
		object = json_object_get(object, name);
		rest = dot == SPAN_NONE ? SPAN("") : span_from(rest, dot + 1);
	}
	return object;
}

struct span event_text(const json_t *object, const char *path)
{
	const json_t *value = event_value(object, path);

	/* Lists of one, and of tags: the first. */
	if (json_is_array(value))
		value = json_array_get(value, 0);
	return json_is_string(value) ? span_make(json_string_value(value),
						 json_string_length(value))
				     : SPAN("");
}

int64_t event_number(const json_t *object, const char *path)
{
	const json_t *value = event_value(object, path);

	if (json_is_integer(value))
		return (int64_t)json_integer_value(value);
	/* Where a number too big stands in the same document: event_load. */
	return json_is_real(value) && json_real_value(value) > -MAX_EXACT &&
			       json_real_value(value) < MAX_EXACT
		       ? (int64_t)json_real_value(value)
		       : 0;
}

bool event_has_code(struct span words)
{
	for (size_t i = 0; i < 3; i++)
		if (i >= words.n || !text_is_digit(words.p[i]))
			return false;
	return words.n == 3 || !text_is_alnum(words.p[3]);
}

int64_t event_time(const json_t *object, const char *path)
{
	const json_t *value = event_value(object, path);
	struct span text = event_text(object, path);
	char number[NUMBER_BYTES];
	int64_t at_s = 0;

	if (json_is_number(value)) {
		snprintf(number, sizeof(number), "%.0f",
			 json_number_value(value));
		text = span_of(number);
	}
	if (num_when_s(text.p, text.n, &at_s) < 0)
		return 0;
	return at_s;
}

int event_each(struct event_reader *r, const json_t *root, event_read_fn read)
{
	const json_t *one;
	size_t i;

	if (!json_is_array(root))
		return read(r, root);
	json_array_foreach(root, i, one)
	{
		if (read(r, one) != 0)
			return -1;
	}
	return 0;
}

/* Equal events have equal keys, whatever document they came in. */
static void make_key(struct event_reader *r, enum report_kind kind,
		     struct span id, const json_t *object)
{
	uint8_t hash[HASH_SHA256_BYTES];
	struct buf b;
	char *all = NULL;

	if (id.n == 0) {
		all = json_dumps(object, JSON_SORT_KEYS | JSON_COMPACT);
		id = span_of(all);
	}
	buf_init(&b);
	buf_addf(&b, "event %s %s ", r->format, report_kind_name(kind));
	buf_add(&b, id.p, id.n);
	hash_sha256(b.data, b.len, hash);
	memcpy(r->event.key, hash, sizeof(r->event.key));
	buf_release(&b);
	free(all);
}

void event_begin(struct event_reader *r, enum report_kind kind, struct span id,
		 const json_t *object)
{
	struct report *report = &r->event.report;

	report_init(report);
	report->kind = kind;
	report->format = r->format;
	r->event.at_s = 0;
	make_key(r, kind, id, object);
}

static const char *id_text(struct report *report, struct span id)
{
	id = span_trim(id);
	if (id.n > 1 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = span_make(id.p + 1, id.n - 2);
	return facts_text(report, id, REPORT_MAX_FIELD);
}

/* "Garden News <news@example.org>": the address alone. */
static struct span bare(struct span from)
{
	size_t open = span_find_char(from, '<');
	struct span rest = span_from(from, open + 1);
	size_t close = span_find_char(rest, '>');

	return open != SPAN_NONE && close != SPAN_NONE ? span_cut(rest, close)
						       : span_trim(from);
}

void event_original(struct event_reader *r, struct span message_id,
		    struct span from, struct span subject, struct span campaign)
{
	struct report *report = &r->event.report;
	struct returned *back = &report->returned;

	back->message_id = id_text(report, message_id);
	back->from = facts_text(report, bare(from), REPORT_MAX_FIELD);
	back->subject = facts_text(report, subject, REPORT_MAX_FIELD);
	back->campaign = facts_text(report, campaign, REPORT_MAX_FIELD);
}

struct fact *event_recipient(struct event_reader *r,
			     const struct fact_draft *draft)
{
	struct fact *f = facts_add(&r->event.report, draft);

	/* Who sends events has heard the words from the other side. */
	if (f != NULL) {
		f->remote_reply = f->reply != 0;
		f->reporting_mta = r->event.report.reporting_mta;
	}
	return f;
}

int event_end(struct event_reader *r)
{
	int rc = r->each(r->ctx, &r->event);

	report_release(&r->event.report);
	r->failed = rc != 0;
	return rc;
}

enum report_action event_action(enum report_kind kind)
{
	switch (kind) {
	case REPORT_BOUNCE:
		return ACTION_FAILED;
	case REPORT_DELAY:
		return ACTION_DELAYED;
	case REPORT_SUCCESS:
		return ACTION_DELIVERED;
	case REPORT_COMPLAINT:
	case REPORT_AUTO_REPLY:
	case REPORT_MDN:
	case REPORT_OTHER:
	case REPORT_UNREADABLE:
		break;
	}
	return ACTION_UNKNOWN;
}

int event_finish(struct event_reader *r, struct span address, struct span words)
{
	enum report_kind kind = r->event.report.kind;
	struct fact_draft draft;
	struct fact *f;

	fact_draft_init(&draft);
	draft.action = event_action(kind);
	draft.address = address;
	if (kind != REPORT_COMPLAINT) {
		draft.type = SPAN("smtp");
		draft.words = words;
	}
	f = event_recipient(r, &draft);
	if (f != NULL && kind == REPORT_COMPLAINT)
		f->feedback_type =
			facts_text(&r->event.report, words, REPORT_MAX_FIELD);
	return event_end(r);
}
