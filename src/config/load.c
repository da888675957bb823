/*
 * Walks the tree that libconfig made of the file. Whatever the table does not
 * know is refused: a key with a slip in its name must not be a default.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "util/fdio.h"
#include "util/syntax.h"
#include "util/xalloc.h"

int config_refuse(const struct config_reader *r, const config_setting_t *s,
		  const char *shown, const char *allowed, const char *fmt, ...)
{
	const char *file = config_setting_source_file(s);
	char what[300];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	/* The main file has no name for libconfig; others have a bare one. */
	return error_set(r->err, ERROR_FATAL, "%s%s%s:%u: %s: %s%s%s",
			 file != NULL ? r->folder : r->path,
			 file != NULL ? "/" : "", file != NULL ? file : "",
			 config_setting_source_line(s), shown, what,
			 allowed != NULL ? "; allowed is " : "",
			 allowed != NULL ? allowed : "");
}

static int read_group(const struct config_reader *r, const config_setting_t *s,
		      const struct config_place *place);

static int require_type(const struct config_reader *r,
			const config_setting_t *s,
			const struct config_place *place, int type,
			const char *allowed)
{
	if (config_setting_type(s) == type)
		return 0;
	return config_refuse(r, s, place->shown, allowed,
			     "has another type than it needs");
}

static int refuse_unknown(const struct config_reader *r,
			  const config_setting_t *s,
			  const struct config_place *place, const char *group)
{
	struct buf names;

	buf_init(&names);
	config_key_names(group, &names);
	config_refuse(r, s, place->shown, names.data, "is no known key");
	buf_release(&names);
	return -1;
}

/* Each key that the group must have and has not. */
static int require_keys(const struct config_reader *r,
			const config_setting_t *s,
			const struct config_place *place,
			const char *mailbox_type)
{
	size_t count, n = strlen(place->key);
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; i < count; i++) {
		const struct config_key *k = &keys[i];
		struct buf allowed;

		if (!k->mandatory || strncmp(k->path, place->key, n) != 0 ||
		    k->path[n] != '.' || !config_key_is_for(k, mailbox_type) ||
		    config_setting_get_member(s, k->path + n + 1) != NULL)
			continue;
		buf_init(&allowed);
		config_key_allowed(k, &allowed);
		config_refuse(r, s, place->shown, allowed.data, "%s is missing",
			      k->path + n + 1);
		buf_release(&allowed);
		return -1;
	}
	return 0;
}

static struct config_place element(const struct config_reader *r,
				   const struct config_place *list, unsigned i,
				   void *base)
{
	struct config_place place = *list;

	place.shown = arena_printf(&r->config->arena, "%s[%u]", list->shown, i);
	place.base = base;
	return place;
}

static int read_mailboxes(const struct config_reader *r,
			  const config_setting_t *s,
			  const struct config_place *place)
{
	struct config *c = r->config;
	int count = config_setting_length(s);

	if (require_type(r, s, place, CONFIG_TYPE_LIST,
			 "a list of groups: ( { ... }, { ... } )") < 0)
		return -1;
	if (count > CONFIG_MAX_MAILBOXES)
		return config_refuse(r, s, place->shown, "0 to 256 of them",
				     "there are %d", count);
	c->mailboxes =
		arena_array(&c->arena, (size_t)count, sizeof(*c->mailboxes));
	c->mailbox_count = (size_t)count;
	for (unsigned i = 0; i < c->mailbox_count; i++) {
		const config_setting_t *e = config_setting_get_elem(s, i);
		struct mailbox_settings *m = &c->mailboxes[i];
		struct config_place here = element(r, place, i, m);

		mailbox_settings_init(m);
		if (read_group(r, e, &here) < 0 ||
		    config_check_mailbox(r, e, &here) < 0 ||
		    require_keys(r, e, &here, m->type) < 0)
			return -1;
	}
	return 0;
}

static int read_dkim_keys(const struct config_reader *r,
			  const config_setting_t *s,
			  const struct config_place *place)
{
	struct trust_settings *trust = &r->config->policy.trust;
	unsigned count = (unsigned)config_setting_length(s);
	struct trust_dkim_key *keys =
		arena_array(&r->config->arena, count, sizeof(*keys));

	if (require_type(r, s, place, CONFIG_TYPE_LIST,
			 "a list of groups: ( { ... }, { ... } )") < 0)
		return -1;
	for (unsigned i = 0; i < count; i++) {
		const config_setting_t *e = config_setting_get_elem(s, i);
		struct config_place here = element(r, place, i, &keys[i]);

		keys[i].type = "rsa";
		if (read_group(r, e, &here) < 0 ||
		    require_keys(r, e, &here, "") < 0)
			return -1;
	}
	trust->dkim_keys = keys;
	trust->dkim_key_count = count;
	return 0;
}

static int read_reasons(const struct config_reader *r,
			const config_setting_t *s,
			const struct config_place *place)
{
	if (require_type(r, s, place, CONFIG_TYPE_GROUP,
			 "a group of reasons: { name = { ... }; }") < 0)
		return -1;
	for (unsigned i = 0; i < (unsigned)config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, i);
		const char *name = config_setting_name(e);
		struct config_place here = *place;
		int reason = reason_find(span_of(name));

		here.shown = arena_printf(&r->config->arena, "%s.%s",
					  place->shown, name);
		here.key = "policy.reasons.*";
		if (reason < 0 ||
		    reason_info((enum reason)reason)->class_ == VERDICT_NONE)
			return config_refuse(r, e, here.shown,
					     "a reason of dsnd-rules(5) that "
					     "is a failure",
					     "is no such reason");
		here.index = (size_t)reason;
		if (read_group(r, e, &here) < 0)
			return -1;
	}
	return 0;
}

/* Groups that are more than their keys. */
static const struct {
	const char *key;
	int (*read)(const struct config_reader *, const config_setting_t *,
		    const struct config_place *);
} groups[] = {
	{"mailboxes", read_mailboxes},
	{"policy.reasons", read_reasons},
	{"trust.dkim_keys", read_dkim_keys},
};

static int read_child(const struct config_reader *r, const config_setting_t *s,
		      const struct config_place *place, const char *group)
{
	const struct config_key *key = config_key_find(place->key);

	if (key != NULL)
		return config_value_read(r, key, s, place);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (strcmp(groups[i].key, place->key) == 0)
			return groups[i].read(r, s, place);
	if (config_key_is_group(place->key))
		return read_group(r, s, place);
	return refuse_unknown(r, s, place, group);
}

static int read_group(const struct config_reader *r, const config_setting_t *s,
		      const struct config_place *place)
{
	struct arena *arena = &r->config->arena;
	const char *dot = place->key[0] != '\0' ? "." : "";

	if (require_type(r, s, place, CONFIG_TYPE_GROUP,
			 "a group of keys: { key = value; }") < 0)
		return -1;
	for (unsigned i = 0; i < (unsigned)config_setting_length(s); i++) {
		const config_setting_t *child = config_setting_get_elem(s, i);
		const char *name = config_setting_name(child);
		struct config_place here = *place;

		here.shown =
			arena_printf(arena, "%s%s%s", place->shown, dot, name);
		here.key = arena_printf(arena, "%s%s%s", place->key, dot, name);
		if (read_child(r, child, &here, place->key) < 0)
			return -1;
	}
	return 0;
}

static int read_tree(const struct config_reader *r, config_t *tree)
{
	const config_setting_t *root = config_root_setting(tree);
	const config_setting_t *mailboxes = config_lookup(tree, "mailboxes");
	struct config_place top = {"", "", r->config, 0};

	if (read_group(r, root, &top) < 0)
		return -1;
	if (mailboxes == NULL)
		return error_set(r->err, ERROR_FATAL,
				 "%s:1: mailboxes: is missing; allowed is a "
				 "list of groups: ( { ... }, { ... } ), or () "
				 "where only dsnctl ingest takes mail",
				 r->path);
	return config_check(r, mailboxes);
}

static int refuse_syntax(const struct config_reader *r, const config_t *tree,
			 struct span all)
{
	const char *file = config_error_file(tree);
	struct buf path, what, included;
	unsigned line;

	buf_init(&path);
	buf_init(&what);
	buf_init(&included);
	buf_addf(&path, "%s%s%s", file != NULL ? r->folder : r->path,
		 file != NULL ? "/" : "", file != NULL ? file : "");
	/* What libconfig could read can be read again. */
	if (file != NULL && fdio_read_file(path.data, CONFIG_MAX_FILE_BYTES,
					   &included, NULL) == 0)
		all = span_make(included.data, included.len);
	line = syntax_fault(all, config_error_text(tree), &what);
	error_set(r->err, ERROR_FATAL, "%s:%u: %s", path.data,
		  line ? line : (unsigned)config_error_line(tree), what.data);
	buf_release(&included);
	buf_release(&what);
	buf_release(&path);
	return -1;
}

static int read_file(const struct config_reader *r)
{
	struct span all;
	struct buf text;
	config_t tree;
	int rc = -1;

	buf_init(&text);
	config_init(&tree);
	config_set_include_dir(&tree, r->folder);
	if (fdio_read_file(r->path, CONFIG_MAX_FILE_BYTES, &text, r->err) < 0)
		goto out;
	/* Editors put a mark there that nobody sees. */
	all = span_skip_mark(span_make(text.data, text.len));
	if (config_scan(r, all) < 0)
		goto out;
	rc = config_read_string(&tree, all.p) == CONFIG_TRUE
		     ? read_tree(r, &tree)
		     : refuse_syntax(r, &tree, all);
out:
	config_destroy(&tree);
	buf_release(&text);
	return rc;
}

struct config *config_default(void)
{
	static const char *const none[] = {NULL};
	struct config *c = xcalloc(1, sizeof(*c));

	arena_init(&c->arena);
	c->path = "";
	c->database = "/var/lib/dsnd/dsnd.db";
	c->rules_dir = "/etc/dsnd/rules.d";
	c->user = "";
	c->log_level = LOG_LEVEL_INFO;
	c->log_target = LOG_TARGET_STDERR;
	c->metrics_file = "";
	c->token_key_file = "";
	c->changes.command = none;
	c->changes.timeout_s = 60;
	parser_settings_init(&c->parser);
	policy_settings_init(&c->policy);
	c->daemon.batch_messages = 100;
	c->daemon.batch_bytes = 4 * 1024 * 1024;
	c->daemon.batch_ms = 1000;
	c->daemon.reader_deadline_s = 120;
	c->daemon.restart_first_s = 1;
	c->daemon.restart_most_s = 300;
	c->daemon.stop_deadline_s = 20;
	c->daemon.housekeeping_s = 60;
	c->retention.history_s = 400 * 86400;
	c->retention.quarantine_s = 90 * 86400;
	return c;
}

struct config *config_load(const char *path, struct error *err)
{
	char *folder = fdio_folder_of(path);
	struct config *c = config_default();
	struct config_reader r = {.config = c, .err = err};

	c->path = arena_strdup(&c->arena, path);
	r.path = c->path;
	r.folder = arena_strdup(&c->arena, folder);
	free(folder);
	if (read_file(&r) == 0) {
		/* An empty program is one to be found. */
		if (c->parser.program != NULL && c->parser.program[0] == '\0')
			c->parser.program = NULL;
		return c;
	}
	config_free(c);
	return NULL;
}

void config_free(struct config *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->policy.trust.key_count; i++) {
		struct span secret = c->policy.trust.keys[i].secret;

		explicit_bzero((char *)(uintptr_t)secret.p, secret.n);
	}
	arena_release(&c->arena);
	free(c);
}
