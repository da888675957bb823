#ifndef REPORT_CROSSED_H
#define REPORT_CROSSED_H

#include "report/report.h"

/*
 * Takes from recipients a reply that may be of another one of the same report:
 * it names that one and not this one, unless its code tells of the mail; or
 * several got it after the mail itself, and it tells of an address. What is
 * left is that they failed.
 */
void crossed_settle(struct report *r);

#endif
