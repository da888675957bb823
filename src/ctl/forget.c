/* dsnctl forget: a person has asked that nothing be kept of an address. */
#include <stdlib.h>

#include "ctl/addresses.h"
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/view.h"
#include "store/mend.h"
#include "util/xalloc.h"

struct forgetting {
	struct ctl_view view;
	struct progress progress;
	struct store_forget what;
	bool known; /* something was known of one of them */
};

static void print_json(struct buf *out, const struct store_forgotten *f,
		       const struct store_forget *what)
{
	struct json j;

	json_init(&j, out);
	json_object(&j);
	json_key_str(&j, "address", f->address);
	json_key_bool(&j, "known", f->known);
	json_key_int(&j, "reports", f->reports);
	json_key_int(&j, "decisions", f->decisions);
	json_key_int(&j, "sent", f->sent);
	json_key_int(&j, "unreadable", f->unreadable);
	json_key_int(&j, "written", f->written);
	json_key_str(&j, "suppressed", f->suppressed);
	json_key_bool(&j, "stays", f->stays);
	json_key_bool(&j, "dry_run", what->dry_run);
	json_object_end(&j);
}

/* Each with what parts it from what stands before it, which it sets. */
static void print_count(struct buf *out, const char **between, int64_t n,
			const char *one, const char *several)
{
	if (n == 0)
		return;
	buf_addf(out, "%s%lld %s", *between, (long long)n,
		 n == 1 ? one : several);
	*between = ", ";
}

static void print_plain(struct buf *out, const struct store_forgotten *f,
			const struct store_forget *what)
{
	const char *between = " ";

	print_text(out, f->address);
	buf_add_char(out, ':');
	if (!f->known) {
		buf_add_str(out, " nothing is known of it");
		return;
	}
	print_count(out, &between, f->reports, "report", "reports");
	print_count(out, &between, f->decisions, "decision", "decisions");
	print_count(out, &between, f->sent, "entry of what was sent",
		    "entries of what was sent");
	print_count(out, &between, f->unreadable, "unreadable message",
		    "unreadable messages");
	print_count(out, &between, f->written, "message of its own",
		    "messages of its own");
	buf_add_str(out, what->dry_run ? " would be erased" : " erased");
	if (*f->suppressed == '\0')
		return;
	buf_addf(out, "; %s",
		 f->stays	 ? "still suppressed"
		 : what->dry_run ? "and that it is suppressed"
				 : "it was suppressed");
	buf_addf(out, " (%s)", f->suppressed);
	if (f->stays)
		buf_add_str(out, ", which --all erases too");
}

static void each(void *ctx, const struct store_forgotten *f)
{
	struct forgetting *g = ctx;
	struct ctl_view *v = &g->view;

	g->known = g->known || f->known;
	if (v->ctl->json)
		print_json(&v->out, f, &g->what);
	else
		print_plain(&v->out, f, &g->what);
	buf_add_char(&v->out, '\n');
}

static void draw(void *ctx, int64_t done, int64_t total)
{
	struct forgetting *g = ctx;

	progress_at(&g->progress, done, total);
}

/* People only: a domain is none. 0, or -1 after that was told. */
static int take(struct forgetting *g, const char *command,
		const struct addresses *named, const char **list)
{
	for (size_t i = 0; i < named->n; i++) {
		list[i] = named->list[i].folded;
		if (*list[i] == '@') {
			ctl_misuse(command,
				   "%s is a domain, and nobody: release and "
				   "allow --end decide about it",
				   list[i]);
			return -1;
		}
	}
	g->what.addresses = list;
	g->what.n = named->n;
	return 0;
}

static enum ctl_exit run(struct forgetting *g, struct ctl *ctl)
{
	int rc = ctl_view_open(&g->view, ctl, STORE_WRITE);

	if (rc == 0) {
		progress_start(&g->progress, "addresses");
		rc = store_forget(g->view.store, &g->what, each, draw, g,
				  ctl->now_s, &g->view.err);
		progress_end(&g->progress);
	}
	return ctl_view_close(&g->view, rc, g->known ? CTL_YES : CTL_NO);
}

enum ctl_exit ctl_forget(struct ctl *ctl, int argc, char **argv)
{
	struct forgetting g = {.known = false};
	const struct ctl_option own[] = {{"all", NULL, &g.what.all},
					 {"dry-run", NULL, &g.what.dry_run},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	enum ctl_exit answer = CTL_USAGE;
	struct error err = {ERROR_NONE, ""};
	struct addresses named;
	const char **list;

	if (first < 0)
		return CTL_USAGE;
	if (first == argc)
		return ctl_misuse(argv[0], "name at least one address, or - "
					   "for those on standard input");
	if (addresses_read(&named, argv + first, (size_t)(argc - first),
			   &err) != 0)
		return ctl_fail(&err);
	list = xcalloc(named.n + 1, sizeof(*list));
	if (take(&g, argv[0], &named, list) == 0)
		answer = run(&g, ctl);
	free(list);
	addresses_release(&named);
	return answer;
}
