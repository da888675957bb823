/*
 * Lists in JSON: our own, an object a line, and those of providers, who each
 * put an array of objects somewhere into one.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "ctl/import.h"
#include "util/csv.h"
#include "util/fdio.h"

#define MAX_JSON_BYTES ((size_t)1024 * 1024 * 1024)
#define WHERE_BYTES 64
#define TEXT_BYTES 32

/* Numbers are times here: they are read as the text they stand for. */
static struct span value_text(const json_t *value, char number[TEXT_BYTES])
{
	if (json_is_string(value))
		return span_make(json_string_value(value),
				 json_string_length(value));
	if (json_is_number(value)) {
		snprintf(number, TEXT_BYTES, "%.0f", json_number_value(value));
		return span_of(number);
	}
	return SPAN("");
}

/*
 * Only some are true or false: elsewhere false says that there is none. A
 * reason may be an object, whose code says it.
 */
static struct span field_text(const json_t *value, int field,
			      char number[TEXT_BYTES])
{
	bool asked = field == IMPORT_LISTED || field == IMPORT_INACTIVE;

	if (asked && json_is_boolean(value))
		return json_is_true(value) ? SPAN("true") : SPAN("false");
	if (field == IMPORT_REASON && json_is_object(value))
		value = json_object_get(value, "code");
	return value_text(value, number);
}

/* Whether the object names an address; then it is gathered. */
static int take_object(struct import *im, json_t *object, const char *where,
		       bool *taken_r)
{
	struct span fields[IMPORT_FIELD_COUNT] = {{"", 0}};
	char numbers[IMPORT_FIELD_COUNT][TEXT_BYTES];
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	{
		int field = import_field_find(span_of(key));

		if (field >= 0 && fields[field].n == 0)
			fields[field] =
				field_text(value, field, numbers[field]);
	}
	*taken_r = fields[IMPORT_ADDRESS].n > 0;
	return *taken_r ? import_row(im, where, fields) : 0;
}

static int take_array(struct import *im, json_t *array, const char *where)
{
	char item[WHERE_BYTES + 32];
	json_t *value;
	bool taken;
	size_t i;

	json_array_foreach(array, i, value)
	{
		snprintf(item, sizeof(item), "%s, item %zu", where, i + 1);
		taken = false;
		if (json_is_object(value) &&
		    take_object(im, value, item, &taken) != 0)
			return -1;
		if (taken)
			continue;
		if (import_row(im, item,
			       (struct span[IMPORT_FIELD_COUNT]){{"", 0}}) != 0)
			return -1;
	}
	return 0;
}

static bool may_be_address(const json_t *value)
{
	return json_is_string(value) &&
	       strchr(json_string_value(value), '@') != NULL;
}

/*
 * Whether any of it names an address, or has one under a name that we do not
 * know, which is told: an envelope has others, too.
 */
static bool names_addresses(json_t *array)
{
	const char *key;
	json_t *item, *value;
	size_t i;

	json_array_foreach(array, i, item)
	{
		if (may_be_address(item))
			return true;
		json_object_foreach(item, key, value)
		{
			if (import_field_find(span_of(key)) == IMPORT_ADDRESS ||
			    may_be_address(value))
				return true;
		}
	}
	return false;
}

/* Links to the next page, beside the list. */
static bool is_beside(json_t *root, json_t *array)
{
	const char *key;
	json_t *value;

	if (names_addresses(array))
		return false;
	json_object_foreach(root, key, value)
	{
		if (json_is_array(value) && names_addresses(value))
			return true;
	}
	return false;
}

/*
 * An envelope: its arrays are what was asked for, or those of an object in it,
 * as REST interfaces have it: {"data": {"results": [...]}}.
 */
static int take_envelope(struct import *im, json_t *root, const char *where,
			 bool within, bool *taken_r)
{
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value)
	{
		if (within && json_is_object(value) &&
		    take_envelope(im, value, where, false, taken_r) != 0)
			return -1;
		if (!json_is_array(value) || is_beside(root, value))
			continue;
		*taken_r = true;
		if (take_array(im, value, where) != 0)
			return -1;
	}
	return 0;
}

static int take_value(struct import *im, json_t *root, const char *where)
{
	bool taken = false;

	if (json_is_array(root))
		return take_array(im, root, where);
	if (json_is_object(root) && take_object(im, root, where, &taken) != 0)
		return -1;
	if (!taken && take_envelope(im, root, where, true, &taken) != 0)
		return -1;
	return taken ? 0
		     : import_row(im, where,
				  (struct span[IMPORT_FIELD_COUNT]){{"", 0}});
}

static size_t count_lines(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

int import_json(struct import *im, struct span bytes)
{
	struct span rest = span_trim_start(span_skip_mark(bytes));
	struct span before = bytes;
	char where[WHERE_BYTES];
	size_t line = 1;

	if (csv_check_encoding(bytes, &im->err) != 0)
		return error_wrap(&im->err, "%s", im->path);
	while (rest.n > 0) {
		json_error_t bad;
		json_t *root = json_loadb(
			rest.p, rest.n,
			JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &bad);
		int rc;

		/* Each byte is looked at once, however many values there are.
		 */
		line += count_lines(span_cut(before, before.n - rest.n));
		before = rest;
		if (root == NULL)
			return error_set(&im->err, ERROR_MESSAGE, "%s:%zu: %s",
					 im->path, line - 1 + (size_t)bad.line,
					 bad.text);
		snprintf(where, sizeof(where), "%zu", line);
		rc = take_value(im, root, where);
		json_decref(root);
		if (rc != 0)
			return -1;
		rest = span_trim_start(span_from(rest, (size_t)bad.position));
	}
	return 0;
}

int import_json_rest(struct import *im, int fd, struct span begun)
{
	struct buf bytes;
	int rc;

	buf_init(&bytes);
	buf_add(&bytes, begun.p, begun.n);
	rc = fdio_read_all(fd, MAX_JSON_BYTES, &bytes, &im->err);
	if (rc > 0)
		rc = error_set(&im->err, ERROR_MESSAGE,
			       "%s: larger than %zu bytes", im->path,
			       MAX_JSON_BYTES);
	if (rc == 0)
		rc = import_json(im, span_make(bytes.data, bytes.len));
	buf_release(&bytes);
	return rc;
}
