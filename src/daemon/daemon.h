#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"
#include "util/error.h"
#include "verdict/verdict.h"

/* How a child ends; anything else is a crash. */
#define EXIT_DONE 0
#define EXIT_SOURCE 3 /* its mailbox is in trouble: start it again later */
#define EXIT_STOP 4   /* nothing can work: the daemon stops */

/* What main() was told and read; children inherit it by fork. */
struct daemon {
	const char *config_path;
	struct config *config;
	struct rules *rules;
	bool once;
	bool now_fixed; /* --now */
	int64_t now_s;
};

/* The time that policy sees: epoch seconds. */
int64_t daemon_now(const struct daemon *d);

/*
 * Reads and checks configuration and rules into d. Returns 0, or -1 and leaves
 * d as it was. What was there before is freed with daemon_unload.
 */
int daemon_load(struct daemon *d, struct error *err);
void daemon_unload(struct daemon *d);

/* A sign of life over the pipe to the supervisor; at most one a second. */
struct heartbeat {
	int fd; /* nonblocking */
	int64_t sent_ms;
};
#define HEARTBEAT_ALIVE '.'
#define HEARTBEAT_SCANNED 'o' /* a whole scan went well */
void heartbeat(struct heartbeat *h);
void heartbeat_scanned(struct heartbeat *h);

struct suspects;

/* The main functions of the children; they return how to exit. */
int reader_main(struct daemon *d, size_t mailbox, struct heartbeat *beat,
		struct suspects *suspects);
int housekeeping_main(struct daemon *d, struct heartbeat *beat);
int changes_main(struct daemon *d, struct heartbeat *beat);

/* Runs until it is told to stop; the exit status of dsnd. ready_fd or -1. */
int supervisor_main(struct daemon *d, int ready_fd);

/*
 * Looks at each mailbox and prints what would be done: 0, or -1 when one of
 * them could not be looked at, which is printed too. Changes nothing.
 */
int connect_all(const struct daemon *d);

/*
 * Tells on standard error what the configuration names and this machine does
 * not have: user, parser, mailboxes, files of secrets, a database that can be
 * used. ours: we are the user that dsnd would run as, so that what we may not
 * do is missing too. Returns how many.
 */
size_t presence_check(struct config *c, bool ours);

/*
 * Can the keys of signed return paths be read? A process of its own does so:
 * ours holds no secret. 0, or -1 with what is wrong.
 */
int keys_look(struct config *c, struct error *err);

/* Becomes that user, where we are root. An empty name changes nothing. */
int user_switch(const char *name, struct error *err);

/*
 * Goes into the background. Returns the descriptor that supervisor_main takes
 * in the new process; the old one waits until it is ready and exits with what
 * became of it.
 */
int detach(struct error *err);

#endif
