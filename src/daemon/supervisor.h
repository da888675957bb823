#ifndef DAEMON_SUPERVISOR_H
#define DAEMON_SUPERVISOR_H

#include "daemon/child.h"
#include "daemon/daemon.h"

/* What supervisor.c and reload.c share. */
struct supervisor {
	struct daemon *daemon;
	struct child *children;
	size_t count;
	int ready_fd; /* of detach(), or -1 */
	bool stopping;
	int status;	     /* our exit status */
	int64_t watchdog_ms; /* 0: nobody watches */
	int64_t watchdog_at_ms;
	char said[CHILD_NAME_BYTES + 64]; /* how it goes, as last told */
};

/* Asks every child to end; none is started again. */
void supervisor_stop(struct supervisor *s);

/*
 * Looks at what all readers need and brings the database up to date. Before
 * any child uses it. 0 or -1.
 */
int supervisor_prepare(const struct daemon *d, struct error *err);

/* Adds a child; mailbox is of readers only. */
void supervisor_add(struct supervisor *s, enum child_kind kind, size_t mailbox);

/*
 * Reads configuration and rules anew. Where anything is wrong with them,
 * nothing changes. Else readers whose part changed are replaced, each once it
 * has finished its batch.
 */
void supervisor_reload(struct supervisor *s);

#endif
