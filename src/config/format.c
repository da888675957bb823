/*
 * Values back to the text of the file: to show what is in force, to tell
 * whether a reload changes anything, and to hold the documents to the code.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "config/key.h"
#include "util/num.h"

static int64_t load_integer(const void *from, size_t width)
{
	int32_t narrow;
	int64_t value;

	if (width == sizeof(narrow)) {
		memcpy(&narrow, from, sizeof(narrow));
		return narrow;
	}
	memcpy(&value, from, sizeof(value));
	return value;
}

static void add_quoted(struct buf *out, const char *text)
{
	buf_add_char(out, '"');
	for (; text != NULL && *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *text);
	}
	buf_add_char(out, '"');
}

static void add_duration(const struct config_key *key, int64_t value,
			 struct buf *out)
{
	char text[NUM_TIME_BYTES];

	if (value == EXPIRY_STEPS && key->steps) {
		buf_add_str(out, "\"steps\"");
		return;
	}
	switch (key->unit) {
	case CONFIG_SECONDS:
		break;
	case CONFIG_MILLISECONDS:
		value /= 1000;
		break;
	case CONFIG_HOURS:
		value *= 3600;
		break;
	case CONFIG_DAYS:
		value *= 86400;
		break;
	}
	add_quoted(out, num_duration_format(value, text));
}

static void add_disposition(const struct disposition *d, struct buf *out)
{
	switch (d->disposal) {
	case DISPOSAL_KEEP:
		buf_add_str(out, "\"keep\"");
		break;
	case DISPOSAL_DELETE:
		buf_add_str(out, "\"delete\"");
		break;
	case DISPOSAL_MOVE:
		buf_addf(out, "\"move:%s\"", d->folder);
		break;
	}
}

static const char *load_text(const void *from)
{
	const char *text;

	memcpy(&text, from, sizeof(text));
	return text;
}

static void add_value(const struct config_key *key, const void *from,
		      struct buf *out)
{
	char text[NUM_TIME_BYTES];

	switch (key->type) {
	case CONFIG_BOOL:
		buf_add_str(out, *(const bool *)from ? "true" : "false");
		break;
	case CONFIG_NUMBER:
		buf_addf(out, "%" PRId64, load_integer(from, key->width));
		break;
	case CONFIG_DURATION:
		add_duration(key, load_integer(from, key->width), out);
		break;
	case CONFIG_SIZE:
		add_quoted(out, num_size_format(load_integer(from, key->width),
						text));
		break;
	case CONFIG_CHOICE:
		add_quoted(out, key->names[load_integer(from, key->width)]);
		break;
	case CONFIG_DISPOSITION:
		add_disposition(from, out);
		break;
	case CONFIG_WORD:
	case CONFIG_TEXT:
	case CONFIG_NAME:
	case CONFIG_PATH:
	case CONFIG_DOMAIN:
	case CONFIG_HEADER:
	case CONFIG_NETWORK:
	case CONFIG_SECRET_FILE:
	case CONFIG_FINGERPRINT:
		add_quoted(out, load_text(from));
		break;
	}
}

static void add_durations(const struct config_key *key, const char *base,
			  struct buf *out)
{
	unsigned count;

	memcpy(&count, base + key->count_offset, sizeof(count));
	for (unsigned i = 0; i < count; i++) {
		buf_add_str(out, i > 0 ? ", " : " ");
		add_value(key, base + key->offset + i * key->width, out);
	}
}

static void add_texts(const struct config_key *key, const char *base,
		      struct buf *out)
{
	const char *const *texts;

	memcpy(&texts, base + key->offset, sizeof(texts));
	for (size_t i = 0; texts != NULL && texts[i] != NULL; i++) {
		buf_add_str(out, i > 0 ? ", " : " ");
		add_quoted(out, texts[i]);
	}
}

void config_key_format(const struct config_key *key, const void *base,
		       size_t index, struct buf *out)
{
	const char *bytes = base;

	if (!key->list) {
		add_value(key, bytes + key->offset + index * key->width, out);
		return;
	}
	buf_add_char(out, '[');
	if (key->type == CONFIG_DURATION)
		add_durations(key, bytes, out);
	else
		add_texts(key, bytes, out);
	buf_add_str(out, " ]");
}

/* Every key of one element or, with "", every key that readers share. */
static void add_all(struct span group, const void *base, size_t indices,
		    struct buf *out)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		struct span path = span_of(keys[i].path);
		bool element = span_starts_ci(path, SPAN("mailboxes.")) ||
			       span_starts_ci(path, SPAN("changes.")) ||
			       span_starts_ci(path, SPAN("trust.dkim_keys.")) ||
			       span_starts_ci(path, SPAN("policy.reasons."));

		if (group.n > 0 ? !span_starts_ci(path, group) : element)
			continue;
		for (size_t j = 0; j < indices; j++) {
			buf_addf(out, "%s = ", keys[i].path);
			config_key_format(&keys[i], base, j, out);
			buf_add_char(out, '\n');
		}
	}
}

void config_mailbox_digest(const struct config *c, size_t mailbox,
			   uint8_t out[HASH_SHA256_BYTES])
{
	const struct trust_settings *trust = &c->policy.trust;
	struct buf text;
	struct stat st;

	buf_init(&text);
	add_all(span_make("", 0), c, 1, &text);
	add_all(SPAN("policy.reasons."), c, REASON_COUNT, &text);
	for (size_t i = 0; i < trust->dkim_key_count; i++)
		add_all(SPAN("trust.dkim_keys."), &trust->dkim_keys[i], 1,
			&text);
	add_all(SPAN("mailboxes."), &c->mailboxes[mailbox], 1, &text);
	if (c->token_key_file[0] != '\0' && stat(c->token_key_file, &st) == 0)
		buf_addf(&text, "%lld %lld\n", (long long)st.st_ino,
			 (long long)st.st_mtime);
	hash_sha256(text.data, text.len, out);
	buf_release(&text);
}

void config_changes_digest(const struct config *c,
			   uint8_t out[HASH_SHA256_BYTES])
{
	struct buf text;

	buf_init(&text);
	add_all(span_make("", 0), c, 1, &text);
	add_all(SPAN("changes."), c, 1, &text);
	hash_sha256(text.data, text.len, out);
	buf_release(&text);
}
