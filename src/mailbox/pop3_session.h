#ifndef MAILBOX_POP3_SESSION_H
#define MAILBOX_POP3_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include <libetpan/mailstream.h>

#include "mailbox/mailbox.h"
#include "mailbox/net_stream.h"
#include "util/buf.h"
#include "util/text.h"

#define POP3_LINE_BYTES 8192

/*
 * One connection to a POP3 server (RFC 1939), logged in: lines out, lines in.
 * The protocol is our own, since libetpan's believes the numbers that a server
 * sends; the stream below it is the one of IMAP.
 */
struct pop3_session {
	const struct mailbox_settings *settings;
	struct net_stream *stream; /* NULL: not connected */
	mailstream *io;
	char line[POP3_LINE_BYTES];
	bool within;	      /* what is read next goes on with a line */
	bool crlf;	      /* lines of this answer end so */
	struct buf abilities; /* what CAPA (RFC 2449) told, lines */
	const char *method;   /* how we logged in */
	bool token_refused;   /* the next one has to be another */
};

/* Bytes that an answer without mail in it may take. */
#define POP3_SMALL_ANSWER ((size_t)64 * 1024)

void pop3_session_init(struct pop3_session *s,
		       const struct mailbox_settings *settings);
/* Hangs up: what was marked as deleted stays (RFC 1939, 6). */
void pop3_session_close(struct pop3_session *s);
void pop3_session_release(struct pop3_session *s);

/* Connects, verifies and logs in. 0 or -1 (SOURCE). */
int pop3_session_open(struct pop3_session *s, struct error *err);

/* Whether the server named this ability, "STLS" or "SASL PLAIN". */
bool pop3_session_can(const struct pop3_session *s, const char *name,
		      const char *argument);

/*
 * Sends one command, whose answer may take so many bytes. 0 for +OK; 1 for
 * -ERR, its words are in err; -1 the connection broke and is closed.
 */
int pop3_session_command(struct pop3_session *s, size_t bytes,
			 struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/*
 * The next line of an answer of several, with its end, borrowed until the next
 * one; a longer one comes in pieces. 1; 0 where the answer ends; -1 as above.
 */
int pop3_session_line(struct pop3_session *s, struct span *line_r,
		      struct error *err);

/* pop3_login.c: greeting, TLS and login, in an order that risks nothing. */
int pop3_login(struct pop3_session *s, struct error *err);

#endif
