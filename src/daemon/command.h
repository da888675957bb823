#ifndef DAEMON_COMMAND_H
#define DAEMON_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/daemon.h"
#include "util/buf.h"
#include "util/error.h"

/*
 * Runs a program of the operator's; the list of it and its arguments ends in
 * NULL. Its standard input is a file that holds the input from the beginning:
 * it never sees half of it, whoever is killed. What it prints is thrown away,
 * what it writes to standard error goes where ours goes. anew tells it, in its
 * environment as DSND_CHANGES_ANEW=1, to forget what it was told before.
 *
 * All that it started ends with it. Returns 0 where it succeeded, 1 where it
 * was ended since we are to stop, -1 (SOURCE) where it failed or took longer
 * than timeout_ms.
 */
int command_run(const char *const *command, const struct buf *input, bool anew,
		int64_t timeout_ms, struct heartbeat *beat, struct error *err);

#endif
