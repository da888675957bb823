/* dsnctl bounces and due: what failed, and who may be tried again. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/print.h"
#include "ctl/settings.h"
#include "ctl/when.h"
#include "util/num.h"

struct rows {
	struct ctl *ctl;
	struct ctl_settings settings;
	struct store *store;
	struct buf out;
	struct error err;
	size_t found;
};

static int rows_open(struct rows *r, struct ctl *ctl)
{
	*r = (struct rows){.ctl = ctl};
	buf_init(&r->out);
	r->store = ctl_store_open(&r->settings, ctl, STORE_READ, &r->err);
	return r->store != NULL ? 0 : -1;
}

static enum ctl_exit rows_close(struct rows *r, int rc)
{
	if (ctl_flush(&r->out, &r->err) != 0)
		rc = -1;
	ctl_store_close(&r->settings, r->store);
	buf_release(&r->out);
	if (rc != 0)
		return ctl_fail(&r->err);
	return r->found > 0 ? CTL_YES : CTL_NO;
}

static int row_end(struct rows *r)
{
	r->found++;
	buf_add_char(&r->out, '\n');
	return r->out.len > 65536 ? ctl_flush(&r->out, &r->err) : 0;
}

static int bounce(void *ctx, const struct store_event *e)
{
	struct rows *r = ctx;
	char text[NUM_TIME_BYTES];
	struct json j;

	if (r->ctl->json) {
		json_init(&j, &r->out);
		json_event(&j, e);
		return row_end(r);
	}
	print_cell(r->ctl, &r->out, num_time_format(e->at_s, text), 21);
	print_cell(r->ctl, &r->out, e->address, 32);
	print_cell(r->ctl, &r->out, e->reason, 20);
	if (e->status[0] == '\0' && e->reply > 0)
		snprintf(text, sizeof(text), "%lld", (long long)e->reply);
	else
		snprintf(text, sizeof(text), "%s", e->status);
	print_cell(r->ctl, &r->out, text, 7);
	print_cell(r->ctl, &r->out, e->applied, 5);
	print_cell(r->ctl, &r->out, e->rule, 24);
	print_text(&r->out, e->diagnostic);
	return row_end(r);
}

/* The words that must be known ones. */
static int check_filter(const char *command,
			const struct store_bounce_filter *f)
{
	if (f->reason != NULL && reason_find(span_of(f->reason)) < 0) {
		ctl_misuse(command, "--reason: there is no such reason; man "
				    "dsnd-rules lists them");
		return -1;
	}
	if (f->class_ != NULL && verdict_class_find(span_of(f->class_)) < 0) {
		ctl_misuse(command, "--class takes hard, soft, block, "
				    "complaint or none");
		return -1;
	}
	return 0;
}

static int read_limit(const char *command, const char *text, int64_t *limit_r)
{
	if (text == NULL ||
	    (num_i64(text, strlen(text), limit_r) == 0 && *limit_r > 0))
		return 0;
	ctl_misuse(command, "--limit takes a number above 0");
	return -1;
}

enum ctl_exit ctl_bounces(struct ctl *ctl, int argc, char **argv)
{
	struct store_bounce_filter f = {.limit = 0};
	const char *since = NULL, *until = NULL, *limit = NULL, *address = NULL;
	const struct ctl_option own[] = {
		{"campaign", &f.campaign, NULL}, {"code", &f.code, NULL},
		{"reason", &f.reason, NULL},	 {"class", &f.class_, NULL},
		{"rule", &f.rule, NULL},	 {"mailbox", &f.mailbox, NULL},
		{"domain", &f.domain, NULL},	 {"address", &address, NULL},
		{"since", &since, NULL},	 {"until", &until, NULL},
		{"limit", &limit, NULL},	 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	struct rows r;
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first < argc)
		return ctl_misuse(argv[0], "it takes options only");
	if (check_filter(argv[0], &f) != 0 ||
	    read_limit(argv[0], limit, &f.limit) != 0 ||
	    ctl_when(ctl, argv[0], "since", since, &f.since_s) != 0 ||
	    ctl_when(ctl, argv[0], "until", until, &f.until_s) != 0)
		return CTL_USAGE;
	f.address = span_of(address);
	rc = rows_open(&r, ctl);
	if (rc == 0)
		rc = store_bounces(r.store, &f, bounce, &r, &r.err);
	return rows_close(&r, rc);
}

static int due_json(struct rows *r, const struct store_due *d)
{
	struct json j;

	json_init(&j, &r->out);
	json_object(&j);
	json_key_str(&j, "address", d->address);
	json_key_str(&j, "stream", d->stream);
	json_key_str(&j, "reason", d->reason);
	json_key_int(&j, "last_at", d->last_at_s);
	json_key_int(&j, "due_at", d->due_at_s);
	json_key_bool(&j, "now", d->due_at_s <= r->ctl->now_s);
	json_key_int(&j, "attempt", d->attempt);
	json_key_int(&j, "attempts_left", d->attempts_left);
	json_key_time(&j, "give_up_at", d->give_up_at_s);
	json_object_end(&j);
	return row_end(r);
}

static int due(void *ctx, const struct store_due *d)
{
	struct rows *r = ctx;
	char text[NUM_TIME_BYTES];

	if (r->ctl->json)
		return due_json(r, d);
	print_cell(r->ctl, &r->out, d->address, 36);
	print_cell(r->ctl, &r->out, d->stream[0] != '\0' ? d->stream : "-", 10);
	print_cell(r->ctl, &r->out, d->reason, 20);
	print_cell(r->ctl, &r->out,
		   d->due_at_s <= r->ctl->now_s
			   ? "now"
			   : num_time_format(d->due_at_s, text),
		   21);
	snprintf(text, sizeof(text), "%lld", (long long)d->attempt);
	print_cell(r->ctl, &r->out, text, 4);
	snprintf(text, sizeof(text), "%lld", (long long)d->attempts_left);
	print_cell(r->ctl, &r->out, text, 4);
	buf_add_str(&r->out, num_time_format(d->give_up_at_s, text));
	return row_end(r);
}

enum ctl_exit ctl_due(struct ctl *ctl, int argc, char **argv)
{
	const char *domain = NULL;
	bool all = false;
	const struct ctl_option own[] = {{"all", NULL, &all},
					 {"domain", &domain, NULL},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	struct rows r;
	int rc;

	if (first < 0)
		return CTL_USAGE;
	if (first < argc)
		return ctl_misuse(argv[0], "it takes options only");
	rc = rows_open(&r, ctl);
	if (rc == 0)
		rc = store_due(r.store, domain, all, ctl->now_s, due, &r,
			       &r.err);
	return rows_close(&r, rc);
}
