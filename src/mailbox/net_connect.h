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

/* Whether a login goes through TLS, at once or by STARTTLS. */
bool net_is_encrypted(const struct mailbox_settings *s);

/* Whether the other end of a connected socket is on this host. */
bool net_is_here(int fd);

/* The configured port, or the usual one of the type and its TLS. */
int net_port(const struct mailbox_settings *s);

#endif
