/* dsnctl bounces and due: what failed, and who may be tried again. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/list_filter.h"
#include "ctl/print.h"
#include "ctl/view.h"
#include "ctl/when.h"
#include "util/num.h"

static int bounce(void *ctx, const struct store_event *e)
{
	struct ctl_view *r = ctx;
	char text[NUM_TIME_BYTES];
	struct json j;

	if (r->ctl->json) {
		json_init(&j, &r->out);
		json_event(&j, e);
		return ctl_view_row(r);
	}
	ctl_view_head(r, "arrival:21 address:32 reason:20 code:7 acted:6 "
			 "rule:24 said");
	print_cell(r->ctl, &r->out, num_time_format(e->at_s, text), 21);
	print_cell(r->ctl, &r->out, e->address, 32);
	print_cell(r->ctl, &r->out, e->reason, 20);
	if (e->status[0] == '\0' && e->reply > 0)
		snprintf(text, sizeof(text), "%lld", (long long)e->reply);
	else
		snprintf(text, sizeof(text), "%s", e->status);
	print_cell(r->ctl, &r->out, text, 7);
	print_cell(r->ctl, &r->out, e->applied, 6);
	print_cell(r->ctl, &r->out, e->rule, 24);
	print_text(&r->out, e->diagnostic);
	return ctl_view_row(r);
}

static int read_limit(const char *command, const char *text, int64_t *limit_r)
{
	if (text == NULL ||
	    (num_i64(text, strlen(text), limit_r) == 0 && *limit_r > 0))
		return 0;
	ctl_misuse(command, "--limit takes a number above 0");
	return -1;
}

/* x for any digit or part; in a status * as well, as rules write it. */
static bool is_any(char c, bool in_status)
{
	return c == 'x' || c == 'X' || (c == '*' && in_status);
}

static bool is_code(const char *code)
{
	bool in_status = strchr(code, '.') != NULL;
	char text[STATUS_TEXT_BYTES];
	struct status status;
	size_t n = strlen(code);

	if (n >= sizeof(text))
		return false;
	for (size_t i = 0; i <= n; i++)
		text[i] = is_any(code[i], in_status) ? '5' : code[i];
	if (in_status)
		return status_parse(span_of(text), &status) == 0;
	return n == 3 && text_is_digit(text[0]) && text_is_digit(text[1]) &&
	       text_is_digit(text[2]);
}

static int check_code(const char *command, const char *code)
{
	if (code == NULL || is_code(code))
		return 0;
	ctl_misuse(command, "--code takes a reply or a status, an x for any: "
			    "550, 5xx, 5.1.1, 5.x.x, 5.1.*");
	return -1;
}

enum ctl_exit ctl_bounces(struct ctl *ctl, int argc, char **argv)
{
	struct store_bounce_filter f = {.limit = 0};
	const char *since = NULL, *until = NULL, *limit = NULL, *address = NULL;
	const struct ctl_option own[] = {{"campaign", &f.campaign, NULL},
					 {"code", &f.code, NULL},
					 {"reason", &f.reason, NULL},
					 {"class", &f.class_, NULL},
					 {"rule", &f.rule, NULL},
					 {"mailbox", &f.mailbox, NULL},
					 {"domain", &f.domain, NULL},
					 {"address", &address, NULL},
					 {"since", &since, NULL},
					 {"until", &until, NULL},
					 {"limit", &limit, NULL},
					 {"stream", &f.stream, NULL},
					 {NULL, NULL, NULL}};
	struct ctl_view r;
	int rc;

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	if (verdict_filter_check(argv[0], f.reason, f.class_) != 0 ||
	    check_code(argv[0], f.code) != 0 ||
	    read_limit(argv[0], limit, &f.limit) != 0 ||
	    ctl_when(ctl, argv[0], "since", since, &f.since_s) != 0 ||
	    ctl_when(ctl, argv[0], "until", until, &f.until_s) != 0)
		return CTL_USAGE;
	f.address = span_of(address);
	rc = ctl_view_open(&r, ctl, STORE_READ);
	if (rc == 0)
		rc = store_bounces(r.store, &f, bounce, &r, &r.err);
	return ctl_view_close_list(&r, rc);
}

static int due_json(struct ctl_view *r, const struct store_due *d)
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
	return ctl_view_row(r);
}

static int due(void *ctx, const struct store_due *d)
{
	struct ctl_view *r = ctx;
	char text[NUM_TIME_BYTES];

	if (r->ctl->json)
		return due_json(r, d);
	ctl_view_head(r, "address:36 stream:10 reason:20 from:21 tries:6 "
			 "left:6 give-up");
	print_cell(r->ctl, &r->out, d->address, 36);
	print_cell(r->ctl, &r->out, d->stream, 10);
	print_cell(r->ctl, &r->out, d->reason, 20);
	print_cell(r->ctl, &r->out,
		   d->due_at_s <= r->ctl->now_s
			   ? "now"
			   : num_time_format(d->due_at_s, text),
		   21);
	print_cell_int(r->ctl, &r->out, d->attempt, 6);
	print_cell_int(r->ctl, &r->out, d->attempts_left, 6);
	buf_add_str(&r->out, num_time_format(d->give_up_at_s, text));
	return ctl_view_row(r);
}

enum ctl_exit ctl_due(struct ctl *ctl, int argc, char **argv)
{
	const char *domain = NULL;
	bool all = false;
	const struct ctl_option own[] = {{"all", NULL, &all},
					 {"domain", &domain, NULL},
					 {NULL, NULL, NULL}};
	struct ctl_view r;
	int rc;

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	rc = ctl_view_open(&r, ctl, STORE_READ);
	if (rc == 0)
		rc = store_due(r.store, domain, all, ctl->now_s, due, &r,
			       &r.err);
	return ctl_view_close_list(&r, rc);
}
