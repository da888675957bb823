#ifndef REPORT_ENVELOPE_H
#define REPORT_ENVELOPE_H

#include "report/reading.h"

/*
 * Reads the report's own header into in->report: message_id, from, subject,
 * date, the null return path, tokens and the raw block.
 */
void envelope_read(struct reading *in);

#endif
