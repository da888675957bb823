/*
 * Questions about the table of keys, and the sentences of its errors.
 */
#include "config/key.h"

#include <inttypes.h>
#include <string.h>

#include "util/num.h"

const struct config_key *config_key_find(const char *path)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(keys[i].path, path) == 0)
			return &keys[i];
	return NULL;
}

bool config_key_is_for(const struct config_key *key, const char *type)
{
	struct span types, word;

	if (key->mailbox_types == NULL)
		return true;
	types = span_of(key->mailbox_types);
	while (span_next_word(&types, &word))
		if (span_eq(word, span_of(type)))
			return true;
	return false;
}

/* What of key's path lies below a group; NULL where it does not. */
static const char *below(const struct config_key *key, const char *group)
{
	size_t n = strlen(group);

	if (n == 0)
		return key->path;
	if (strncmp(key->path, group, n) != 0 || key->path[n] != '.')
		return NULL;
	return key->path + n + 1;
}

bool config_key_is_group(const char *path)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++)
		if (below(&keys[i], path) != NULL)
			return true;
	return false;
}

void config_key_names(const char *group, struct buf *out)
{
	struct span last = span_make("", 0);
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		struct span name = span_of(below(&keys[i], group));

		name = span_cut(name, span_find_char(name, '.'));
		if (name.n == 0 || span_eq(name, last))
			continue;
		if (last.n > 0)
			buf_add_str(out, ", ");
		buf_add(out, name.p, name.n);
		last = name;
	}
}

static void add_range(const struct config_key *key, struct buf *out,
		      char *(*format)(int64_t, char[NUM_TIME_BYTES]))
{
	char min[NUM_TIME_BYTES], max[NUM_TIME_BYTES];

	buf_addf(out, ", from \"%s\" to \"%s\"", format(key->min, min),
		 format(key->max, max));
}

static void add_duration(const struct config_key *key, struct buf *out)
{
	buf_add_str(out, "a duration with its unit, such as \"90s\", \"5m\", "
			 "\"72h\" or \"30d\"");
	if (key->unit == CONFIG_HOURS)
		buf_add_str(out, ", in whole hours");
	else if (key->unit == CONFIG_DAYS)
		buf_add_str(out, ", in whole days");
	add_range(key, out, num_duration_format);
	if (key->never)
		buf_add_str(out, ", or \"never\"");
	if (key->steps)
		buf_add_str(out, ", or \"steps\"");
}

static void add_names(const struct config_key *key, struct buf *out)
{
	for (size_t i = 0; key->names[i] != NULL; i++)
		buf_addf(out, "%s\"%s\"", i > 0 ? ", " : "one of ",
			 key->names[i]);
}

void config_key_allowed(const struct config_key *key, struct buf *out)
{
	if (key->list)
		buf_add_str(out, "a list [ ..., ... ] of these: ");
	switch (key->type) {
	case CONFIG_BOOL:
		buf_add_str(out, "true or false");
		break;
	case CONFIG_NUMBER:
		buf_addf(out, "a whole number from %" PRId64 " to %" PRId64,
			 key->min, key->max);
		break;
	case CONFIG_DURATION:
		add_duration(key, out);
		break;
	case CONFIG_SIZE:
		buf_add_str(out, "a size with its unit, such as \"64kB\", "
				 "\"4MB\" or \"1GB\"");
		add_range(key, out, num_size_format);
		break;
	case CONFIG_CHOICE:
	case CONFIG_WORD:
		add_names(key, out);
		break;
	case CONFIG_DISPOSITION:
		buf_add_str(out, "\"move:FOLDER\", \"delete\" or \"keep\"");
		break;
	case CONFIG_TEXT:
		buf_addf(out,
			 "text in quotes of %" PRId64 " to %" PRId64 " bytes",
			 key->min, key->max);
		break;
	case CONFIG_NAME:
		buf_addf(out,
			 "a name in quotes of %" PRId64 " to %" PRId64
			 " letters, digits, \"-\", \"_\" and \".\"",
			 key->min, key->max);
		break;
	case CONFIG_PATH:
		buf_add_str(out, "an absolute path in quotes");
		break;
	case CONFIG_DOMAIN:
		buf_add_str(out, "a host or domain name in quotes, such as "
				 "\"example.com\"");
		break;
	case CONFIG_HEADER:
		buf_add_str(out, "the name of a header field in quotes, such "
				 "as \"X-Campaign\"");
		break;
	case CONFIG_NETWORK:
		buf_add_str(out, "a network in quotes, such as "
				 "\"192.0.2.0/24\" or \"2001:db8::/32\"");
		break;
	case CONFIG_SECRET_FILE:
		buf_add_str(out, "an absolute path in quotes, or the name of a "
				 "credential of the service");
		break;
	case CONFIG_FINGERPRINT:
		buf_add_str(out, "\"sha256:\" and 64 hexadecimal digits, or "
				 "\"\" for none");
		break;
	}
	if (!key->list && key->min == 0 &&
	    (key->type == CONFIG_PATH || key->type == CONFIG_DOMAIN ||
	     key->type == CONFIG_HEADER))
		buf_add_str(out, ", or \"\" for none");
}
