/* One way to show a suppression to programs, whoever runs them. */
#include "store/show.h"

void json_suppression(struct json *j, const struct store_suppression *s)
{
	json_key_str(j, "address", s->address);
	json_key_str(j, "written", s->written);
	json_key_str(j, "scope", s->scope);
	json_key_str(j, "stream", s->stream);
	json_key_str(j, "class", s->class_);
	json_key_str(j, "reason", s->reason);
	json_key_str(j, "source", s->source);
	json_key_str(j, "evidence", s->evidence);
	json_key_int(j, "hits", s->hits);
	json_key_int(j, "since", s->since_s);
	json_key_time(j, "until", s->until_s);
	json_key_time(j, "bounce_id", s->bounce_id);
	json_key_str(j, "note", s->note);
}

void json_changed(struct json *j, const struct store_changed *c)
{
	json_object(j);
	json_key_str(j, "mark", c->mark);
	json_key_str(j, "address", c->address);
	json_key_str(j, "written", c->written);
	json_key_str(j, "scope", c->scope);
	json_key_bool(j, "suppressed", c->suppression_count > 0);
	json_key(j, "suppressions");
	json_array(j);
	for (size_t i = 0; i < c->suppression_count; i++) {
		json_object(j);
		json_suppression(j, &c->suppressions[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_object_end(j);
}
