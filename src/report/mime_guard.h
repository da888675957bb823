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

#endif
