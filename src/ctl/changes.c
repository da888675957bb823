/* dsnctl changes: for lists elsewhere that follow ours. */
#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/view.h"
#include "store/show.h"

/* What a person or a list decided has no reason but its source. */
static const char *reason(const struct store_suppression *x)
{
	return x->reason[0] != '\0' ? x->reason : x->source;
}

static const char *class(const struct store_suppression *x)
{
	return x->class_;
}

static const char *stream(const struct store_suppression *x)
{
	return x->stream;
}

/* One column of all that hold, with commas between. */
static const char *
joined(const struct store_changed *c,
       const char *(*column)(const struct store_suppression *), struct buf *out)
{
	buf_reset(out);
	for (size_t i = 0; i < c->suppression_count; i++) {
		const char *value = column(&c->suppressions[i]);

		buf_addf(out, "%s%s", i > 0 ? "," : "",
			 value[0] != '\0' ? value : "-");
	}
	return out->len > 0 ? out->data : "-";
}

static int row(void *ctx, const struct store_changed *c)
{
	struct ctl_view *v = ctx;
	struct json j;
	struct buf all;

	if (v->ctl->json) {
		json_init(&j, &v->out);
		json_changed(&j, c);
		return ctl_view_row(v);
	}
	ctl_view_head(v, "mark:18 now:12 address:36 classes:10 reasons:20 "
			 "streams");
	print_cell(v->ctl, &v->out, c->mark, 18);
	print_cell(v->ctl, &v->out,
		   c->suppression_count > 0 ? "suppressed" : "released", 12);
	print_cell(v->ctl, &v->out, c->written, 36);
	buf_init(&all);
	print_cell(v->ctl, &v->out, joined(c, class, &all), 10);
	print_cell(v->ctl, &v->out, joined(c, reason, &all), 20);
	print_text(&v->out, joined(c, stream, &all));
	buf_release(&all);
	return ctl_view_row(v);
}

enum ctl_exit ctl_changes(struct ctl *ctl, int argc, char **argv)
{
	const char *after = NULL;
	const struct ctl_option own[] = {{"after", &after, NULL},
					 {NULL, NULL, NULL}};
	struct ctl_view v;
	int rc;

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	rc = ctl_view_open(&v, ctl, STORE_READ);
	if (rc == 0)
		rc = store_changes(v.store, after, row, &v, &v.err);
	return ctl_view_close_list(&v, rc);
}
