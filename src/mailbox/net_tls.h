#ifndef MAILBOX_NET_TLS_H
#define MAILBOX_NET_TLS_H

#include <gnutls/gnutls.h>

#include "util/error.h"

/* What net_stream asks of certificates. All return 0, or -1 with SOURCE. */

/* Adds the certificates of a file, "" for the system's. */
int net_tls_trust(gnutls_certificate_credentials_t trust, const char *ca_file,
		  struct error *err);

/* Says why a handshake refused the host's certificate: always -1. */
int net_tls_refused(gnutls_session_t tls, const char *host, struct error *err);

/*
 * The server's own certificate against the one that we were told: "sha256:" and
 * hexadecimal digits.
 */
int net_tls_check_fingerprint(gnutls_session_t tls, const char *expected,
			      struct error *err);

#endif
