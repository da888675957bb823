#ifndef REPORT_CROSSED_H
#define REPORT_CROSSED_H

#include "report/report.h"

/*
 * Takes from each recipient a reply that names another one of the same report
 * and not this one, unless its code tells of the mail: of that one it was said.
 * What is left is that this one failed.
 */
void crossed_settle(struct report *r);

#endif
