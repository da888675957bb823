/*
 * dsnctl report: a week for people. The same text on a terminal and on a pipe,
 * for it is mailed; --json has all of it for programs, a section a line.
 */
#include <stdlib.h>
#include <string.h>

#include "ctl/print.h"
#include "ctl/rates.h"
#include "ctl/settings.h"
#include "ctl/when.h"
#include "util/xalloc.h"

#define DAY_S 86400
#define WEEK_S (7 * (int64_t)DAY_S)
/* Of each list; whoever wants all of them asks stats. */
#define MOST_ROWS 10

struct week {
	struct ctl ctl; /* with columns, wherever it is printed */
	struct ctl_settings settings;
	struct store *store;
	struct arena arena;
	struct buf out;
	struct error err;
	int64_t since_s, until_s; /* whole days */
	const char *by;
	struct store_stats *rows; /* of one list */
	size_t count, cap;
	bool any; /* something came back */
};

static int keep(void *ctx, const struct store_stats *r)
{
	struct week *w = ctx;

	if (w->count == w->cap) {
		w->cap = w->cap == 0 ? 64 : 2 * w->cap;
		w->rows = xreallocarray(w->rows, w->cap, sizeof(*w->rows));
	}
	w->rows[w->count] = *r;
	w->rows[w->count++].what = arena_strdup(&w->arena, r->what);
	return 0;
}

static int64_t bad(const struct store_stats *r)
{
	return r->hard + r->soft + r->block + r->complaint;
}

/* Most of what came back first; the store gives them by name. */
static int more_first(const void *a, const void *b)
{
	const struct store_stats *x = a, *y = b;

	if (bad(x) != bad(y))
		return bad(x) > bad(y) ? -1 : 1;
	return strcmp(x->what, y->what);
}

static int load(struct week *w, const char *by, int64_t since_s,
		int64_t until_s)
{
	const struct store_stats_filter f = {
		.by = by, .since_s = since_s, .until_s = until_s};

	w->count = 0;
	if (store_stats(w->store, &f, keep, w, &w->err) != 0)
		return -1;
	if (w->count > 0)
		qsort(w->rows, w->count, sizeof(*w->rows), more_first);
	return 0;
}

static const char *day(int64_t at_s, char out[NUM_TIME_BYTES])
{
	num_time_format(at_s, out);
	out[strcspn(out, "T")] = '\0';
	return out;
}

static void period(struct week *w)
{
	char first[NUM_TIME_BYTES], last[NUM_TIME_BYTES];
	struct json j;

	day(w->since_s, first);
	day(w->until_s - DAY_S, last);
	if (!w->ctl.json) {
		buf_addf(&w->out, "What came back, %s to %s (UTC)\n\n", first,
			 last);
		rates_head(&w->ctl, &w->out, " ");
		return;
	}
	json_init(&j, &w->out);
	json_object(&j);
	json_key_str(&j, "section", "period");
	json_key_str(&j, "first_day", first);
	json_key_str(&j, "last_day", last);
	json_object_end(&j);
	buf_add_char(&w->out, '\n');
}

/* All of it, and as much time before it to compare with. */
static int total(struct week *w, const char *section, const char *title,
		 int64_t since_s, int64_t until_s)
{
	struct store_stats sum = {.what = title};

	if (load(w, "all", since_s, until_s) != 0)
		return -1;
	if (w->count > 0)
		sum = w->rows[0];
	sum.what = title;
	w->any = w->any || bad(&sum) > 0 || sum.has_sent || sum.delivered > 0;
	if (w->ctl.json)
		rates_json(&w->out, section, "what", &sum);
	else
		rates_row(&w->ctl, &w->out, &sum);
	return 0;
}

static int list(struct week *w, const char *by)
{
	if (load(w, by, w->since_s, w->until_s) != 0)
		return -1;
	if (w->count > 0 && !w->ctl.json) {
		buf_add_char(&w->out, '\n');
		rates_head(&w->ctl, &w->out, by);
	}
	for (size_t i = 0; i < w->count; i++) {
		if (w->ctl.json)
			rates_json(&w->out, by, by, &w->rows[i]);
		else if (i < MOST_ROWS)
			rates_row(&w->ctl, &w->out, &w->rows[i]);
	}
	if (w->count > MOST_ROWS && !w->ctl.json)
		buf_addf(&w->out, "and %zu more: dsnctl stats --by %s\n",
			 w->count - MOST_ROWS, by);
	return 0;
}

struct count {
	const char *key;
	int64_t n;
};

static void counts_json(struct week *w, const char *section,
			const struct count *counts, size_t n)
{
	struct json j;

	json_init(&j, &w->out);
	json_object(&j);
	json_key_str(&j, "section", section);
	for (size_t i = 0; i < n; i++)
		json_key_int(&j, counts[i].key, counts[i].n);
	json_object_end(&j);
	buf_add_char(&w->out, '\n');
}

static int soft(struct week *w)
{
	struct store_soft_sum sum;

	if (store_soft_sum(w->store, w->since_s, w->until_s, &sum, &w->err) !=
	    0)
		return -1;
	if (w->ctl.json)
		counts_json(w, "soft",
			    (struct count[]){{"addresses", sum.addresses},
					     {"repeated", sum.repeated},
					     {"turned_hard", sum.turned}},
			    3);
	else
		buf_addf(&w->out,
			 "\nSoft failures: %lld addresses; %lld of them for "
			 "more than one send, %lld then hard or suppressed\n",
			 (long long)sum.addresses, (long long)sum.repeated,
			 (long long)sum.turned);
	return 0;
}

struct fresh {
	int64_t until_s, count;
};

static int count_fresh(void *ctx, const struct store_suppression *row)
{
	struct fresh *f = ctx;

	f->count += row->since_s < f->until_s;
	return 0;
}

static int suppressions(struct week *w)
{
	const struct store_filter since = {.since_s = w->since_s};
	struct fresh fresh = {.until_s = w->until_s};
	struct store_status now;

	if (store_list(w->store, &since, w->ctl.now_s, count_fresh, &fresh,
		       &w->err) != 0 ||
	    store_status(w->store, w->ctl.now_s, &now, &w->err) != 0)
		return -1;
	if (w->ctl.json)
		counts_json(w, "suppressed",
			    (struct count[]){{"now", now.suppressed},
					     {"new", fresh.count},
					     {"held", now.held}},
			    3);
	else
		buf_addf(&w->out,
			 "Suppressed: %lld now, %lld of them since then; held "
			 "for a person or for their time: %lld\n",
			 (long long)now.suppressed, (long long)fresh.count,
			 (long long)now.held);
	return 0;
}

static void health_json(struct week *w, const struct store_health *h)
{
	struct json j;

	json_init(&j, &w->out);
	json_object(&j);
	json_key_str(&j, "section", "sender_health");
	json_key_str(&j, "provider", h->provider);
	json_key_str(&j, "cause", h->cause);
	json_key_str(&j, "sender", h->sender);
	json_key_int(&j, "count", h->count);
	json_key_int(&j, "last_at", h->last_at_s);
	json_key_str(&j, "sample", h->sample);
	json_key_str(&j, "advice", h->advice);
	json_object_end(&j);
	buf_add_char(&w->out, '\n');
}

static int health(void *ctx, const struct store_health *h)
{
	struct week *w = ctx;
	char last[NUM_TIME_BYTES];

	if (w->ctl.json) {
		health_json(w, h);
		return 0;
	}
	if (w->count++ == 0)
		buf_add_str(&w->out, "\nWhat others have against us\n");
	print_text(&w->out, h->provider);
	buf_addf(&w->out, ": %lld time%s %s, last on %s\n", (long long)h->count,
		 h->count == 1 ? "" : "s", h->cause, day(h->last_at_s, last));
	print_field(&w->out, "sender", h->sender);
	print_field(&w->out, "said", h->sample);
	print_field(&w->out, "advice", h->advice);
	return 0;
}

static int write_report(struct week *w)
{
	static const char *const lists[] = {"campaign", "domain", "provider",
					    "reason"};
	int64_t length_s = w->until_s - w->since_s;

	period(w);
	if (total(w, "total", "all", w->since_s, w->until_s) != 0 ||
	    total(w, "before", "as long before", w->since_s - length_s,
		  w->since_s) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (list(w, lists[i]) != 0)
			return -1;
	if (soft(w) != 0 || suppressions(w) != 0)
		return -1;
	w->count = 0;
	return store_health(w->store, w->since_s, w->until_s,
			    w->ctl.json ? INT64_MAX : MOST_ROWS, health, w,
			    &w->err);
}

static enum ctl_exit run(struct week *w)
{
	int rc = -1;

	arena_init(&w->arena);
	buf_init(&w->out);
	w->store = ctl_store_open(&w->settings, &w->ctl, STORE_READ, &w->err);
	if (w->store != NULL)
		rc = write_report(w);
	if (rc == 0)
		rc = ctl_flush(&w->out, &w->err);
	ctl_store_close(&w->settings, w->store);
	buf_release(&w->out);
	arena_release(&w->arena);
	free(w->rows);
	if (rc != 0)
		return ctl_fail(&w->err);
	return w->any ? CTL_YES : CTL_NO;
}

enum ctl_exit ctl_report(struct ctl *ctl, int argc, char **argv)
{
	const char *since = NULL, *until = NULL;
	const struct ctl_option own[] = {{"since", &since, NULL},
					 {"until", &until, NULL},
					 {NULL, NULL, NULL}};
	int first = ctl_options(ctl, argc, argv, own);
	struct week w = {.ctl = *ctl, .until_s = ctl->now_s};

	if (first < 0)
		return CTL_USAGE;
	if (first < argc)
		return ctl_misuse(argv[0], "it takes options only");
	if (ctl_when(ctl, argv[0], "until", until, &w.until_s) != 0)
		return CTL_USAGE;
	w.until_s -= w.until_s % DAY_S;
	w.since_s = w.until_s - WEEK_S;
	if (ctl_when(ctl, argv[0], "since", since, &w.since_s) != 0)
		return CTL_USAGE;
	w.since_s -= w.since_s % DAY_S;
	if (w.since_s >= w.until_s)
		return ctl_misuse(argv[0], "--since is a day before --until; "
					   "today is not over yet");
	w.ctl.terminal = true;
	return run(&w);
}
