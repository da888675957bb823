/*
 * JSON for people's scripts. Ours, because what stands in mail is neither
 * valid UTF-8 nor free of bytes that a terminal obeys, and one object has to
 * stay one line.
 */
#include "util/json.h"

#include <inttypes.h>
#include <stdlib.h>

#include "util/utf8.h"

void json_init(struct json *j, struct buf *out)
{
	*j = (struct json){.out = out};
}

static void before_value(struct json *j)
{
	if (j->need_comma[j->depth])
		buf_add_char(j->out, ',');
	j->need_comma[j->depth] = true;
}

static void begin(struct json *j, char c)
{
	before_value(j);
	buf_add_char(j->out, c);
	if (++j->depth >= JSON_MAX_DEPTH)
		abort();
	j->need_comma[j->depth] = false;
}

static void end(struct json *j, char c)
{
	if (j->depth == 0)
		abort();
	j->depth--;
	buf_add_char(j->out, c);
}

void json_object(struct json *j)
{
	begin(j, '{');
}

void json_object_end(struct json *j)
{
	end(j, '}');
}

void json_array(struct json *j)
{
	begin(j, '[');
}

void json_array_end(struct json *j)
{
	end(j, ']');
}

static void add_code(struct buf *out, uint32_t code)
{
	if (code == '"' || code == '\\') {
		buf_add_char(out, '\\');
		buf_add_char(out, (char)code);
	} else if (code == '\n') {
		buf_add_str(out, "\\n");
	} else if (code == '\t') {
		buf_add_str(out, "\\t");
	} else if (code == '\r') {
		buf_add_str(out, "\\r");
	} else if (utf8_is_unprintable(code)) {
		buf_addf(out, "\\u%04" PRIx32, code);
	} else {
		utf8_add(out, code);
	}
}

static void add_string(struct buf *out, struct span s)
{
	buf_add_char(out, '"');
	while (s.n > 0) {
		uint32_t code;
		size_t len = utf8_next(s, &code);

		add_code(out, len > 0 ? code : 0xfffd);
		s = span_from(s, len > 0 ? len : 1);
	}
	buf_add_char(out, '"');
}

void json_key(struct json *j, const char *key)
{
	before_value(j);
	add_string(j->out, span_of(key));
	buf_add_char(j->out, ':');
	j->need_comma[j->depth] = false;
}

void json_span(struct json *j, struct span s)
{
	before_value(j);
	add_string(j->out, s);
}

void json_str(struct json *j, const char *s)
{
	if (s == NULL)
		json_null(j);
	else
		json_span(j, span_of(s));
}

void json_int(struct json *j, int64_t n)
{
	before_value(j);
	buf_addf(j->out, "%" PRId64, n);
}

void json_bool(struct json *j, bool b)
{
	before_value(j);
	buf_add_str(j->out, b ? "true" : "false");
}

void json_null(struct json *j)
{
	before_value(j);
	buf_add_str(j->out, "null");
}

void json_key_str(struct json *j, const char *key, const char *s)
{
	json_key(j, key);
	json_str(j, s);
}

void json_key_int(struct json *j, const char *key, int64_t n)
{
	json_key(j, key);
	json_int(j, n);
}

void json_key_bool(struct json *j, const char *key, bool b)
{
	json_key(j, key);
	json_bool(j, b);
}

void json_key_time(struct json *j, const char *key, int64_t epoch_s)
{
	json_key(j, key);
	if (epoch_s != 0)
		json_int(j, epoch_s);
	else
		json_null(j);
}
