/*
 * conf/dsnd.conf and dsnd.conf(5) against the table of keys and the defaults
 * of the code: a key that one of the three does not have fails here.
 */
#include <string.h>

#include <libconfig.h>

#include "config/key.h"
#include "events/events.h"
#include "run.h"
#include "util/fdio.h"
#include "util/num.h"

/* The shipped file with its defaults and examples taken out of comments. */
static char *uncommented(void)
{
	struct buf file, text;
	struct span rest, line;
	struct error err;

	buf_init(&file);
	buf_init(&text);
	ck_assert_msg(
		fdio_read_file("conf/dsnd.conf", 1024 * 1024, &file, &err) == 0,
		"%s", err.text);
	rest = span_make(file.data, file.len);
	while (span_next_line(&rest, &line)) {
		line = span_trim(line);
		if (line.n > 1 && line.p[0] == '#' && line.p[1] != ' ')
			line = span_from(line, 1);
		buf_add(&text, line.p, line.n);
		buf_add_char(&text, '\n');
	}
	buf_release(&file);
	return buf_detach(&text, NULL);
}

/* The table's path of a setting in a tree. */
static void add_path(const config_setting_t *s, struct buf *out)
{
	const config_setting_t *parent = config_setting_parent(s);
	const char *name = config_setting_name(s);

	if (parent == NULL)
		return;
	add_path(parent, out);
	if (name == NULL)
		return;
	if (out->len > 0)
		buf_add_char(out, '.');
	buf_add_str(out,
		    strcmp(out->data, "policy.reasons.") == 0 ? "*" : name);
}

static bool same_text(const struct config_key *key, struct span a,
		      struct span b)
{
	int64_t x, y;

	if (key->type != CONFIG_DURATION || a.n < 2 || b.n < 2 ||
	    num_duration_s(a.p + 1, a.n - 2, &x) < 0 ||
	    num_duration_s(b.p + 1, b.n - 2, &y) < 0)
		return span_eq(a, b);
	return x == y;
}

/* A scalar or a list of texts, as config_key_format writes them. */
static void add_setting(const config_setting_t *s, struct buf *out)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_INT:
		buf_addf(out, "%d", config_setting_get_int(s));
		return;
	case CONFIG_TYPE_BOOL:
		buf_add_str(out, config_setting_get_bool(s) ? "true" : "false");
		return;
	case CONFIG_TYPE_STRING:
		buf_addf(out, "\"%s\"", config_setting_get_string(s));
		return;
	case CONFIG_TYPE_ARRAY:
		buf_add_char(out, '[');
		for (unsigned i = 0; i < (unsigned)config_setting_length(s);
		     i++) {
			buf_add_str(out, i > 0 ? ", " : " ");
			add_setting(config_setting_get_elem(s, i), out);
		}
		buf_add_str(out, " ]");
		return;
	}
	ck_abort_msg("a setting of an odd type");
}

/* What the code does without the key. */
static void check_default(const struct config_key *key,
			  const config_setting_t *s)
{
	struct config *c = config_default();
	struct mailbox_settings m;
	struct buf expected, got;
	bool in_mailbox = strncmp(key->path, "mailboxes.", 10) == 0;

	mailbox_settings_init(&m);
	buf_init(&expected);
	buf_init(&got);
	config_key_format(key, in_mailbox ? (const void *)&m : c, 0, &expected);
	add_setting(s, &got);
	ck_assert_msg(same_text(key, span_of(got.data), span_of(expected.data)),
		      "%s is %s in conf/dsnd.conf, but %s in the code",
		      key->path, got.data, expected.data);
	buf_release(&got);
	buf_release(&expected);
	config_free(c);
}

/* Examples are not defaults. */
static bool has_default(const struct config_key *key)
{
	return !key->mandatory && !key->secret &&
	       strncmp(key->path, "policy.reasons.", 15) != 0 &&
	       strncmp(key->path, "trust.dkim_keys.", 16) != 0;
}

static void check_settings(const config_setting_t *s, bool *seen)
{
	size_t count;
	const struct config_key *keys = config_keys(&count), *key;
	struct buf path;

	buf_init(&path);
	add_path(s, &path);
	key = config_key_find(path.data);
	if (key != NULL) {
		seen[key - keys] = true;
		if (has_default(key))
			check_default(key, s);
		buf_release(&path);
		return;
	}
	ck_assert_msg(path.len == 0 || config_key_is_group(path.data),
		      "%s is in conf/dsnd.conf, but no key", path.data);
	buf_release(&path);
	for (unsigned i = 0; i < (unsigned)config_setting_length(s); i++)
		check_settings(config_setting_get_elem(s, i), seen);
}

START_TEST(the_shipped_file_has_every_key_and_its_default)
{
	char *text = uncommented();
	bool seen[200] = {false};
	size_t count;
	const struct config_key *keys = config_keys(&count);
	config_t tree;

	ck_assert_uint_le(count, 200);
	config_init(&tree);
	ck_assert_msg(config_read_string(&tree, text) == CONFIG_TRUE,
		      "line %d: %s", config_error_line(&tree),
		      config_error_text(&tree));
	check_settings(config_root_setting(&tree), seen);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(seen[i], "%s is not in conf/dsnd.conf",
			      keys[i].path);
	config_destroy(&tree);
	free(text);
}
END_TEST

START_TEST(every_format_of_a_spool_has_a_reader)
{
	const struct config_key *key = config_key_find("mailboxes.format");
	const char *all = events_formats();

	ck_assert_ptr_nonnull(key);
	for (const char *const *name = key->names; *name != NULL; name++) {
		ck_assert_int_ge(events_format_find(*name), 0);
		ck_assert_ptr_nonnull(strstr(all, *name));
	}
}
END_TEST

START_TEST(the_shipped_file_works_as_it_is)
{
	struct error err;
	struct config *c = config_load("conf/dsnd.conf", &err);

	ck_assert_msg(c != NULL, "%s", err.text);
	ck_assert_uint_eq(c->mailbox_count, 1);
	ck_assert_str_eq(c->mailboxes[0].type, "maildir");
	config_free(c);
}
END_TEST

START_TEST(the_manual_has_every_key_and_no_other)
{
	bool seen[200] = {false};
	size_t count;
	const struct config_key *keys = config_keys(&count);
	struct buf file;
	struct span rest, line;
	struct error err;

	buf_init(&file);
	ck_assert_msg(fdio_read_file("man/dsnd.conf.5", 1024 * 1024, &file,
				     &err) == 0,
		      "%s", err.text);
	rest = span_make(file.data, file.len);
	while (span_next_line(&rest, &line)) {
		char path[100];
		const struct config_key *key;

		if (!span_starts_ci(line, SPAN(".It Ic ")))
			continue;
		(void)snprintf(path, sizeof(path), "%.*s", (int)line.n - 7,
			       line.p + 7);
		key = config_key_find(path);
		ck_assert_msg(key != NULL, "%s is in dsnd.conf(5), but no key",
			      path);
		seen[key - keys] = true;
	}
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(seen[i], "%s is not in dsnd.conf(5)",
			      keys[i].path);
	buf_release(&file);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_shipped_file_has_every_key_and_its_default,
		every_format_of_a_spool_has_a_reader,
		the_shipped_file_works_as_it_is,
		the_manual_has_every_key_and_no_other,
	};

	return RUN_TESTS("config/documents", tests);
}
