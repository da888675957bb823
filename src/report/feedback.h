#ifndef REPORT_FEEDBACK_H
#define REPORT_FEEDBACK_H

#include <stdbool.h>

#include "report/reading.h"

/* A feedback report (RFC 5965), or the Microsoft JMRP form without one. */
bool feedback_is(const struct reading *in);

/* Adds the complaining recipients and sets the kind. */
void feedback_read(struct reading *in);

#endif
