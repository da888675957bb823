/*
 * Histograms as counters: a bucket's count and the sum are rows like any
 * other, so they survive a restart and need no table of their own. Buckets are
 * added up when they are shown.
 */
#include "daemon/measure.h"

#include <stdio.h>
#include <string.h>

const struct measure_info *measure_info(enum measure_what what)
{
	static const struct measure_info infos[MEASURE_COUNT] = {
		[MEASURE_BATCH] = {"batch_seconds",
				   "How long a batch took to be recorded.",
				   {10, 30, 100, 300, 1000, 3000, 10000},
				   {"0.01", "0.03", "0.1", "0.3", "1", "3",
				    "10", "+Inf"}},
		[MEASURE_LAG] = {"message_lag_seconds",
				 "From a message's arrival in the mailbox to "
				 "its being recorded.",
				 {1000, 10000, 60000, 600000, 3600000, 21600000,
				  86400000},
				 {"1", "10", "60", "600", "3600", "21600",
				  "86400", "+Inf"}},
	};

	return &infos[what];
}

void measure(struct measures *m, enum measure_what what, int64_t ms)
{
	const struct measure_info *info = measure_info(what);
	unsigned i = 0;

	/* A clock may have been set back meanwhile. */
	if (ms < 0)
		ms = 0;
	while (i < MEASURE_BOUNDS && ms > info->bounds_ms[i])
		i++;
	m->buckets[what][i]++;
	m->sum_ms[what] += ms;
	m->pending = true;
}

static int write_one(const struct measures *m, enum measure_what what,
		     struct store *s, struct error *err)
{
	const struct measure_info *info = measure_info(what);
	char name[64], labels[64];

	for (unsigned i = 0; i <= MEASURE_BOUNDS; i++) {
		if (m->buckets[what][i] == 0)
			continue;
		snprintf(name, sizeof(name), "%s_bucket", info->name);
		snprintf(labels, sizeof(labels), "le=\"%s\"", info->bounds[i]);
		if (store_metric_add(s, name, labels, m->buckets[what][i],
				     err) < 0)
			return -1;
	}
	if (m->sum_ms[what] == 0)
		return 0;
	snprintf(name, sizeof(name), "%s_sum_ms", info->name);
	return store_metric_add(s, name, "", m->sum_ms[what], err);
}

int measure_write(const struct measures *m, struct store *s,
		  const char *mailbox, uint64_t deaths, struct error *err)
{
	char labels[128];

	for (unsigned what = 0; what < MEASURE_COUNT; what++)
		if (write_one(m, (enum measure_what)what, s, err) < 0)
			return -1;
	if (deaths == m->deaths)
		return 0;
	snprintf(labels, sizeof(labels), "mailbox=\"%s\"", mailbox);
	return store_metric_add(s, "parser_deaths_total", labels,
				(int64_t)(deaths - m->deaths), err);
}

void measure_written(struct measures *m, uint64_t deaths)
{
	memset(m, 0, sizeof(*m));
	m->deaths = deaths;
}
