#ifndef MAILBOX_NET_CONNECT_H
#define MAILBOX_NET_CONNECT_H

#include <stdint.h>

#include "mailbox/mailbox.h"
#include "util/error.h"

/*
 * A connected nonblocking socket: the addresses of the host one after the
 * other, of both families, in the resolver's order. Returns -1 with what the
 * last one answered. Looking the name up has the resolver's own time limit.
 */
int net_connect(const char *host, int port, int64_t until_ms,
		struct error *err);

/* The configured port, or the usual one of the type and its TLS. */
int net_port(const struct mailbox_settings *s);

#endif
