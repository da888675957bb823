#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "report/reply.h"
#include "report/report.h"
#include "util/text.h"

/*
 * What a reader found of one recipient, as it stands in the message. Texts are
 * UTF-8 already, otherwise raw: with angle brackets, line ends and all.
 */
struct fact_draft {
	struct span address; /* the one we mailed, as far as is known */
	struct span final;   /* the one that failed, if another; may be empty */
	enum report_action action;
	struct status status;  /* of a Status field only, not of the words */
	int exit_code;	       /* or -1: read from the words */
	enum smtp_stage stage; /* or STAGE_UNKNOWN: read from the words */
	struct span remote;    /* or empty: read from the words */
	struct span type;      /* of the words: "smtp", "x-unix", or empty */
	struct span words;     /* all that was said of this recipient */
	/* What reply_read found in words, where it was asked already. */
	const struct reply *read;
	int64_t will_retry_until_s;
};

/* Nothing known; exit_code is -1. */
void fact_draft_init(struct fact_draft *d);

/*
 * Adds one recipient to the report: cleans the address, reads reply, enhanced
 * code, stage and remote host out of the words (reply_read), caps everything,
 * borrows from r->arena only. The draft may go away afterwards. Returns the
 * new fact (valid until the next call), or NULL where the address cannot be
 * one that we mailed or the report is full; the latter sets r->partial.
 */
struct fact *facts_add(struct report *r, const struct fact_draft *d);

/* Replaces what was said of a recipient: diagnostic, reply, stage, remote. */
void facts_set_words(struct report *r, struct fact *f, struct span words);

/* Text of mail as facts keep it: UTF-8, one line, capped; from the arena. */
const char *facts_text(struct report *r, struct span s, size_t max);

/* The first mailbox of a header field (headers.h), kept so; "" for none. */
const char *facts_mailbox(struct report *r, struct span raw);

#endif
