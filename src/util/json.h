#ifndef UTIL_JSON_H
#define UTIL_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/text.h"

#define JSON_MAX_DEPTH 16

/*
 * Writes one JSON value into a buffer, commas included. Strings are made valid
 * UTF-8 and escaped; line separators too, so that one object is one line.
 */
struct json {
	struct buf *out; /* borrowed */
	unsigned depth;
	bool need_comma[JSON_MAX_DEPTH];
};

void json_init(struct json *j, struct buf *out);
void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
void json_span(struct json *j, struct span s);
void json_str(struct json *j, const char *s); /* NULL gives null */
void json_int(struct json *j, int64_t n);
void json_bool(struct json *j, bool b);
void json_null(struct json *j);

/* json_key and the value in one. */
void json_key_str(struct json *j, const char *key, const char *s);
void json_key_int(struct json *j, const char *key, int64_t n);
void json_key_bool(struct json *j, const char *key, bool b);
/* Keys with times are null where there is none. */
void json_key_time(struct json *j, const char *key, int64_t epoch_s);

#endif
