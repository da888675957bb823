#ifndef MAILBOX_IMAP_SESSION_H
#define MAILBOX_IMAP_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include <libetpan/mailimap.h>

#include "mailbox/mailbox.h"
#include "mailbox/net_stream.h"
#include "util/buf.h"

/* One connection to a server, logged in. */
struct imap_session {
	const struct mailbox_settings *settings;
	struct net_stream *stream; /* NULL: not connected */
	mailimap *imap;
	char delimiter;	      /* of its hierarchy, or 0 */
	struct buf prefix;    /* of personal folders, mostly empty */
	const char *selected; /* the folder, as configured, or NULL */
	uint32_t uidvalidity;
	bool read_only;
	bool can_keyword;   /* a keyword of ours is stored */
	bool can_flag;	    /* \Seen is */
	bool can_move;	    /* RFC 6851 */
	bool can_expunge;   /* RFC 4315: UID EXPUNGE */
	bool can_idle;	    /* RFC 2177 */
	bool looking;	    /* changes nothing: EXAMINE, no CREATE */
	const char *method; /* how we logged in, or "" */
	bool told;	    /* what it cannot do */
	bool token_refused; /* the next one has to be another */
	int64_t pause_ms, paused_until_ms; /* without IDLE */
	struct error lost;		   /* why there is no connection */
	struct buf notices; /* what the operator should read, lines */
};

#define IMAP_KEYWORD "$DsndDone"

/* Bytes that an answer without mail in it may take. */
#define IMAP_SMALL_ANSWER ((size_t)1024 * 1024)

void imap_session_init(struct imap_session *s,
		       const struct mailbox_settings *settings);
/* Logs out of a whole connection, then forgets it. Notices stay. */
void imap_session_close(struct imap_session *s);
void imap_session_release(struct imap_session *s);

/*
 * Connects, verifies, logs in and creates the folders that dispositions name.
 * 0 or -1 (SOURCE).
 */
int imap_session_open(struct imap_session *s, struct error *err);

/* Before each command: what its answer may take. */
void imap_session_command(struct imap_session *s, size_t bytes);
/* ... and by when, in milliseconds from now. */
void imap_session_command_within(struct imap_session *s, size_t bytes,
				 int64_t ms);
/*
 * After each command: libetpan's result as 0 or -1 with the server's words. A
 * connection that broke is closed. Keeps alerts for the operator.
 */
int imap_session_check(struct imap_session *s, int result, struct error *err,
		       const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Told anew, or not at all, when the state changes (RFC 9051, 6.2.1). */
void imap_session_forget_capabilities(struct imap_session *s);
/* The server refused, the connection is whole: it answered NO or BAD. */
bool imap_session_refused(const struct imap_session *s, int result);

/* Adds a line for the operator. */
void imap_session_notice(struct imap_session *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Whether the server can and should be let wait in an IDLE now. */
bool imap_session_may_idle(const struct imap_session *s);
/* After each IDLE: one that broke is followed by a pause, longer each time. */
void imap_session_idled(struct imap_session *s);

/* For whoever needs a connection where there is none: says why. -1. */
int imap_session_missing(const struct imap_session *s, struct error *err);

/* imap_folder.c: delimiter and prefix of the server's folders. 0 or -1. */
int imap_folder_learn(struct imap_session *s, struct error *err);
/* Whether a folder (as configured) is there. 0 or -1. */
int imap_folder_find(struct imap_session *s, const char *configured,
		     bool *there_r, struct error *err);
/* Creates a folder (as configured) unless it is there. 0 or -1. */
int imap_folder_create(struct imap_session *s, const char *configured,
		       struct error *err);
/* Selects a folder to read (borrowed) and learns what can be done with it. */
int imap_folder_select(struct imap_session *s, const char *folder,
		       struct error *err);

/* imap_inspect.c: the driver's look at the mailbox. */
int imap_inspect(const struct mailbox_settings *settings, struct buf *out,
		 struct error *err);

/* imap_login.c: greeting, TLS and login, in an order that risks nothing. */
int imap_login(struct imap_session *s, struct error *err);

#endif
