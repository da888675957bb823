#ifndef MAILBOX_NET_STREAM_H
#define MAILBOX_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/mailstream.h>

#include "mailbox/mailbox.h"
#include "util/error.h"

/*
 * The bytes below an IMAP or POP3 client, plain or TLS. Each command has a
 * budget of bytes and of time; who runs out of either, or says nothing for
 * half a minute, is hung up on. Once broken, a stream stays so.
 */
struct net_stream;

/* Tries every address of the host. Returns NULL with err (SOURCE). */
struct net_stream *net_stream_connect(const char *host, int port,
				      int64_t until_ms, struct error *err);
void net_stream_close(struct net_stream *s);
/* IMAP: of what is read only what libetpan survives (imap_guard.h). */
void net_stream_guard(struct net_stream *s);

/*
 * What comes before the greeting: TLS where it is "implicit"; with "none" the
 * server must be on this host. 0 or -1.
 */
int net_stream_begin(struct net_stream *s,
		     const struct mailbox_settings *settings,
		     struct error *err);

/*
 * Begins TLS 1.2 or later and verifies the server's certificate and that it
 * is the settings' host's (RFC 6125); ca_file "" trusts what the system trusts.
 * With a fingerprint ("sha256:" and hexadecimal digits) that very certificate
 * is what is verified, and nothing else. 0 or -1.
 */
int net_stream_secure(struct net_stream *s,
		      const struct mailbox_settings *settings,
		      struct error *err);

/* What libetpan reads and writes; freed by it, s stays. s is borrowed. */
mailstream_low *net_stream_low(struct net_stream *s);

/* From here on: at most so many bytes in, until then (monotonic). */
void net_stream_allow(struct net_stream *s, size_t bytes, int64_t until_ms);
/* Nothing is read or written any more. */
void net_stream_break(struct net_stream *s);
/* Why it broke, with the server's last words if it said BYE; "" if whole. */
const char *net_stream_why(const struct net_stream *s);
/* It is broken if the server's last line was BYE: RFC 3501, 7.1.5. */
void net_stream_note_bye(struct net_stream *s);
/* Whether bytes were read from the network that libetpan has not seen. */
bool net_stream_pending(const struct net_stream *s);
int net_stream_fd(const struct net_stream *s);

#endif
