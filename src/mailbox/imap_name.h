#ifndef MAILBOX_IMAP_NAME_H
#define MAILBOX_IMAP_NAME_H

#include "util/buf.h"

/*
 * Appends a folder's name as a server wants it: in modified UTF-7 (RFC 3501,
 * 5.1.3), '/' replaced by its delimiter (0 for none), below its prefix for
 * personal folders unless that stands there already. A dot in front, as
 * Maildir writes it, is left out. INBOX is INBOX.
 */
void imap_name(struct buf *out, const char *configured, const char *prefix,
	       char delimiter);

#endif
