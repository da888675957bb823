#ifndef MAILBOX_MAILBOX_H
#define MAILBOX_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/buf.h"
#include "util/error.h"

/*
 * A mailbox hands out one message after another and disposes of them later.
 * It knows nothing of bounces. One driver a type; one mailbox a process.
 */

enum disposal {
	DISPOSAL_KEEP,	 /* stays, marked as seen */
	DISPOSAL_DELETE, /* gone */
	DISPOSAL_MOVE,	 /* to the folder named with it */
};

/* "keep", "delete" or "move:FOLDER", parsed by the configuration. */
struct disposition {
	enum disposal disposal;
	const char *folder; /* move: as configured, else "" */
};

/* The operator's words about one mailbox; strings borrowed from config. */
struct mailbox_settings {
	const char *name;
	const char *type; /* "maildir", "imap", "pop3" or "spool" */
	struct disposition processed;
	struct disposition unrecognised;
	int64_t poll_s;		  /* 60 */
	size_t max_message_bytes; /* larger ones are read up to here */
	bool skip_large;	  /* ... or recorded, and not looked into */
	const char *stream;	  /* of all mail here, "" for none */
	bool trusted;		  /* only our own relay can write here */
	const char *path;	  /* maildir, spool */
	const char *format;	  /* spool: whose events; else "" */
	/* imap, pop3 */
	const char *host;
	int port;	 /* 0: the usual one of the type and tls */
	const char *tls; /* "implicit", "starttls"; "none", "insecure" */
	const char *ca_file;
	const char *tls_fingerprint; /* "sha256:...", "" for none */
	const char *user;
	const char *auth; /* "auto", or one of sasl.c, or "login" */
	/* Exactly one of these four is set. */
	const char *password_file;
	const char *const *password_command; /* ends in NULL */
	const char *token_file;
	const char *const *token_command;
	/* imap */
	const char *folder;
	const char *const *folders; /* ends in NULL; empty: folder */
	bool idle;
	int64_t idle_renew_s; /* 25 minutes */
	int64_t timeout_s;    /* for one answer of the server: 60 */
};
void mailbox_settings_init(struct mailbox_settings *s);

#define MAILBOX_ID_BYTES 256

/* One message as handed out. */
struct mailbox_message {
	char id[MAILBOX_ID_BYTES]; /* the driver's name for it: file name
				      without flags, UID */
	int64_t at_s;		   /* arrival: mtime, INTERNALDATE */
	size_t size_bytes;	   /* of the whole message */
	bool truncated;		   /* bytes hold only its front */
	/* Where the driver finds it again; nobody else's business. */
	char place[MAILBOX_ID_BYTES + 8];
};

/*
 * What a driver remembers beyond its own life where messages stay: notes by
 * key, kept in the database by whoever opens the mailbox.
 */
struct mailbox_memory {
	void *ctx;
	/* Calls fn with each note, borrowed for the call. 0 or -1. */
	int (*recall)(void *ctx,
		      void (*fn)(void *arg, const char *key, const char *value),
		      void *arg, struct error *err);
	/* Writes n of them, all or none; NULL as a value forgets. 0 or -1. */
	int (*note)(void *ctx, const char *const *keys,
		    const char *const *values, size_t n, struct error *err);
};

struct mailbox; /* opaque, each driver has its own behind it */

struct mailbox_driver {
	const char *type;
	/*
	 * Opens the mailbox and creates the folders that dispositions name.
	 * settings and memory (NULL: there is none) are borrowed until close.
	 * Returns NULL with err.
	 */
	struct mailbox *(*open)(const struct mailbox_settings *settings,
				const struct mailbox_memory *memory,
				struct error *err);
	void (*close)(struct mailbox *m);
	/*
	 * Starts over: what is due from here on includes what arrived since.
	 * A message is handed out at most once a scan.
	 */
	int (*scan)(struct mailbox *m, struct error *err);
	/*
	 * The next due message: appends its bytes to *bytes. Returns 1; 0 at
	 * the end of this scan; -1 with scope MESSAGE (this one cannot be
	 * read; msg_r->id is set; go on) or SOURCE.
	 */
	int (*next)(struct mailbox *m, struct mailbox_message *msg_r,
		    struct buf *bytes, struct error *err);
	/*
	 * Disposes of one handed-out message; only after COMMIT. A message
	 * that is no longer there counts as done. how is one of the settings'
	 * two, or a move to another folder, which is created then; its folder
	 * lives until close. 0, or -1 with scope MESSAGE (this one stays) or
	 * SOURCE.
	 */
	int (*dispose)(struct mailbox *m, const struct mailbox_message *msg,
		       const struct disposition *how, struct error *err);
	/*
	 * Makes all disposals so far durable (fsync of the folders). Within a
	 * scan a driver may hold back some for company, and hear later of
	 * others; after its end, and before close returns, none are left. 0, 1
	 * while some of the scan may still be left behind, -1.
	 */
	int (*flush)(struct mailbox *m, struct error *err);
	/*
	 * A descriptor that polls readable when new mail may be there, or -1.
	 * A hint only. wait_clear takes what is readable off it.
	 */
	int (*wait_fd)(struct mailbox *m);
	void (*wait_clear)(struct mailbox *m);
	/*
	 * What the operator should be told since the last call, one line each;
	 * borrowed until the next call. NULL where a driver has none to tell.
	 */
	const char *(*notices)(struct mailbox *m);
	/*
	 * Looks at what there is to do, and changes nothing: appends lines to
	 * *out, as far as it came. 0 or -1.
	 */
	int (*inspect)(const struct mailbox_settings *settings, struct buf *out,
		       struct error *err);
};

extern const struct mailbox_driver mailbox_maildir;
extern const struct mailbox_driver mailbox_imap;
extern const struct mailbox_driver mailbox_pop3;
extern const struct mailbox_driver mailbox_spool;

/* The driver of a type, or NULL. */
const struct mailbox_driver *mailbox_driver_find(const char *type);

#endif
