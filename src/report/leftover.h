#ifndef REPORT_LEFTOVER_H
#define REPORT_LEFTOVER_H

#include "report/reading.h"

/*
 * The last resort, for a report of a mail system in which nobody found a
 * recipient: the header's own Final-Recipient or X-Failed-Recipients, else
 * the one To address of what came back. Adds nothing unless the words speak
 * of a delivery.
 */
void leftover_read(struct reading *in);

#endif
