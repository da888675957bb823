#ifndef REPORT_HEADING_H
#define REPORT_HEADING_H

#include <stddef.h>

#include "util/text.h"

/*
 * "The following users could not be reached:", and below it an address a line:
 * returns how many such lines there are, 0 where no sentence above the first
 * tells a failure. Any word for them and any for what went wrong will do, so
 * ask only where it is known that a mail system speaks.
 */
size_t heading_lists(struct span text);

#endif
