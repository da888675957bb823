/*
 * What no key can know alone: that two mailboxes are one, that a type has no
 * driver, that a key belongs to mailboxes of another type, that two numbers
 * contradict each other.
 */
#include <stdio.h>
#include <string.h>

#include "config/reader.h"
#include "parser/wire.h"

/*
 * Every type has keys of its own. The drivers are not asked: who only looks at
 * the configuration need not link what speaks IMAP.
 */
static bool has_driver(const struct mailbox_settings *m)
{
	size_t count;
	const struct config_key *keys = config_keys(&count);

	for (size_t i = 0; m->type != NULL && i < count; i++)
		if (keys[i].mailbox_type != NULL &&
		    strcmp(keys[i].mailbox_type, m->type) == 0)
			return true;
	return false;
}

/* A key that would be ignored is as bad as one that is not known. */
static int check_keys_of_type(const struct config_reader *r,
			      const config_setting_t *s,
			      const struct config_place *place)
{
	const struct mailbox_settings *m = place->base;

	for (unsigned i = 0; i < (unsigned)config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, i);
		const char *path =
			arena_printf(&r->config->arena, "mailboxes.%s",
				     config_setting_name(e));
		const struct config_key *key = config_key_find(path);

		if (key == NULL || key->mailbox_type == NULL ||
		    strcmp(key->mailbox_type, m->type) == 0)
			continue;
		return config_refuse(r, e, place->shown, NULL,
				     "%s is for mailboxes of type \"%s\" only",
				     config_setting_name(e), key->mailbox_type);
	}
	return 0;
}

int config_check_mailbox(const struct config_reader *r,
			 const config_setting_t *s,
			 const struct config_place *place)
{
	const struct mailbox_settings *m = place->base;
	const config_setting_t *type = config_setting_get_member(s, "type");

	if (type == NULL) /* said so by whoever requires keys */
		return config_refuse(r, s, place->shown,
				     "the type of a mailbox, such as "
				     "\"maildir\"",
				     "type is missing");
	if (!has_driver(m))
		return config_refuse(r, type, place->shown,
				     "a type that it has, such as \"maildir\"",
				     "type: this build has no driver for "
				     "mailboxes of type \"%s\"",
				     m->type);
	return check_keys_of_type(r, s, place);
}

/* Compares paths as written, but for needless slashes. */
static bool same_path(const char *a, const char *b)
{
	for (;;) {
		while (a[0] == '/' && (a[1] == '/' || a[1] == '\0'))
			a++;
		while (b[0] == '/' && (b[1] == '/' || b[1] == '\0'))
			b++;
		if (*a != *b || *a == '\0')
			return *a == *b;
		a++;
		b++;
	}
}

static bool is_maildir(const struct mailbox_settings *m)
{
	return m->path != NULL && m->path[0] != '\0';
}

static int check_pair(const struct config_reader *r, const config_setting_t *s,
		      unsigned i, unsigned j)
{
	const struct mailbox_settings *a = &r->config->mailboxes[i];
	const struct mailbox_settings *b = &r->config->mailboxes[j];
	const config_setting_t *second = config_setting_get_elem(s, j);
	char shown[32];

	(void)snprintf(shown, sizeof(shown), "mailboxes[%u]", j);
	if (strcmp(a->name, b->name) == 0)
		return config_refuse(r, second, shown, "a name of its own",
				     "name \"%s\" is that of mailboxes[%u]",
				     b->name, i);
	if (is_maildir(a) && is_maildir(b) && same_path(a->path, b->path))
		return config_refuse(r, second, shown, "a folder of its own",
				     "path \"%s\" is that of mailboxes[%u]",
				     b->path, i);
	return 0;
}

/* Two numbers that contradict each other, told at the one that is there. */
static int refuse_pair(const struct config_reader *r,
		       const config_setting_t *root, const char *key,
		       const char *other, const char *what, const char *allowed)
{
	const config_setting_t *s =
		config_setting_lookup((config_setting_t *)(uintptr_t)root, key);

	if (s == NULL)
		s = config_setting_lookup((config_setting_t *)(uintptr_t)root,
					  other);
	return config_refuse(r, s, key, allowed, "%s", what);
}

/* The parser takes a fixed number of them. */
static int check_campaign_headers(const struct config_reader *r,
				  const config_setting_t *root)
{
	static const char key[] = "report.campaign_headers";
	const char *const *names = r->config->parser.report.campaign_headers;
	size_t count = 0;

	while (names[count] != NULL)
		count++;
	if (count <= WIRE_MAX_CAMPAIGN_HEADERS)
		return 0;
	return config_refuse(
		r,
		config_setting_lookup((config_setting_t *)(uintptr_t)root, key),
		key, "up to 64 of them", "there are %zu", count);
}

int config_check(const struct config_reader *r,
		 const config_setting_t *mailboxes)
{
	const config_setting_t *root = config_setting_parent(mailboxes);
	struct config *c = r->config;

	for (unsigned j = 1; j < c->mailbox_count; j++)
		for (unsigned i = 0; i < j; i++)
			if (check_pair(r, mailboxes, i, j) < 0)
				return -1;
	if (c->policy.soft.min_span_s > c->policy.soft.window_s)
		return refuse_pair(r, root, "policy.soft.min_span",
				   "policy.soft.window",
				   "is longer than policy.soft.window, so that "
				   "nothing would ever be promoted",
				   "up to the window");
	if (c->daemon.restart_first_s > c->daemon.restart_most_s)
		return refuse_pair(
			r, root, "daemon.restart_first", "daemon.restart_most",
			"is longer than daemon.restart_most", "up to that");
	return check_campaign_headers(r, root);
}
