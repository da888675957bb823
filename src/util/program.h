#ifndef UTIL_PROGRAM_H
#define UTIL_PROGRAM_H

#include <sys/types.h>

#include "util/error.h"

/* How a child ends that could not become the program, as shells have it. */
#define PROGRAM_NOT_STARTED 127

/*
 * In a forked child: becomes a program of the operator's, by the list of its
 * absolute path and arguments, which ends in NULL. Its input and output are
 * these descriptors, /dev/null for -1, and no other is left but standard error.
 * It begins a group of its own, so that what it starts can be ended with it,
 * and is killed where the parent ends.
 */
void program_become(const char *const *command, int in_fd, int out_fd,
		    pid_t parent) __attribute__((noreturn));

/* Says of one that ended so why it may have. Returns -1 (SOURCE). */
int program_not_started(const char *name, struct error *err);

#endif
