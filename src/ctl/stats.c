/* dsnctl sent and stats: how many were sent, and what share came back. */
#include <stdlib.h>
#include <string.h>

#include "ctl/ctl.h"
#include "ctl/ledger.h"
#include "ctl/rates.h"
#include "ctl/view.h"
#include "ctl/when.h"
#include "util/num.h"
#include "util/xalloc.h"

/* Above what anybody sends, below what sums of many rows can hold. */
#define MAX_COUNT INT64_C(1000000000000)
/* Where it is tomorrow already, while it is today in UTC. */
#define MAX_AHEAD_S 86400

/* "example.com=1200"; the word is cut in two. */
static int read_pair(char *word, struct store_sent *row)
{
	char *sign = strrchr(word, '=');

	if (sign == NULL ||
	    num_i64(sign + 1, strlen(sign + 1), &row->count) != 0 ||
	    row->count < 0 || row->count > MAX_COUNT) {
		ctl_misuse("sent", "%s: give DOMAIN=COUNT, from 0 to %lld",
			   word, (long long)MAX_COUNT);
		return -1;
	}
	*sign = '\0';
	row->domain = word;
	return 0;
}

static enum ctl_exit record(struct ctl *ctl, const char *campaign,
			    const char *stream, int64_t day_s,
			    const struct store_sent *rows, size_t n, bool set)
{
	struct ctl_view v;
	int rc = ctl_view_open(&v, ctl, STORE_WRITE);

	if (rc == 0)
		rc = store_sent_record(v.store, campaign, stream, day_s, rows,
				       n, set, &v.err);
	return ctl_view_close(&v, rc, CTL_YES);
}

enum ctl_exit ctl_sent(struct ctl *ctl, int argc, char **argv)
{
	const char *campaign = NULL, *stream = "", *day = NULL;
	bool set = false, ledger = false;
	const struct ctl_option own[] = {
		{"campaign", &campaign, NULL}, {"stream", &stream, NULL},
		{"day", &day, NULL},	       {"set", NULL, &set},
		{"ledger", NULL, &ledger},     {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	int64_t day_s = ctl->now_s;
	struct store_sent *rows;
	enum ctl_exit status = CTL_USAGE;
	int n;

	if (first < 0)
		return CTL_USAGE;
	if (ledger &&
	    (campaign != NULL || *stream != '\0' || set || first < argc))
		return ctl_misuse(argv[0], "--ledger takes --day only, and "
					   "MESSAGE-ID ADDRESS a line on "
					   "standard input");
	if (!ledger && campaign == NULL)
		return ctl_misuse(argv[0], "say of which --campaign");
	if (!ledger && first == argc)
		return ctl_misuse(argv[0], "give DOMAIN=COUNT");
	if (ctl_when(ctl, argv[0], "day", day, &day_s) != 0)
		return CTL_USAGE;
	if (day_s < 0)
		return ctl_misuse(argv[0], "--day: nobody sent mail before "
					   "1970-01-01");
	if (day_s > ctl->now_s + MAX_AHEAD_S)
		return ctl_misuse(argv[0], "--day: that day is yet to come");
	if (ledger)
		return ctl_ledger(ctl, day_s);
	rows = xcalloc((size_t)(argc - first), sizeof(*rows));
	for (n = 0; first + n < argc; n++)
		if (read_pair(argv[first + n], &rows[n]) != 0)
			goto out;
	status = record(ctl, campaign, stream, day_s, rows, (size_t)n, set);
out:
	free(rows);
	return status;
}

struct stats {
	struct ctl_view view;
	const char *by;
};

static int row(void *ctx, const struct store_stats *r)
{
	struct stats *s = ctx;
	struct ctl_view *v = &s->view;

	if (v->ctl->json) {
		rates_json(&v->out, NULL, s->by, r);
	} else {
		if (v->found == 0 && v->ctl->terminal)
			rates_head(v->ctl, &v->out, s->by);
		rates_row(v->ctl, &v->out, r);
	}
	v->found++;
	return ctl_view_write(v);
}

static bool is_known(const char *by)
{
	static const char *const known[] = {"campaign", "stream",   "day",
					    "domain",	"provider", "reason"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(by, known[i]) == 0)
			return true;
	return false;
}

enum ctl_exit ctl_stats(struct ctl *ctl, int argc, char **argv)
{
	struct store_stats_filter f = {.by = "campaign"};
	const char *since = NULL, *until = NULL;
	const struct ctl_option own[] = {
		{"by", &f.by, NULL},	     {"campaign", &f.campaign, NULL},
		{"domain", &f.domain, NULL}, {"since", &since, NULL},
		{"until", &until, NULL},     {NULL, NULL, NULL}};
	struct stats s;
	int rc;

	if (ctl_options_only(ctl, argc, argv, own) != 0)
		return CTL_USAGE;
	if (!is_known(f.by))
		return ctl_misuse(argv[0], "--by takes campaign, stream, day, "
					   "domain, provider or reason");
	if (ctl_when(ctl, argv[0], "since", since, &f.since_s) != 0 ||
	    ctl_when(ctl, argv[0], "until", until, &f.until_s) != 0)
		return CTL_USAGE;
	s.by = f.by;
	rc = ctl_view_open(&s.view, ctl, STORE_READ);
	if (rc == 0)
		rc = store_stats(s.view.store, &f, row, &s, &s.view.err);
	return ctl_view_close_list(&s.view, rc);
}
