#ifndef MAILBOX_IMAP_SECRET_H
#define MAILBOX_IMAP_SECRET_H

#include "util/buf.h"
#include "util/error.h"

/*
 * Appends the first line of a file to *out. A file that others can read or
 * its group can write, that belongs to somebody else than root or us, or
 * whose first line is empty is refused (SOURCE). The caller wipes *out.
 */
int imap_secret_read(const char *path, struct buf *out, struct error *err);

#endif
