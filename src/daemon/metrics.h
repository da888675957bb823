#ifndef DAEMON_METRICS_H
#define DAEMON_METRICS_H

#include <stdint.h>

#include "config/config.h"
#include "store/store.h"
#include "util/error.h"

/*
 * Writes the counters of the database and its present state into a file, in
 * the text format that Prometheus' node exporter collects. The file is
 * replaced at once. What the database remembers of a mailbox that the
 * configuration does not name any more is left out. 0 or -1.
 */
int metrics_write(struct store *s, const char *path, const struct config *c,
		  int64_t now_s, struct error *err);

#endif
