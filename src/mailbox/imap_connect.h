#ifndef MAILBOX_IMAP_CONNECT_H
#define MAILBOX_IMAP_CONNECT_H

#include <stdint.h>

#include "util/error.h"

/*
 * A connected nonblocking socket: the addresses of the host one after the
 * other, of both families, in the resolver's order. Returns -1 with what the
 * last one answered. Looking the name up has the resolver's own time limit.
 */
int imap_connect(const char *host, int port, int64_t until_ms,
		 struct error *err);

#endif
