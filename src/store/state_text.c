/*
 * A state in canonical words, for dump, verify and for seeing whether a
 * decision changed anything.
 */
#include "store/state_text.h"

#include <stdlib.h>
#include <string.h>

#include "util/json.h"

static int order(const void *va, const void *vb)
{
	const struct state_suppression *a = va;
	const struct state_suppression *b = vb;
	int c = strcmp(a->stream, b->stream);

	if (c == 0)
		c = strcmp(a->source, b->source);
	if (c == 0)
		c = strcmp(a->reason, b->reason);
	if (c)
		return c;
	return (a->since_s > b->since_s) - (a->since_s < b->since_s);
}

static void key_of(struct json *j, const struct history *h, int64_t id)
{
	char hex[2 * MESSAGE_KEY_BYTES + 1];

	for (size_t i = 0; id && h && i < h->event_count; i++)
		if (h->events[i].id == id) {
			hash_hex(h->events[i].key, MESSAGE_KEY_BYTES, hex);
			json_key_str(j, "from", hex);
			return;
		}
}

static void suppression(struct json *j, const struct state_suppression *x,
			const struct history *h)
{
	json_object(j);
	json_key_str(j, "stream", x->stream);
	json_key_str(j, "class", x->class_);
	json_key_str(j, "reason", x->reason);
	json_key_str(j, "source", x->source);
	json_key_str(j, "evidence", x->evidence);
	json_key_int(j, "hits", x->hits);
	json_key_int(j, "since", x->since_s);
	json_key_int(j, "until", x->until_s);
	key_of(j, h, x->fact ? x->fact : -x->decision);
	json_object_end(j);
}

static void soft(struct json *j, const struct store_soft *x)
{
	json_object(j);
	json_key_str(j, "stream", x->stream);
	json_key_str(j, "reasons", x->reasons);
	json_key_int(j, "count", x->count);
	json_key_int(j, "threshold", x->threshold);
	json_key_int(j, "first", x->first_at_s);
	json_key_int(j, "last", x->last_at_s);
	json_key_int(j, "step", x->step);
	json_key_bool(j, "probation", x->probation);
	json_key_int(j, "promotes", x->promotes_at_s);
	json_key_str(j, "due_reason", x->due_reason);
	json_key_int(j, "tried", x->tried_at_s);
	json_key_int(j, "due", x->due_at_s);
	json_key_int(j, "attempt", x->attempt);
	json_key_int(j, "left", x->attempts_left);
	json_key_int(j, "give_up", x->give_up_at_s);
	json_object_end(j);
}

void address_state_text(struct buf *out, const struct state *st,
			const struct history *h, int64_t now_s)
{
	struct json j;

	if (st->suppression_count > 1)
		qsort(st->suppressions, st->suppression_count,
		      sizeof(*st->suppressions), order);
	json_init(&j, out);
	json_object(&j);
	json_key_bool(&j, "allowed", st->allowed);
	json_key(&j, "suppressions");
	json_array(&j);
	for (size_t i = 0; i < st->suppression_count; i++)
		if (now_s == 0 || st->suppressions[i].until_s == 0 ||
		    st->suppressions[i].until_s > now_s)
			suppression(&j, &st->suppressions[i], h);
	json_array_end(&j);
	json_key(&j, "soft");
	json_array(&j);
	for (size_t i = 0; i < st->soft_count; i++)
		soft(&j, &st->softs[i]);
	json_array_end(&j);
	json_object_end(&j);
}
