#ifndef REPORT_HEADING_H
#define REPORT_HEADING_H

#include <stddef.h>

#include "util/text.h"

/*
 * "The following users could not be reached:", and below it an address a line:
 * returns how many lines begin with an address from the first sentence on that
 * tells a failure right above one. Any word for them and any for what went
 * wrong will do, so ask only where it is known that a mail system speaks.
 */
size_t heading_lists(struct span text);

#endif
