/* dsnctl pending: what is held for a person or for its time, and their word. */
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/ids.h"
#include "ctl/person.h"
#include "ctl/print.h"
#include "ctl/view.h"
#include "util/num.h"

static void row_json(struct ctl_view *p, const struct store_event *e)
{
	struct json j;

	json_init(&j, &p->out);
	json_object(&j);
	json_key_int(&j, "id", e->id);
	json_key_int(&j, "at", e->at_s);
	json_key_str(&j, "address", e->address);
	json_key_str(&j, "reason", e->reason);
	json_key_str(&j, "class", e->class_);
	json_key_str(&j, "evidence", e->evidence);
	json_key_str(&j, "reporter", e->reporter);
	json_key_str(&j, "held_by", e->note);
	json_key_str(&j, "why", e->why);
	json_key_time(&j, "until", e->until_s);
	json_object_end(&j);
}

static int row(void *ctx, const struct store_event *e)
{
	struct ctl_view *p = ctx;
	char text[NUM_TIME_BYTES];

	if (p->ctl->json) {
		row_json(p, e);
	} else {
		ctl_view_head(p, "id:8 address:36 reason:20 arrival:21 "
				 "until:21 why");
		print_cell_int(p->ctl, &p->out, e->id, PRINT_ID_WIDTH);
		print_cell(p->ctl, &p->out, e->address, 36);
		print_cell(p->ctl, &p->out, e->reason, 20);
		print_cell(p->ctl, &p->out, num_time_format(e->at_s, text), 21);
		print_cell(p->ctl, &p->out,
			   e->until_s != 0 ? num_time_format(e->until_s, text)
					   : "waits for a person",
			   21);
		print_text(&p->out, e->why);
	}
	return ctl_view_row(p);
}

static enum ctl_exit list(struct ctl *ctl)
{
	struct ctl_view p;
	int rc = ctl_view_open(&p, ctl, STORE_READ);

	if (rc == 0)
		rc = store_pending(p.store, row, &p, &p.err);
	return ctl_view_close_list(&p, rc);
}

/* It is done, even where nobody reads this. */
static void tell(const struct ctl *ctl, const char *verb, size_t n)
{
	struct buf out;
	struct json j;

	buf_init(&out);
	if (ctl->json) {
		json_init(&j, &out);
		json_object(&j);
		json_key_str(&j, "action", verb);
		json_key_int(&j, "verdicts", (int64_t)n);
		json_object_end(&j);
		buf_add_char(&out, '\n');
	} else {
		buf_addf(&out, "%s: %zu decided\n", verb, n);
	}
	ctl_flush(&out, NULL);
	buf_release(&out);
}

/* All of them or none: a mistake in the last one leaves the first alone. */
static enum ctl_exit decide(struct ctl *ctl, bool apply, const char *note,
			    const struct ids *ids)
{
	struct ctl_view p;
	int rc = ctl_view_open(&p, ctl, STORE_WRITE);

	if (rc == 0)
		rc = store_holds_decide(p.store, ids->list, ids->n, apply,
					ctl_person(), note, ctl->now_s, &p.err);
	if (ctl_view_close(&p, rc, CTL_YES) != CTL_YES)
		return CTL_FAILURE;
	tell(ctl, apply ? "apply" : "drop", ids->n);
	return CTL_YES;
}

enum ctl_exit ctl_pending(struct ctl *ctl, int argc, char **argv)
{
	const char *note = NULL;
	bool apply = false, drop = false;
	const struct ctl_option own[] = {{"apply", NULL, &apply},
					 {"drop", NULL, &drop},
					 {"reason", &note, NULL},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	enum ctl_exit status;
	struct error err;
	struct ids ids;

	if (first < 0)
		return CTL_USAGE;
	if (apply && drop)
		return ctl_misuse(argv[0], "either --apply or --drop");
	if (!apply && !drop && (first < argc || note != NULL))
		return ctl_misuse(argv[0], "say --apply or --drop");
	if (!apply && !drop)
		return list(ctl);
	if (first == argc)
		return ctl_misuse(argv[0], "name ids, as pending prints them");
	if (ctl_reason_is_missing(argv[0], note))
		return CTL_USAGE;
	if (ids_read(&ids, argv + first, (size_t)(argc - first), &err) != 0)
		return err.scope == ERROR_MESSAGE
			       ? ctl_misuse(argv[0], "%s", err.text)
			       : ctl_fail(&err);
	status = decide(ctl, apply, note, &ids);
	ids_release(&ids);
	return status;
}
