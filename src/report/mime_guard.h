#ifndef REPORT_MIME_GUARD_H
#define REPORT_MIME_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "util/text.h"

/*
 * True where libetpan 1.9.4 may be given this message: no boundary with a
 * backslash (it writes past the heap), no deep nesting of comments or of
 * messages (its stack overflows), not so many parts that time or memory
 * explode. Linear. It spares the jail the common ways to die; the jail
 * remains for the others.
 */
bool mime_guard_ok(struct span message);

/*
 * Overwrites the first byte of each part's header that speaks of no multipart,
 * in a body of n bytes that is there for libetpan alone: it then has no header
 * to read and no message to go into, while the parts stay where they are. The
 * less it reads of what a stranger wrote, the better; and it reads slowly.
 */
void mime_guard_blind(char *bytes, size_t n);

#endif
