/*
 * dsnctl sent --ledger: which message went to whom, so that a bounce about it
 * is known to be about our own mail (evidence "ledger").
 */
#include "ctl/ledger.h"

#include <unistd.h>

#include "ctl/progress.h"
#include "ctl/view.h"
#include "util/csv.h"

/* So many lines are no second's work: the daemon waits no longer. */
#define STEP_LINES 1000

struct ledger {
	struct ctl_view view;
	struct csv lines;
	struct arena texts; /* of the rows */
	struct store_sent_message rows[STEP_LINES];
	size_t n;
	int64_t at_s, done;
	struct progress progress;
};

static int apply(struct ledger *l)
{
	int rc = store_ledger_record(l->view.store, l->rows, l->n, l->at_s,
				     &l->view.err);

	l->done += (int64_t)l->n;
	progress_at(&l->progress, l->done, 0);
	l->n = 0;
	arena_reset(&l->texts);
	return rc;
}

static int bad_line(struct ledger *l, const char *why)
{
	return error_set(&l->view.err, ERROR_MESSAGE,
			 "line %zu: %s; it takes MESSAGE-ID ADDRESS",
			 l->lines.line, why);
}

/* The id is stored without its angle brackets, as that of a report is. */
static int take_line(struct ledger *l)
{
	struct span line = span_trim(l->lines.raw), id, address;
	struct error err;
	size_t end = 0;

	if (line.n == 0 || line.p[0] == '#')
		return 0;
	while (end < line.n && line.p[end] != ' ' && line.p[end] != '\t' &&
	       line.p[end] != ',')
		end++;
	id = span_cut(line, end);
	address = span_trim(span_from(line, end < line.n ? end + 1 : end));
	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = span_make(id.p + 1, id.n - 2);
	if (id.n == 0 || address.n == 0)
		return bad_line(l, "there are no two words");
	if (store_ledger_row(id, address, &l->texts, &l->rows[l->n], &err) != 0)
		return bad_line(l, err.text);
	return ++l->n == STEP_LINES ? apply(l) : 0;
}

static int take_all(struct ledger *l)
{
	int rc;

	progress_start(&l->progress, "messages");
	while ((rc = csv_next(&l->lines, &l->view.err)) == 1)
		if (take_line(l) != 0) {
			rc = -1;
			break;
		}
	if (rc == 0 && l->n > 0)
		rc = apply(l);
	progress_end(&l->progress);
	return rc;
}

enum ctl_exit ctl_ledger(struct ctl *ctl, int64_t at_s)
{
	struct ledger l = {.at_s = at_s};
	enum ctl_exit status;
	int rc;

	csv_init(&l.lines, STDIN_FILENO, '\0');
	arena_init(&l.texts);
	rc = ctl_view_open(&l.view, ctl, STORE_WRITE);
	if (rc == 0)
		rc = take_all(&l);
	status = ctl_view_close(&l.view, rc, CTL_YES);
	arena_release(&l.texts);
	csv_release(&l.lines);
	return status;
}
