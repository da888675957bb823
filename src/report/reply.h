#ifndef REPORT_REPLY_H
#define REPORT_REPLY_H

#include <stdbool.h>

#include "report/report.h"
#include "util/text.h"

/* What a host answered, as far as the words about a recipient show it. */
struct reply {
	int code;	       /* basic code, 400..559 (or 2xx), or 0 */
	struct status status;  /* enhanced code, class_ 0 where none stands */
	enum smtp_stage stage; /* what we had said when it came */
	struct span text;      /* the innermost reply; all where none stands */
	struct span remote;    /* the host that spoke, or empty */
	bool remote_reply;     /* the host's own words, not our relay's */
	int exit_code;	       /* of a local program (x-unix), or -1 */
};

/*
 * Finds the innermost remote reply in what was said of one recipient: a
 * Diagnostic-Code without its type, or a paragraph of text. Codes are told
 * from ports, dates, versions and IP addresses; greetings (2xx, 3xx) before
 * the refusal are skipped; the lines of one reply stay together. An enhanced
 * code X.0.0 loses to a better one. Spans are borrowed from text. Linear in
 * the size of text, which may be anything.
 */
void reply_read(struct span text, struct reply *reply_r);
/* The same of code, status and text alone, for less than half. */
void reply_read_codes(struct span text, struct reply *reply_r);

/*
 * Reads the enhanced code (RFC 3463) that begins at offset `at` of text:
 * classes 2, 4 and 5 only, no part of a longer number, name or address.
 * Returns its length in bytes, or 0.
 */
size_t reply_enhanced_at(struct span text, size_t at, struct status *status_r);

/* Where the words speak of an exit status of a program: 1..255, or -1. */
int reply_exit_code(struct span text);

/* The host that text speaks of; empty where none is named. Borrowed. */
struct span reply_remote(struct span text);

#endif
