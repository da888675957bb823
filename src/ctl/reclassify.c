/* dsnctl reclassify: what today's rules make of what is stored. */
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/rework.h"
#include "ctl/settings.h"

static int rejudged(void *ctx, const struct store_rejudged *r)
{
	struct rework_print *p = ctx;
	struct json j;

	if (p->ctl->json) {
		json_init(&j, &p->out);
		json_object(&j);
		json_key_int(&j, "id", r->bounce_id);
		json_key_str(&j, "address", r->address);
		json_key_str(&j, "before", r->old_reason);
		json_key_str(&j, "rule_before", r->old_rule);
		json_key_str(&j, "after", r->reason);
		json_key_str(&j, "rule_after", r->rule);
		json_object_end(&j);
	} else {
		print_cell_int(p->ctl, &p->out, r->bounce_id, PRINT_ID_WIDTH);
		print_cell(p->ctl, &p->out, r->address, 32);
		print_cell(p->ctl, &p->out, r->old_reason, 18);
		print_cell(p->ctl, &p->out, r->old_rule, 24);
		print_cell(p->ctl, &p->out, r->reason, 18);
		print_text(&p->out, r->rule);
	}
	buf_add_char(&p->out, '\n');
	/* A progress line would be torn by rows on the same terminal. */
	if (p->out.len < 65536 || p->progress.on)
		return 0;
	return ctl_flush(&p->out, &p->err);
}

static enum ctl_exit run(struct ctl *ctl, bool apply)
{
	struct rework_print print;
	struct ctl_settings settings;
	struct store_rework result = {0};
	struct rules *rules = NULL;
	struct store *store;
	int rc = -1;

	rework_print_start(&print, ctl, true);
	store = ctl_store_open(&settings, ctl, apply ? STORE_WRITE : STORE_READ,
			       &print.err);
	if (store != NULL)
		rules = rules_load(settings.config->rules_dir, &print.err);
	if (rules != NULL) {
		const struct store_reclassify how = {
			apply, rejudged, print.watch.progress, &print};

		rc = store_reclassify(store, rules, &how, ctl->now_s, &result,
				      &print.err);
	}
	if (rc == 0 && apply)
		rework_print_sum(&print, "judged again", &result);
	else if (rc == 0)
		rework_print_count(&print, "would differ", result.verdicts);
	if (rework_print_end(&print) != 0)
		rc = -1;
	rules_free(rules);
	ctl_store_close(&settings, store);
	if (rc != 0)
		return ctl_fail(&print.err);
	return result.verdicts > 0 ? CTL_YES : CTL_NO;
}

enum ctl_exit ctl_reclassify(struct ctl *ctl, int argc, char **argv)
{
	bool apply = false, dry_run = false;
	const struct ctl_option own[] = {{"apply", NULL, &apply},
					 {"dry-run", NULL, &dry_run},
					 {NULL, NULL, NULL}};

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	if (apply && dry_run)
		return ctl_misuse(argv[0], "either --apply or --dry-run");
	return run(ctl, apply);
}
