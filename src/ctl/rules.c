/* dsnctl rules: what there is, what one says, and whether it does as it says.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "verdict/verdict.h"

struct rules_view {
	struct ctl *ctl;
	struct rules *rules;
	struct buf out;
	struct error err;
};

static void info_json(struct json *j, const struct rule_info *info)
{
	json_key_str(j, "rule", info->name);
	json_key_str(j, "reason", reason_info(info->reason)->name);
	json_key_str(j, "evidence", info->evidence);
	json_key_str(j, "file", info->file);
	json_key_int(j, "line", info->line);
	json_key_bool(j, "operator", info->is_operator);
}

static void list_one(struct rules_view *v, const struct rule_info *info)
{
	struct json j;

	if (v->ctl->json) {
		json_init(&j, &v->out);
		json_object(&j);
		info_json(&j, info);
		json_object_end(&j);
	} else {
		print_cell(v->ctl, &v->out, info->name, 34);
		print_cell(v->ctl, &v->out, reason_info(info->reason)->name,
			   24);
		print_cell(v->ctl, &v->out, info->evidence, 13);
		print_text(&v->out, info->file);
		buf_addf(&v->out, ":%u", info->line);
	}
	buf_add_char(&v->out, '\n');
}

static int list(struct rules_view *v)
{
	struct rule_info info;

	for (size_t i = 0; i < rules_count(v->rules); i++) {
		rules_info(v->rules, i, &info);
		list_one(v, &info);
	}
	return ctl_flush(&v->out, &v->err);
}

static void say_text(void *ctx, const char *key, struct span value)
{
	struct buf *out = ctx;

	buf_addf(out, "    %-11s ", key);
	text_printable(out, value);
	buf_add_char(out, '\n');
}

/* Pairs, since a key may come several times. */
static void say_json(void *ctx, const char *key, struct span value)
{
	struct json *j = ctx;

	json_array(j);
	json_span(j, span_of(key));
	json_span(j, value);
	json_array_end(j);
}

static void show_json(struct rules_view *v, size_t i)
{
	struct rule_info info;
	struct json j;

	rules_info(v->rules, i, &info);
	json_init(&j, &v->out);
	json_object(&j);
	info_json(&j, &info);
	json_key(&j, "says");
	json_array(&j);
	rules_describe(v->rules, i, say_json, &j);
	json_array_end(&j);
	json_object_end(&j);
	buf_add_char(&v->out, '\n');
}

static void show_text(struct rules_view *v, size_t i)
{
	struct rule_info info;

	rules_info(v->rules, i, &info);
	print_text(&v->out, info.name);
	buf_addf(&v->out, ": %s, by its %s\n", reason_info(info.reason)->name,
		 info.evidence);
	buf_addf(&v->out, "    %-11s ", "file");
	print_text(&v->out, info.file);
	buf_addf(&v->out, ":%u\n", info.line);
	rules_describe(v->rules, i, say_text, &v->out);
	print_field(&v->out, "meaning", reason_info(info.reason)->meaning);
	print_field(&v->out, "advice", reason_info(info.reason)->advice);
}

/* 1 where there is none of that name. */
static int show(struct rules_view *v, const char *name)
{
	size_t i = rules_find(v->rules, span_of(name));

	if (i == rules_count(v->rules)) {
		error_set(&v->err, ERROR_MESSAGE,
			  "there is no rule \"%s\"; \"dsnctl rules list\" "
			  "lists them",
			  name);
		return 1;
	}
	if (v->ctl->json)
		show_json(v, i);
	else
		show_text(v, i);
	return ctl_flush(&v->out, &v->err);
}

/* Every rule that does not decide its own example is told, not the first. */
static int test(struct rules_view *v, bool *failed_r)
{
	size_t n = rules_count(v->rules), bad = 0;

	for (size_t i = 0; i < n; i++) {
		if (rules_check_one(v->rules, i, &v->err) == 0)
			continue;
		ctl_fail(&v->err);
		bad++;
	}
	*failed_r = bad > 0;
	if (!v->ctl->json)
		buf_addf(&v->out, "%zu rules, %zu wrong\n", n, bad);
	else
		buf_addf(&v->out, "{\"rules\":%zu,\"wrong\":%zu}\n", n, bad);
	return ctl_flush(&v->out, &v->err);
}

static struct rules *load(struct rules_view *v, int files, char **paths)
{
	struct ctl_settings settings;
	struct rules *rules = NULL;

	if (files > 0)
		return rules_load_files((const char *const *)paths,
					(size_t)files, &v->err);
	if (ctl_settings_load(&settings, v->ctl, &v->err) == 0)
		rules = rules_load(settings.config->rules_dir, &v->err);
	ctl_settings_release(&settings);
	return rules;
}

static enum ctl_exit run(struct rules_view *v, const char *verb, int n,
			 char **words)
{
	bool tests = strcmp(verb, "test") == 0, failed = false;
	int rc = -1;

	buf_init(&v->out);
	v->rules = load(v, tests ? n : 0, words);
	if (v->rules != NULL && tests)
		rc = test(v, &failed);
	else if (v->rules != NULL && strcmp(verb, "show") == 0)
		rc = show(v, words[0]);
	else if (v->rules != NULL)
		rc = list(v);
	rules_free(v->rules);
	buf_release(&v->out);
	if (rc != 0)
		ctl_fail(&v->err);
	if (rc < 0)
		return CTL_FAILURE;
	return rc > 0 || failed ? CTL_NO : CTL_YES;
}

enum ctl_exit ctl_rules(struct ctl *ctl, int argc, char **argv)
{
	struct rules_view v = {.ctl = ctl};
	int first = ctl_options(ctl, argc, argv, NULL);
	const char *verb;
	int n;

	if (first < 0)
		return CTL_USAGE;
	verb = first < argc ? argv[first] : "";
	n = argc - first - 1;
	if (strcmp(verb, "test") != 0 &&
	    !(strcmp(verb, "list") == 0 && n == 0) &&
	    !(strcmp(verb, "show") == 0 && n == 1))
		return ctl_misuse(argv[0], "say list, show and one name, or "
					   "test");
	return run(&v, verb, n, argv + first + 1);
}
