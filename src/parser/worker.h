#ifndef PARSER_WORKER_H
#define PARSER_WORKER_H

#include <stdbool.h>
#include <sys/types.h>

#include "parser/parser.h"
#include "util/error.h"

/* One running dsnd-parse, as its client sees it. */
struct worker {
	pid_t pid;	/* -1: none is running */
	int fd;		/* our end of its socket, nonblocking */
	unsigned given; /* messages sent to it */
	unsigned done;	/* records it sent back */
};

void worker_init(struct worker *w);

/*
 * Starts the program with an empty environment and waits until its jail is
 * closed. Tries again a few times where the system is short of something.
 * Returns 0, or -1 with FATAL: nothing can be parsed on this system.
 */
int worker_start(struct worker *w, const struct parser_settings *s,
		 const char *program, struct error *err);

/*
 * Ends it if it still runs and collects it. Returns the status that waitpid
 * gave, of its own end where it had ended already.
 */
int worker_stop(struct worker *w);

#endif
