/* dsnctl verify: is everything that is kept what it should be? */
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/settings.h"
#include "store/mend.h"

struct verify {
	struct ctl *ctl;
	struct buf out;
	struct error err;
	struct progress progress;
};

static int difference(void *ctx, const struct store_difference *d)
{
	struct verify *v = ctx;
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
	return v->out.len > 65536 ? ctl_flush(&v->out, &v->err) : 0;
}

static void progress(void *ctx, int64_t done, int64_t total)
{
	struct verify *v = ctx;

	progress_at(&v->progress, done, total);
}

enum ctl_exit ctl_verify(struct ctl *ctl, int argc, char **argv)
{
	struct verify v = {.ctl = ctl};
	const struct store_inspector to = {difference, progress, &v};
	struct ctl_settings settings;
	int first = ctl_options(ctl, argc, argv, NULL);
	struct store *store;
	size_t found = 0;
	int rc = -1;

	if (first < 0)
		return CTL_USAGE;
	if (first < argc)
		return ctl_misuse(argv[0], "it takes options only");
	buf_init(&v.out);
	progress_start(&v.progress, "addresses");
	store = ctl_store_open(&settings, ctl, STORE_READ, &v.err);
	if (store != NULL)
		rc = store_verify(store, ctl->now_s, &to, &found, &v.err);
	progress_end(&v.progress);
	if (rc == 0 && !ctl->json && found == 0)
		buf_add_str(&v.out, "everything is as it should be\n");
	if (ctl_flush(&v.out, &v.err) != 0)
		rc = -1;
	ctl_store_close(&settings, store);
	buf_release(&v.out);
	if (rc != 0)
		return ctl_fail(&v.err);
	return found > 0 ? CTL_NO : CTL_YES;
}
