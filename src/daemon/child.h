#ifndef DAEMON_CHILD_H
#define DAEMON_CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/daemon.h"
#include "daemon/suspect.h"
#include "util/hash.h"

#define CHILD_NAME_BYTES 72

enum child_kind {
	CHILD_READER,
	CHILD_HOUSEKEEPING,
	CHILD_CHANGES, /* only where changes.command is set */
};

/* One process under the supervisor. */
struct child {
	enum child_kind kind;
	char name[CHILD_NAME_BYTES];	   /* the mailbox's, or "" */
	size_t mailbox;			   /* its index in the configuration */
	uint8_t digest[HASH_SHA256_BYTES]; /* of all that it depends on */
	bool wanted;			   /* started again when it ended */
	bool failing; /* no scan went well since it last failed */
	pid_t pid;    /* 0: not running */
	int fd;	      /* where its heartbeats come from */
	int64_t beat_ms;
	int64_t start_ms;  /* not running: when to start it */
	int64_t kill_ms;   /* told to end: when to stop asking, else 0 */
	int64_t delay_ms;  /* before the next restart */
	int64_t worked_ms; /* its work until the last sign of life */
	bool looped;	   /* killed for it worked on without one */
	struct suspects suspects;
};

void child_init(struct child *c, enum child_kind kind, const char *name);
/* For the log: "mailbox NAME", "housekeeping" or "changes". */
void child_describe(const struct child *c, char out[CHILD_NAME_BYTES + 16]);

/* Forks it. close_fd (or -1) is closed in the child. 0 or -1. */
int child_start(struct child *c, struct daemon *d, int close_fd,
		struct error *err);

/* Between three and five quarters of it: not all at once. */
int64_t child_jitter(int64_t ms);

/* Reads its signs of life. */
void child_listen(struct child *c);

/* Asks it to end, and to be killed at that time. */
void child_stop(struct child *c, int64_t kill_ms);

/*
 * What is due for it now: kills it where it did not end in time, or gave no
 * sign of life since deadline_ms. Returns the time at which to look again.
 */
int64_t child_check(struct child *c, int64_t now_ms, int64_t deadline_ms);

/* It ended with that status: when to start it again. */
void child_ended(struct child *c, const struct config *config, int status,
		 int64_t now_ms);

#endif
