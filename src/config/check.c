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
		if (keys[i].mailbox_types != NULL &&
		    config_key_is_for(&keys[i], m->type))
			return true;
	return false;
}

/* "imap" or "pop3", as they stand in the table. */
static const char *types_of(const struct config_reader *r,
			    const struct config_key *key)
{
	struct span types = span_of(key->mailbox_types), word;
	const char *text = "";

	while (span_next_word(&types, &word))
		text = arena_printf(&r->config->arena, "%s%s\"%.*s\"", text,
				    text[0] != '\0' ? " or " : "", (int)word.n,
				    word.p);
	return text;
}

/*
 * A key that would be ignored is as bad as one that is not known. Counts the
 * secrets that are there.
 */
static int check_keys_of_type(const struct config_reader *r,
			      const config_setting_t *s,
			      const struct config_place *place,
			      unsigned *secrets_r)
{
	const struct mailbox_settings *m = place->base;

	*secrets_r = 0;
	for (unsigned i = 0; i < (unsigned)config_setting_length(s); i++) {
		const config_setting_t *e = config_setting_get_elem(s, i);
		const char *path =
			arena_printf(&r->config->arena, "mailboxes.%s",
				     config_setting_name(e));
		const struct config_key *key = config_key_find(path);

		if (key == NULL)
			continue;
		if (!config_key_is_for(key, m->type))
			return config_refuse(
				r, e, place->shown, NULL,
				"%s is for mailboxes of type %s only",
				config_setting_name(e), types_of(r, key));
		*secrets_r += key->secret;
	}
	return 0;
}

static bool is_program(const char *const *command)
{
	return command[0] == NULL || command[0][0] == '/';
}

static bool is_token_mechanism(const char *auth)
{
	return strcmp(auth, "oauthbearer") == 0 || strcmp(auth, "xoauth2") == 0;
}

/* How somebody logs in. */
static int check_login(const struct config_reader *r, const config_setting_t *s,
		       const struct config_place *place, unsigned secrets)
{
	const struct mailbox_settings *m = place->base;
	bool token = m->token_file[0] != '\0' || m->token_command[0] != NULL;

	if (secrets != 1 || (m->password_file[0] == '\0' &&
			     m->password_command[0] == NULL && !token))
		return config_refuse(r, s, place->shown,
				     "exactly one of password_file, "
				     "password_command, token_file and "
				     "token_command",
				     "%s to log in with",
				     secrets > 1 ? "there are several ways"
						 : "there is nothing");
	if (!is_program(m->password_command) || !is_program(m->token_command))
		return config_refuse(r, s, place->shown,
				     "[ \"/absolute/path\", \"argument\" ]",
				     "the command is no program");
	if (strcmp(m->auth, "auto") != 0 &&
	    is_token_mechanism(m->auth) != token)
		return config_refuse(r, s, place->shown,
				     token ? "\"auto\", \"oauthbearer\" or "
					     "\"xoauth2\""
					   : "\"auto\" or one that takes a "
					     "password",
				     "auth: \"%s\" takes no %s", m->auth,
				     token ? "token" : "password");
	return 0;
}

static int check_folders(const struct config_reader *r,
			 const config_setting_t *s,
			 const struct config_place *place)
{
	const struct mailbox_settings *m = place->base;
	const char *const *f = m->folders;

	if (f[0] != NULL && config_setting_get_member(s, "folder") != NULL)
		return config_refuse(r, s, place->shown, "one of the two",
				     "folder and folders are both there");
	for (size_t j = 1; f[0] != NULL && f[j] != NULL; j++)
		for (size_t i = 0; i < j; i++)
			if (strcmp(f[i], f[j]) == 0)
				return config_refuse(r, s, place->shown,
						     "each of them once",
						     "folders: \"%s\" is "
						     "there twice",
						     f[j]);
	return 0;
}

static struct span folder_name(const char *folder)
{
	return span_of(folder[0] == '.' ? folder + 1 : folder);
}

static bool same_folder(const char *a, const char *b)
{
	struct span x = folder_name(a), y = folder_name(b);

	return span_eq(x, y) ||
	       (span_eq_ci(x, SPAN("INBOX")) && span_eq_ci(x, y));
}

static bool is_read(const struct mailbox_settings *m, const char *folder)
{
	if (m->folders[0] == NULL)
		return same_folder(folder, m->folder);
	for (const char *const *f = m->folders; *f != NULL; f++)
		if (same_folder(folder, *f))
			return true;
	return false;
}

/* What is moved to where it is read from comes again and again. */
static int check_moves(const struct config_reader *r, const config_setting_t *s,
		       const struct config_place *place)
{
	const struct mailbox_settings *m = place->base;
	const struct {
		const char *key;
		const struct disposition *to;
	} moves[] = {{"processed", &m->processed},
		     {"unrecognised", &m->unrecognised}};

	if (strcmp(m->type, "imap") != 0)
		return 0;
	for (size_t i = 0; i < 2; i++)
		if (moves[i].to->disposal == DISPOSAL_MOVE &&
		    is_read(m, moves[i].to->folder))
			return config_refuse(r, s, place->shown,
					     "a folder that is not read",
					     "%s: folder \"%s\" is one that is "
					     "read",
					     moves[i].key, moves[i].to->folder);
	return 0;
}

/* A maildrop has no folders, and what is deleted there is gone: say it. */
static int check_dispositions(const struct config_reader *r,
			      const config_setting_t *s,
			      const struct config_place *place)
{
	const struct mailbox_settings *m = place->base;

	if (strcmp(m->type, "pop3") != 0)
		return 0;
	if (m->processed.disposal == DISPOSAL_MOVE)
		return config_refuse(r, s, place->shown,
				     "processed = \"delete\" or \"keep\"",
				     "processed: POP3 has no folders to move "
				     "messages to");
	if (m->unrecognised.disposal == DISPOSAL_MOVE)
		return config_refuse(
			r, s, place->shown,
			"unrecognised = \"delete\" or \"keep\"",
			"unrecognised: POP3 has no folders to move "
			"messages to");
	return 0;
}

int config_check_mailbox(const struct config_reader *r,
			 const config_setting_t *s,
			 const struct config_place *place)
{
	const struct mailbox_settings *m = place->base;
	const config_setting_t *type = config_setting_get_member(s, "type");
	unsigned secrets = 0;

	if (type == NULL) /* said so by whoever requires keys */
		return config_refuse(r, s, place->shown,
				     "the type of a mailbox, such as "
				     "\"maildir\"",
				     "type is missing");
	if (!has_driver(m))
		return config_refuse(r, type, place->shown,
				     "\"maildir\", \"imap\", \"pop3\" or "
				     "\"spool\"",
				     "type: this build has no driver for "
				     "mailboxes of type \"%s\"",
				     m->type);
	if (check_keys_of_type(r, s, place, &secrets) < 0 ||
	    check_folders(r, s, place) < 0 || check_moves(r, s, place) < 0 ||
	    check_dispositions(r, s, place) < 0)
		return -1;
	/* What logs in has a user; its absence is told of elsewhere. */
	return m->user[0] != '\0' ? check_login(r, s, place, secrets) : 0;
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

static bool is_folder(const struct mailbox_settings *m)
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
	if (is_folder(a) && is_folder(b) && same_path(a->path, b->path))
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
static int check_count(const struct config_reader *r,
		       const config_setting_t *root, const char *key,
		       const char *const *list)
{
	size_t count = 0;

	while (list != NULL && list[count] != NULL)
		count++;
	if (count <= WIRE_MAX_LIST)
		return 0;
	return config_refuse(
		r,
		config_setting_lookup((config_setting_t *)(uintptr_t)root, key),
		key, "up to 64 of them", "there are %zu", count);
}

/* "bounces+{local}={domain}@example.com" */
static bool is_verp(struct span s)
{
	size_t local = span_find(s, SPAN("{local}"));
	size_t domain = span_find(s, SPAN("{domain}"));
	size_t star = span_find_char(s, '*');

	return local != SPAN_NONE && domain != SPAN_NONE &&
	       domain > local + 7 &&
	       span_find_char(span_from(s, domain), '@') != SPAN_NONE &&
	       (star == SPAN_NONE || star + 1 < local);
}

static int check_verp(const struct config_reader *r,
		      const config_setting_t *root)
{
	static const char key[] = "report.verp";
	const char *const *list = r->config->parser.report.verp;
	const config_setting_t *s =
		config_setting_lookup((config_setting_t *)(uintptr_t)root, key);

	if (check_count(r, root, key, list) < 0)
		return -1;
	for (; list != NULL && *list != NULL; list++)
		if (!is_verp(span_of(*list)))
			return config_refuse(
				r, s, key,
				"\"bounces+{local}={domain}@example.com\"",
				"\"%s\" does not say where the recipient "
				"stands",
				*list);
	return 0;
}

static int check_changes(const struct config_reader *r,
			 const config_setting_t *root)
{
	static const char key[] = "changes.command";

	if (is_program(r->config->changes.command))
		return 0;
	return config_refuse(
		r,
		config_setting_lookup((config_setting_t *)(uintptr_t)root, key),
		key, "[ \"/absolute/path\", \"argument\" ]",
		"the command is no program");
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
	if (check_count(r, root, "report.campaign_headers",
			c->parser.report.campaign_headers) < 0 ||
	    check_changes(r, root) < 0)
		return -1;
	return check_verp(r, root);
}
