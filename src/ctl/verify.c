/* dsnctl verify: is everything that is kept what it should be? */
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/view.h"
#include "store/mend.h"

struct verify {
	struct ctl_view view; /* its rows are differences */
	struct progress progress;
};

static int difference(void *ctx, const struct store_difference *d)
{
	struct ctl_view *v = &((struct verify *)ctx)->view;
	struct json j;

	if (v->ctl->json) {
		json_init(&j, &v->out);
		json_object(&j);
		json_key_str(&j, "what", d->what);
		json_key_str(&j, "subject", d->subject);
		json_key_str(&j, "stored", d->stored);
		json_key_str(&j, "computed", d->computed);
		json_object_end(&j);
		buf_add_char(&v->out, '\n');
	} else {
		buf_addf(&v->out, "%s: ", d->what);
		print_text(&v->out, d->subject);
		buf_add_char(&v->out, '\n');
		print_field(&v->out, "stored", d->stored);
		print_field(&v->out, "computed", d->computed);
	}
	v->found++;
	return ctl_view_write(v);
}

static void progress(void *ctx, int64_t done, int64_t total)
{
	struct verify *v = ctx;

	progress_at(&v->progress, done, total);
}

enum ctl_exit ctl_verify(struct ctl *ctl, int argc, char **argv)
{
	struct verify v;
	const struct store_inspector to = {difference, progress, &v};
	size_t found = 0;
	int rc;

	if (ctl_options_only(ctl, argc, argv, NULL) != 0)
		return CTL_USAGE;
	progress_start(&v.progress, "addresses");
	rc = ctl_view_open(&v.view, ctl, STORE_READ);
	if (rc == 0)
		rc = store_verify(v.view.store, ctl->now_s, &to, &found,
				  &v.view.err);
	progress_end(&v.progress);
	if (rc == 0 && !ctl->json && found == 0)
		buf_add_str(&v.view.out, "everything is as it should be\n");
	return ctl_view_close(&v.view, rc, found > 0 ? CTL_NO : CTL_YES);
}
