#ifndef PARSER_SANDBOX_H
#define PARSER_SANDBOX_H

#include <stddef.h>

#include "util/error.h"

struct sandbox_settings {
	int fd;		     /* the one socket that stays usable */
	size_t memory_bytes; /* RLIMIT_AS */
	unsigned cpu_s;	     /* RLIMIT_CPU, over the life of the process */
};

/*
 * Locks the process in: closes every descriptor but fd, sets the limits, gives
 * up new privileges, takes the file system and the network away (Landlock,
 * where the kernel has it) and allows only the system calls that parsing
 * needs (seccomp); any other one ends the process with SIGSYS. Allowed are:
 * memory that is not executable, reading and writing fd, the clock, exit.
 *
 * Returns 0, or -1 with FATAL: then the process is not safe and must exit. A
 * kernel without Landlock is no failure, one without seccomp is.
 */
int sandbox_enter(const struct sandbox_settings *s, struct error *err);

#ifdef DSND_SANITIZE
/*
 * Says in the symbol table that this build's jail is wider: sanitizers map
 * shadow memory and write to standard error. A release has no such symbol
 * (tests/lint/hardening.t looks).
 */
extern const char sandbox_widened_for_sanitizers[];
#endif

#endif
