/* The outcome of commands that change many verdicts at once. */
#include "ctl/rework.h"

#include "ctl/print.h"

static int change(void *ctx, const struct store_change *c)
{
	struct rework_print *p = ctx;
	struct json j;

	if (p->ctl->json) {
		json_init(&j, &p->out);
		json_object(&j);
		json_key_str(&j, "address", c->address);
		json_key_str(&j, "before", c->before);
		json_key_str(&j, "after", c->after);
		json_object_end(&j);
	} else {
		print_cell(p->ctl, &p->out, c->address, 36);
		print_cell(p->ctl, &p->out, c->before, 24);
		print_text(&p->out, c->after);
	}
	buf_add_char(&p->out, '\n');
	return 0;
}

static void progress(void *ctx, int64_t done, int64_t total)
{
	struct rework_print *p = ctx;

	progress_at(&p->progress, done, total);
}

void rework_print_start(struct rework_print *p, struct ctl *ctl, bool show)
{
	*p = (struct rework_print){.ctl = ctl, .show = show};
	p->watch.change = show ? change : NULL;
	p->watch.progress = progress;
	p->watch.ctx = p;
	buf_init(&p->out);
	progress_start(&p->progress, "steps");
}

void rework_print_sum(struct rework_print *p, const char *verb,
		      const struct store_rework *r)
{
	struct json j;

	if (!p->ctl->json) {
		buf_addf(&p->out,
			 "%s: %lld verdicts of %lld addresses; %lld read "
			 "differently, %lld may be mailed again, %lld may not "
			 "any more\n",
			 verb, (long long)r->verdicts, (long long)r->addresses,
			 (long long)r->changed, (long long)r->released,
			 (long long)r->suppressed);
		return;
	}
	json_init(&j, &p->out);
	json_object(&j);
	json_key_str(&j, "result", verb);
	json_key_int(&j, "verdicts", r->verdicts);
	json_key_int(&j, "addresses", r->addresses);
	json_key_int(&j, "changed", r->changed);
	json_key_int(&j, "released", r->released);
	json_key_int(&j, "suppressed", r->suppressed);
	json_object_end(&j);
	buf_add_char(&p->out, '\n');
}

void rework_print_count(struct rework_print *p, const char *verb,
			int64_t verdicts)
{
	struct json j;

	if (!p->ctl->json) {
		buf_addf(&p->out, "%s: %lld verdicts\n", verb,
			 (long long)verdicts);
		return;
	}
	json_init(&j, &p->out);
	json_object(&j);
	json_key_str(&j, "result", verb);
	json_key_int(&j, "verdicts", verdicts);
	json_object_end(&j);
	buf_add_char(&p->out, '\n');
}

int rework_print_end(struct rework_print *p)
{
	int rc;

	progress_end(&p->progress);
	rc = ctl_flush(&p->out, &p->err);
	buf_release(&p->out);
	return rc;
}
