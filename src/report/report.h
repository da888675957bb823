#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"
#include "util/text.h"

/*
 * Facts: what a message says, without any opinion on whose fault it was.
 * report_parse turns bytes into these; everything after works on them alone.
 */

/* What kind of message it is; classify prints these names. */
enum report_kind {
	REPORT_BOUNCE,	   /* at least one recipient failed */
	REPORT_DELAY,	   /* nothing failed, somebody is still trying */
	REPORT_SUCCESS,	   /* nothing failed: delivered, relayed, expanded */
	REPORT_COMPLAINT,  /* feedback report (RFC 5965) */
	REPORT_AUTO_REPLY, /* vacation, challenge (RFC 3834) */
	REPORT_MDN,	   /* disposition notification (RFC 8098) */
	REPORT_OTHER,	   /* no report at all */
	REPORT_UNREADABLE, /* the parser died of it or ran out of time */
};
#define REPORT_KIND_COUNT 8

/* RFC 3464 2.3.3; UNKNOWN where nothing was said. */
enum report_action {
	ACTION_UNKNOWN,
	ACTION_FAILED,
	ACTION_DELAYED,
	ACTION_DELIVERED,
	ACTION_RELAYED,
	ACTION_EXPANDED,
};
#define REPORT_ACTION_COUNT 6

/* What we had said when the reply came (RFC 5321). */
enum smtp_stage {
	STAGE_UNKNOWN,
	STAGE_CONNECT, /* no connection, or the greeting */
	STAGE_HELO,
	STAGE_TLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA, /* the DATA command itself */
	STAGE_BODY, /* the end of the data: after the final dot */
};
#define SMTP_STAGE_COUNT 9

/* RFC 3463; class 0 means there is none. */
struct status {
	uint8_t class_;
	uint16_t subject;
	uint16_t detail;
};
#define STATUS_TEXT_BYTES 16

/* Caps of everything that leaves the parser; a cut sets report.partial. */
#define REPORT_MAX_RECIPIENTS 5000
#define REPORT_MAX_ADDRESS 512
#define REPORT_MAX_FIELD 998	   /* names, ids, short header fields */
#define REPORT_MAX_DIAGNOSTIC 2048 /* text kept of one recipient */
#define REPORT_MAX_HEADERS 65536   /* returned header block */
#define REPORT_MAX_TOKENS 32

/*
 * One recipient: the judge's whole input. Strings are never NULL ("" where
 * nothing is known), valid UTF-8 without control characters, capped, and
 * borrowed from the report's arena. Exactly these bytes are stored.
 */
struct fact {
	enum report_kind kind;	   /* of the message */
	const char *feedback_type; /* complaints: "abuse", ...; lower case */
	const char *reporting_mta; /* host name without type */
	const char *address;	   /* the address we mailed, clean; never "" */
	const char *final;	   /* the address that failed, if another */
	bool forwarded; /* final is a forward target or alias of address */
	enum report_action action;
	/*
	 * The Status field; where a permanent reply carries an enhanced code
	 * of its own that says something, that one.
	 */
	struct status status;
	struct status reply_status; /* enhanced code in the innermost reply */
	int reply;     /* basic code of the innermost reply, or 0 */
	int exit_code; /* x-unix or a local program's, or -1 */
	enum smtp_stage stage;
	bool remote_reply;  /* a remote host's own words: not our relay's */
	const char *remote; /* who said it: host name or address */
	const char *diagnostic_type; /* "smtp", "x-unix", ""; lower case */
	const char *reply_text;	     /* innermost reply, codes included */
	const char *diagnostic;	     /* all that was said of this recipient */
	int64_t will_retry_until_s;  /* RFC 3464 2.3.9, or 0 */
};

/* What came back of the message that we sent. */
struct returned {
	const char *message_id; /* without angle brackets */
	const char *from;	/* addresses, clean; "" where missing */
	const char *to;		/* the sole To address; "" if several */
	const char *return_path;
	const char *subject;
	const char *campaign;	 /* X-Campaign(-ID), X-Mailer-Campaign, ... */
	const char *list_id;	 /* RFC 2919, without brackets */
	const char *feedback_id; /* Feedback-ID */
	const char *stream;	 /* value of the configured stream header */
	int64_t date_s;		 /* Date, or 0 */
	struct span headers;	 /* raw block, CRLF line ends; n may be 0 */
};

struct report {
	struct arena arena; /* owns every string below */
	enum report_kind kind;
	bool partial;		/* a cap was hit, something was left out */
	bool challenge;		/* auto-reply that asks for an answer */
	const char *format;	/* which reader read it: "rfc3464", "qmail" */
	const char *message_id; /* of the report itself, no brackets */
	const char *from;	/* its author's address */
	const char *subject;
	const char *reporting_mta;
	const char *received_from_mta;
	const char *envelope_id; /* Original-Envelope-Id, xtext decoded */
	int64_t date_s;		 /* the report's own Date, or 0 */
	bool null_return_path;	 /* Return-Path: <> was there */
	struct returned returned;
	/*
	 * Addresses and ids in which a signed token may stand: Delivered-To,
	 * X-Original-To, To, Received "for", X-Postfix-Sender and its clones,
	 * Original-Envelope-Id, the returned Return-Path. Unjudged.
	 */
	const char *tokens[REPORT_MAX_TOKENS];
	size_t token_count;
	struct span headers; /* the report's own header block, raw, capped */
	struct fact *facts;
	size_t fact_count;
};

/* What the operator configures about reading. Borrowed by report_parse. */
struct report_settings {
	const char *stream_header;	     /* "" for none */
	const char *const *campaign_headers; /* NULL-terminated, ours first */
	const char *const *verp; /* patterns of our return paths; verp.h */
	unsigned max_depth;	 /* MIME nesting; default 8 */
	unsigned max_parts;	 /* default 1000 */
	size_t max_bytes;	 /* of one message that are read; 4 MiB */
};
void report_settings_init(struct report_settings *s);

void report_init(struct report *r);
void report_release(struct report *r);

/*
 * Reads one message of n bytes. Never fails: what cannot be understood is
 * REPORT_OTHER. Runs in the jail only (dsnd-parse), in tests and in fuzzers.
 * bytes is only read during the call. No state is kept between calls.
 */
void report_parse(struct report *r, const struct report_settings *settings,
		  const char *bytes, size_t n);

/* Opens every charset conversion that the jail forbids to open later. */
void report_charsets_open(void);
void report_charsets_close(void);

/* Names as classify and the database write them, and back (-1 if none). */
const char *report_kind_name(enum report_kind k);
const char *report_action_name(enum report_action a);
const char *smtp_stage_name(enum smtp_stage s);
int report_kind_find(struct span name);
int report_action_find(struct span name);
int smtp_stage_find(struct span name);

/* "5.1.1", or "" without a status; out is returned. */
char *status_format(struct status s, char out[STATUS_TEXT_BYTES]);
/* The whole of s is one status ("5.1.1"); 0, or -1 and *out_r untouched. */
int status_parse(struct span s, struct status *out_r);
/*
 * The status that classify and the database show for a fact: the enhanced
 * code of the innermost reply where the field is missing or generic (X.0.0,
 * X.Y.0 or X.4.7 against X.Y.Z), else the field (RFC 3464 2.3.4).
 */
struct status fact_status(const struct fact *f);

#endif
