/*
 * From one setting of the file to one member of a settings struct, by the row
 * of the table: the only place where the file's types and ours meet.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/reader.h"
#include "util/address.h"
#include "util/num.h"

/* What a refused text is cut to in an error. */
#define QUOTE_BYTES 60

struct value {
	const struct config_reader *reader;
	const struct config_key *key;
	const config_setting_t *setting;
	const struct config_place *place;
};

static int refuse(const struct value *v, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int refuse(const struct value *v, const char *fmt, ...)
{
	struct buf allowed;
	va_list ap;
	char text[256];

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&allowed);
	config_key_allowed(v->key, &allowed);
	config_refuse(v->reader, v->setting, v->place->shown, allowed.data,
		      "%s", text);
	buf_release(&allowed);
	return -1;
}

static int refuse_text(const struct value *v, struct span text)
{
	return refuse(v, "\"%.*s\" cannot be used",
		      (int)text_cut_utf8(text, QUOTE_BYTES).n, text.p);
}

static int refuse_range(const struct value *v, struct span text)
{
	return refuse(v, "%.*s is out of range",
		      (int)text_cut_utf8(text, QUOTE_BYTES).n, text.p);
}

static const char *type_name(const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return "a number without quotes";
	case CONFIG_TYPE_FLOAT:
		return "a fraction";
	case CONFIG_TYPE_STRING:
		return "text in quotes";
	case CONFIG_TYPE_BOOL:
		return "true or false";
	case CONFIG_TYPE_GROUP:
		return "a group { }";
	case CONFIG_TYPE_ARRAY:
		return "an array [ ]";
	case CONFIG_TYPE_LIST:
		return "a list ( )";
	}
	return "something else";
}

static int refuse_type(const struct value *v, const config_setting_t *s)
{
	return refuse(v, "%s does not belong here", type_name(s));
}

static void *target(const struct value *v)
{
	return (char *)v->place->base + v->key->offset +
	       v->place->index * v->key->width;
}

/* All integers of the settings structs have 4 or 8 bytes. */
static void store_integer(void *to, size_t width, int64_t value)
{
	int32_t narrow = (int32_t)value;

	if (width == sizeof(narrow))
		memcpy(to, &narrow, sizeof(narrow));
	else
		memcpy(to, &value, sizeof(value));
}

/* Takes a text setting; 0, or -1 where it is of another type. */
static int take_text(const struct value *v, const config_setting_t *s,
		     struct span *text_r)
{
	if (config_setting_type(s) != CONFIG_TYPE_STRING)
		return refuse_type(v, s);
	*text_r = span_of(config_setting_get_string(s));
	return 0;
}

static int read_bool(const struct value *v)
{
	bool value;

	if (config_setting_type(v->setting) != CONFIG_TYPE_BOOL)
		return refuse_type(v, v->setting);
	value = config_setting_get_bool(v->setting) != 0;
	memcpy(target(v), &value, sizeof(value));
	return 0;
}

static int read_number(const struct value *v)
{
	int type = config_setting_type(v->setting);
	int64_t value;

	if (type == CONFIG_TYPE_INT)
		value = config_setting_get_int(v->setting);
	else if (type == CONFIG_TYPE_INT64)
		value = config_setting_get_int64(v->setting);
	else
		return refuse_type(v, v->setting);
	if (value < v->key->min || value > v->key->max)
		return refuse(v, "%" PRId64 " is out of range", value);
	store_integer(target(v), v->key->width, value);
	return 0;
}

/* Seconds of the file to what is stored; -1 where a rest would be lost. */
static int to_unit(enum config_unit unit, int64_t seconds, int64_t *out_r)
{
	int64_t per = 1;

	switch (unit) {
	case CONFIG_SECONDS:
		break;
	case CONFIG_MILLISECONDS:
		*out_r = seconds * 1000;
		return 0;
	case CONFIG_HOURS:
		per = 3600;
		break;
	case CONFIG_DAYS:
		per = 86400;
		break;
	}
	*out_r = seconds / per;
	return seconds % per == 0 ? 0 : -1;
}

static int take_duration(const struct value *v, const config_setting_t *s,
			 int64_t *out_r)
{
	struct span text;
	int64_t seconds;

	if (take_text(v, s, &text) < 0)
		return -1;
	if (v->key->steps && span_eq(text, SPAN("steps"))) {
		*out_r = EXPIRY_STEPS;
		return 0;
	}
	if (num_duration_s(text.p, text.n, &seconds) < 0)
		return refuse_text(v, text);
	if (seconds < 0 && v->key->never) {
		*out_r = EXPIRY_NEVER;
		return 0;
	}
	if (seconds < v->key->min || seconds > v->key->max)
		return refuse_range(v, text);
	return to_unit(v->key->unit, seconds, out_r) < 0 ? refuse_text(v, text)
							 : 0;
}

static int read_duration(const struct value *v)
{
	int64_t value;

	if (take_duration(v, v->setting, &value) < 0)
		return -1;
	store_integer(target(v), v->key->width, value);
	return 0;
}

static int read_size(const struct value *v)
{
	struct span text;
	int64_t bytes;

	if (take_text(v, v->setting, &text) < 0)
		return -1;
	if (text.n == 0 || text_is_digit(text.p[text.n - 1]) ||
	    num_size_bytes(text.p, text.n, &bytes) < 0)
		return refuse_text(v, text);
	if (bytes < v->key->min || bytes > v->key->max)
		return refuse_range(v, text);
	store_integer(target(v), v->key->width, bytes);
	return 0;
}

static int read_choice(const struct value *v)
{
	struct span text;

	if (take_text(v, v->setting, &text) < 0)
		return -1;
	for (int i = 0; v->key->names[i] != NULL; i++) {
		if (!span_eq(text, span_of(v->key->names[i])))
			continue;
		if (v->key->type == CONFIG_WORD)
			memcpy(target(v), &v->key->names[i],
			       sizeof(v->key->names[i]));
		else
			store_integer(target(v), v->key->width, i);
		return 0;
	}
	return refuse_text(v, text);
}

/* Domains are compared folded, so they are kept folded. */
static const char *keep_text(const struct value *v, struct span text)
{
	struct arena *arena = &v->reader->config->arena;
	struct buf address, folded;
	const char *kept;

	if (v->key->type != CONFIG_DOMAIN || text.n == 0)
		return arena_memdupz(arena, text.p, text.n);
	buf_init(&address);
	buf_init(&folded);
	buf_addf(&address, "x@%.*s", (int)text.n, text.p);
	address_fold(&folded, span_make(address.data, address.len));
	kept = arena_strdup(arena, folded.data + 2);
	buf_release(&folded);
	buf_release(&address);
	return kept;
}

static int take_checked(const struct value *v, const config_setting_t *s,
			const char **out_r)
{
	struct span text;

	if (take_text(v, s, &text) < 0)
		return -1;
	if ((int64_t)text.n < v->key->min ||
	    (v->key->max > 0 && (int64_t)text.n > v->key->max) ||
	    !config_text_is_valid(v->key->type, text))
		return refuse_text(v, text);
	*out_r = keep_text(v, text);
	return 0;
}

static int read_text(const struct value *v)
{
	const char *text;

	if (take_checked(v, v->setting, &text) < 0)
		return -1;
	memcpy(target(v), &text, sizeof(text));
	return 0;
}

static int read_disposition(const struct value *v)
{
	struct disposition *d = target(v);
	const char *text;

	if (take_checked(v, v->setting, &text) < 0)
		return -1;
	*d = (struct disposition){DISPOSAL_KEEP, ""};
	if (strcmp(text, "delete") == 0)
		d->disposal = DISPOSAL_DELETE;
	else if (strcmp(text, "keep") != 0)
		*d = (struct disposition){DISPOSAL_MOVE,
					  text + sizeof("move:") - 1};
	return 0;
}

static int read_durations(const struct value *v, unsigned count)
{
	char *to = target(v);

	if (count == 0 || count > POLICY_MAX_STEPS)
		return refuse(v, "%u elements; there may be 1 to %d", count,
			      POLICY_MAX_STEPS);
	for (unsigned i = 0; i < count; i++) {
		int64_t value;

		if (take_duration(v, config_setting_get_elem(v->setting, i),
				  &value) < 0)
			return -1;
		store_integer(to + i * v->key->width, v->key->width, value);
	}
	memcpy((char *)v->place->base + v->key->count_offset, &count,
	       sizeof(count));
	return 0;
}

static int read_texts(const struct value *v, unsigned count)
{
	const char **texts = arena_array(&v->reader->config->arena,
					 (size_t)count + 1, sizeof(*texts));

	for (unsigned i = 0; i < count; i++)
		if (take_checked(v, config_setting_get_elem(v->setting, i),
				 &texts[i]) < 0)
			return -1;
	memcpy(target(v), &texts, sizeof(texts));
	return 0;
}

static int read_list(const struct value *v)
{
	int type = config_setting_type(v->setting);
	int count = config_setting_length(v->setting);

	if (type != CONFIG_TYPE_ARRAY && type != CONFIG_TYPE_LIST)
		return refuse_type(v, v->setting);
	if (v->key->type == CONFIG_DURATION)
		return read_durations(v, (unsigned)count);
	return read_texts(v, (unsigned)count);
}

int config_value_read(const struct config_reader *r,
		      const struct config_key *key, const config_setting_t *s,
		      const struct config_place *place)
{
	struct value v = {r, key, s, place};

	if (key->list)
		return read_list(&v);
	switch (key->type) {
	case CONFIG_BOOL:
		return read_bool(&v);
	case CONFIG_NUMBER:
		return read_number(&v);
	case CONFIG_DURATION:
		return read_duration(&v);
	case CONFIG_SIZE:
		return read_size(&v);
	case CONFIG_CHOICE:
	case CONFIG_WORD:
		return read_choice(&v);
	case CONFIG_DISPOSITION:
		return read_disposition(&v);
	case CONFIG_TEXT:
	case CONFIG_NAME:
	case CONFIG_PATH:
	case CONFIG_DOMAIN:
	case CONFIG_HEADER:
	case CONFIG_NETWORK:
	case CONFIG_SECRET_FILE:
	case CONFIG_FINGERPRINT:
		return read_text(&v);
	}
	return -1;
}
