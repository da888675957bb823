#ifndef DAEMON_MEASURE_H
#define DAEMON_MEASURE_H

#include <stdbool.h>
#include <stdint.h>

#include "store/store.h"
#include "util/error.h"

/*
 * What a reader measures of itself, kept in memory and written with its next
 * batch: histograms, and how often its parser died.
 */

#define MEASURE_BOUNDS 7

enum measure_what {
	MEASURE_BATCH, /* how long a batch took to be recorded */
	MEASURE_LAG,   /* from a message's arrival to its being recorded */
	MEASURE_COUNT,
};

/* The last bucket is for what is over all bounds. */
struct measure_info {
	const char *name; /* as in the metrics file, without "dsnd_" */
	const char *help;
	int64_t bounds_ms[MEASURE_BOUNDS];
	const char *bounds[MEASURE_BOUNDS + 1]; /* in seconds, then "+Inf" */
};

const struct measure_info *measure_info(enum measure_what what);

struct measures {
	int64_t buckets[MEASURE_COUNT][MEASURE_BOUNDS + 1];
	int64_t sum_ms[MEASURE_COUNT];
	bool pending;
	uint64_t deaths; /* of the parser, as far as they were written */
};

void measure(struct measures *m, enum measure_what what, int64_t ms);

/*
 * Adds what was measured to the counters of the database, in the batch that is
 * open; deaths are all since the start. Call measure_written once the batch is
 * committed. 0 or -1.
 */
int measure_write(const struct measures *m, struct store *s,
		  const char *mailbox, uint64_t deaths, struct error *err);
void measure_written(struct measures *m, uint64_t deaths);

#endif
