#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "report/reading.h"

/*
 * "Daily report of undelivered mail", "Quarantine: 3 messages", in a daemon's
 * name too: it counts what others were told, or holds. A report that bears our
 * own title brings our mail along, or speaks of it.
 */
bool tally_is(const struct reading *in);

#endif
