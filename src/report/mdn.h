#ifndef REPORT_MDN_H
#define REPORT_MDN_H

#include <stdbool.h>

#include "report/reading.h"

/* A disposition notification (RFC 8098, RFC 6533): never a bounce. */
bool mdn_is(const struct reading *in);

/* Adds the recipient who opened or deleted, and sets the kind. */
void mdn_read(struct reading *in);

#endif
