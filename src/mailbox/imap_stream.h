#ifndef MAILBOX_IMAP_STREAM_H
#define MAILBOX_IMAP_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libetpan/mailstream.h>

#include "util/error.h"

/*
 * The bytes below libetpan's IMAP client, plain or TLS. Each command has a
 * budget of bytes and of time; who runs out of either, or says nothing for
 * half a minute, is hung up on. Once broken, a stream stays so.
 */
struct imap_stream;

/* Tries every address of the host. Returns NULL with err (SOURCE). */
struct imap_stream *imap_stream_connect(const char *host, int port,
					int64_t until_ms, struct error *err);
void imap_stream_close(struct imap_stream *s);

/*
 * Begins TLS 1.2 or later and verifies the server's certificate and that it
 * is the host's (RFC 6125); ca_file "" trusts what the system trusts. 0 or -1.
 */
int imap_stream_secure(struct imap_stream *s, const char *host,
		       const char *ca_file, struct error *err);

/* What libetpan reads and writes; freed by it, s stays. s is borrowed. */
mailstream_low *imap_stream_low(struct imap_stream *s);

/* From here on: at most so many bytes in, until then (monotonic). */
void imap_stream_allow(struct imap_stream *s, size_t bytes, int64_t until_ms);
/* Nothing is read or written any more. */
void imap_stream_break(struct imap_stream *s);
/* Why it broke, with the server's last words if it said BYE; "" if whole. */
const char *imap_stream_why(const struct imap_stream *s);
/* It is broken if the server's last line was BYE: RFC 3501, 7.1.5. */
void imap_stream_note_bye(struct imap_stream *s);
/* Whether bytes were read from the network that libetpan has not seen. */
bool imap_stream_pending(const struct imap_stream *s);
int imap_stream_fd(const struct imap_stream *s);

#endif
