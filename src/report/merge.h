#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/report.h"

/*
 * Drops facts that say again what another one of the same report says. Two
 * facts of one address that differ in anything are both kept.
 */
void merge_facts(struct report *r);

#endif
