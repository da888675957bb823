/* dsnctl export: the suppressions in force, as other programs read them. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/list_filter.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/view.h"
#include "store/show.h"
#include "util/address.h"
#include "util/csv.h"
#include "util/num.h"

struct exporter {
	struct ctl_view view;
	bool csv, txt;
	struct progress progress;
	char last[ADDRESS_MAX_BYTES]; /* of txt: each address once */
};

static void add_header(struct buf *out)
{
	buf_add_str(out, "address,written,scope,stream,class,reason,source,"
			 "evidence,hits,since,until,note\n");
}

static void add_csv(struct buf *out, const struct store_suppression *s)
{
	char since[NUM_TIME_BYTES], until[NUM_TIME_BYTES] = "", hits[32];
	const char *cells[] = {s->address, s->written, s->scope,  s->stream,
			       s->class_,  s->reason,  s->source, s->evidence,
			       hits,	   since,      until,	  s->note};

	snprintf(hits, sizeof(hits), "%lld", (long long)s->hits);
	num_time_format(s->since_s, since);
	if (s->until_s != 0)
		num_time_format(s->until_s, until);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		csv_add(out, i == 0, span_of(cells[i]));
	buf_add_char(out, '\n');
}

static void add_json(struct buf *out, const struct store_suppression *s)
{
	struct json j;

	json_init(&j, out);
	json_object(&j);
	json_suppression(&j, s);
	json_object_end(&j);
	buf_add_char(out, '\n');
}

/* Several streams of one address come one after the other. */
static void add_txt(struct exporter *x, const struct store_suppression *s)
{
	if (strcmp(x->last, s->address) == 0)
		return;
	snprintf(x->last, sizeof(x->last), "%s", s->address);
	buf_add_str(&x->view.out, s->address);
	buf_add_char(&x->view.out, '\n');
}

static int row(void *ctx, const struct store_suppression *s)
{
	struct exporter *x = ctx;

	if (x->csv)
		add_csv(&x->view.out, s);
	else if (x->txt)
		add_txt(x, s);
	else
		add_json(&x->view.out, s);
	progress_at(&x->progress, (int64_t)++x->view.found, 0);
	return ctl_view_write(&x->view);
}

static int run(struct exporter *x, const struct store_filter *filter)
{
	struct ctl_view *v = &x->view;
	int rc;

	if (x->csv)
		add_header(&v->out);
	/* On a terminal the rows themselves show how far it is. */
	if (!v->ctl->terminal)
		progress_start(&x->progress, "suppressions");
	rc = store_list(v->store, filter, v->ctl->now_s, row, x, &v->err);
	progress_end(&x->progress);
	return rc;
}

/* --format, as import has it: 0, or -1 where it names none. */
static int name_format(struct exporter *x, bool *json, const char *name)
{
	bool *const says[] = {&x->csv, &x->txt, json};
	static const char *const names[] = {"csv", "txt", "json"};

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		*says[i] = true;
		return 0;
	}
	return -1;
}

enum ctl_exit ctl_export(struct ctl *ctl, int argc, char **argv)
{
	struct store_filter filter = {NULL, NULL, NULL, NULL, NULL, 0};
	struct exporter x = {.csv = false};
	const char *since = NULL, *format = NULL;
	const struct ctl_option own[] = {{"csv", NULL, &x.csv},
					 {"txt", NULL, &x.txt},
					 {"format", &format, NULL},
					 {"reason", &filter.reason, NULL},
					 {"domain", &filter.domain, NULL},
					 {"class", &filter.class_, NULL},
					 {"stream", &filter.stream, NULL},
					 {"source", &filter.source, NULL},
					 {"since", &since, NULL},
					 {NULL, NULL, NULL}};
	bool json;
	int rc;

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	json = ctl->json;
	if ((format != NULL && name_format(&x, &json, format) != 0) ||
	    x.csv + x.txt + json != 1)
		return ctl_misuse(argv[0], "say --csv, --json or --txt");
	if (list_filter_check(ctl, argv[0], &filter, since) != 0)
		return CTL_USAGE;
	rc = ctl_view_open(&x.view, ctl, STORE_READ);
	if (rc == 0)
		rc = run(&x, &filter);
	return ctl_view_close(&x.view, rc, CTL_YES);
}
