#include "verdict/verdict.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/fdio.h"
#include "util/hash.h"
#include "util/syntax.h"
#include "util/xalloc.h"
#include "verdict/rule.h"

/*
 * The set of rules in force: the operator's files, then the compiled-in ones,
 * read by the same reader. Its hash tells later which rules judged a fact.
 */

#define RULE_FILE_BYTES ((size_t)4 * 1024 * 1024)

int rules_append(struct rules *rules, struct rule *rule, struct error *err)
{
	size_t i;

	for (i = 0; i < rules->count; i++) {
		const struct rule *other = rules->list[i];

		if (strcmp(other->name, rule->name) != 0)
			continue;
		if (other->is_operator && !rule->is_operator)
			return 0;
		return error_set(err, ERROR_FATAL,
				 "%s:%u: rule %s: the name is taken at %s:%u",
				 rule->file, rule->line, rule->name,
				 other->file, other->line);
	}
	if (rules->count == rules->cap) {
		rules->cap = rules->cap == 0 ? 256 : 2 * rules->cap;
		rules->list = xreallocarray(rules->list, rules->cap,
					    sizeof(*rules->list));
	}
	rules->list[rules->count++] = rule;
	return 0;
}

/*
 * The line of an "@include", or 0: libconfig would look for the file where the
 * process happens to stand, and the hash would not know of it.
 */
static int include_line(const char *text)
{
	struct span rest = span_of(text), line;
	int n;

	for (n = 1; span_next_line(&rest, &line); n++)
		if (span_starts_ci(span_trim(line), SPAN("@include")))
			return n;
	return 0;
}

static int refuse_syntax(const config_t *config, const char *name,
			 const char *text, struct error *err)
{
	unsigned line;
	struct buf what;

	buf_init(&what);
	line = syntax_fault(span_of(text), config_error_text(config), &what);
	error_set(err, ERROR_FATAL, "%s:%u: %s", name,
		  line ? line : (unsigned)config_error_line(config), what.data);
	buf_release(&what);
	return -1;
}

/* Reads all rules of one file's text, which ends in a NUL. */
static int read_text(struct rules *rules, const char *file, const char *text,
		     bool is_operator, struct error *err)
{
	const char *name = arena_strdup(&rules->arena, file);
	config_t config;
	int result = -1;
	unsigned i, n;

	text = span_skip_mark(span_of(text)).p;
	if (include_line(text) != 0)
		return error_set(err, ERROR_FATAL,
				 "%s:%d: @include: put the file into the "
				 "folder instead",
				 name, include_line(text));
	config_init(&config);
	if (config_read_string(&config, text) != CONFIG_TRUE) {
		refuse_syntax(&config, name, text, err);
		goto out;
	}
	n = (unsigned)config_setting_length(config_root_setting(&config));
	for (i = 0; i < n; i++) {
		const config_setting_t *s = config_setting_get_elem(
			config_root_setting(&config), i);

		if (strcmp(config_setting_name(s), "source") != 0 &&
		    rule_read(rules, s, name, is_operator, err) != 0)
			goto out;
	}
	result = 0;
out:
	config_destroy(&config);
	return result;
}

static int read_file(struct rules *rules, const char *path, struct buf *all,
		     struct error *err)
{
	size_t start = all->len;

	if (fdio_read_file(path, RULE_FILE_BYTES, all, err) != 0)
		return -1;
	if (memchr(all->data + start, '\0', all->len - start) != NULL)
		return error_set(err, ERROR_FATAL,
				 "%s: is no text: there is a NUL byte in it",
				 path);
	return read_text(rules, path, all->data + start, true, err);
}

static int is_rule_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.' &&
	       span_ends_ci(span_of(entry->d_name), SPAN(".conf"));
}

/* The order must not depend on the locale, as alphasort does. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_dir(struct rules *rules, const char *dir, struct buf *all,
		    struct error *err)
{
	struct dirent **entries;
	int i, n, result = 0;

	n = scandir(dir, &entries, is_rule_file, by_bytes);
	if (n < 0 && errno == ENOENT)
		return 0;
	if (n < 0)
		return error_errno(err, ERROR_FATAL, "%s: cannot read", dir);
	for (i = 0; i < n; i++) {
		if (result == 0)
			result =
				read_file(rules,
					  arena_printf(&rules->arena, "%s/%s",
						       dir, entries[i]->d_name),
					  all, err);
		free(entries[i]);
	}
	free(entries);
	return result;
}

static int read_default(struct rules *rules, struct buf *all, struct error *err)
{
	const struct rules_default *d;

	for (d = rules_default; d->name != NULL; d++) {
		buf_add_str(all, d->text);
		if (read_text(rules, d->name, d->text, false, err) != 0)
			return -1;
	}
	return 0;
}

static void add_phrases(struct matcher *m, const struct texts *phrases,
			size_t owner)
{
	size_t i;

	for (i = 0; i < phrases->count; i++)
		(void)matcher_add(m, span_of(phrases->list[i]),
				  (uint32_t)owner);
}

/* Into each slot of its tier in which it may hold. */
static void file_rule(struct rules *rules, struct rule *rule)
{
	unsigned i;

	for (i = 0; i < CODE_SLOTS; i++) {
		struct slot_rules *slot = &rules->tier[rule->tier][i];
		struct rule **list = slot->list;

		if ((rule->code_slots >> i & 1) == 0)
			continue;
		/* Room is doubled whenever the count is a power of two. */
		if ((slot->count & (slot->count - 1)) == 0) {
			slot->list =
				arena_array(&rules->arena, 2 * slot->count + 1,
					    sizeof(*list));
			if (slot->count > 0)
				memcpy(slot->list, list,
				       slot->count * sizeof(*list));
		}
		slot->list[slot->count++] = rule;
	}
}

/* Rules with phrases go into a matcher, the others into their tier. */
static void rules_index(struct rules *rules)
{
	size_t i;

	rules->words = matcher_new();
	rules->links = matcher_new();
	for (i = 0; i < rules->count; i++) {
		struct rule *rule = rules->list[i];

		rule->order = i;
		rule_set_slots(rule);
		if (rule->is_operator && rule->claim != CLAIM_NONE)
			rules->operator_asks_claim = true;
		if (rule->text.count > 0)
			add_phrases(rules->words, &rule->text, i);
		else if (rule->link.count > 0)
			add_phrases(rules->links, &rule->link, i);
		else
			file_rule(rules, rule);
	}
	matcher_build(rules->words);
	matcher_build(rules->links);
}

static struct rules *load(const char *rules_dir, const char *const *files,
			  size_t n, struct error *err)
{
	struct rules *rules = xcalloc(1, sizeof(*rules));
	uint8_t hash[HASH_SHA256_BYTES];
	struct buf all;
	int rc = 0;

	arena_init(&rules->arena);
	buf_init(&all);
	if (rules_dir != NULL)
		rc = read_dir(rules, rules_dir, &all, err);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = read_file(rules, files[i], &all, err);
	if (rc != 0 || read_default(rules, &all, err) != 0) {
		rules_free(rules);
		rules = NULL;
		goto out;
	}
	rules_index(rules);
	hash_sha256(all.data, all.len, hash);
	hash_hex(hash, sizeof(hash), rules->hash);
out:
	buf_release(&all);
	return rules;
}

struct rules *rules_load(const char *rules_dir, struct error *err)
{
	return load(rules_dir, NULL, 0, err);
}

struct rules *rules_load_files(const char *const *files, size_t n,
			       struct error *err)
{
	return load(NULL, files, n, err);
}

void rules_free(struct rules *rules)
{
	if (rules == NULL)
		return;
	matcher_free(rules->links);
	matcher_free(rules->words);
	free(rules->list);
	arena_release(&rules->arena);
	free(rules);
}

const char *rules_hash(const struct rules *rules)
{
	return rules->hash;
}

size_t rules_count(const struct rules *rules)
{
	return rules->count;
}
