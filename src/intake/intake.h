#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "events/events.h"
#include "mailbox/mailbox.h"
#include "parser/parser.h"
#include "report/report.h"
#include "store/store.h"
#include "util/error.h"
#include "util/text.h"
#include "verdict/verdict.h"

/*
 * From facts to committed rows, the same for every way in: the daemon's
 * readers, a message on standard input, one out of the quarantine, an event of
 * a provider. The readers gather batches of these; who has but one message
 * takes it through intake_message.
 */
struct intake {
	const struct mailbox_settings *mailbox; /* whose name and stream */
	const struct rules *rules;
	struct store *store;
	struct trust_settings trust; /* with this mailbox's own part */
};

/*
 * Reads the keys that only who judges needs, and takes the rest as it is; all
 * is borrowed until the last use. 0, or -1 with FATAL.
 */
int intake_init(struct intake *in, struct config *config,
		const struct mailbox_settings *mailbox,
		const struct rules *rules, struct store *store,
		struct error *err);

/* Key, arrival and what belongs to the mailbox: how the store names it. */
struct store_message intake_name(const struct intake *in,
				 const uint8_t key[MESSAGE_KEY_BYTES],
				 int64_t at_s);

/*
 * The same of an event that was received at received_s, which is its time
 * where it has none of its own: a clock that runs ahead must not outrun ours.
 */
struct store_message intake_name_event(const struct intake *in,
				       const struct event *event,
				       int64_t received_s);

/*
 * Judges every fact of a report that arrived at at_s: rules and trust. Returns
 * report->fact_count verdicts; caller frees with free().
 */
struct store_verdict *intake_judge(const struct intake *in,
				   const struct report *report, int64_t at_s);

/* What became of one message. */
struct intake_result {
	bool known; /* it was recorded before; nothing has changed */
	enum report_kind kind;
	size_t recipients;
	const char *why; /* unreadable: static text */
};

/*
 * Takes one message the whole way: parsed in the jail, judged, recorded in a
 * transaction of its own. What nobody can read is quarantined, and that is
 * success. truncated says that bytes are only its front. Nothing is left to be
 * disposed of. 0, or -1: then nothing was kept; try again later.
 */
int intake_message(const struct intake *in, struct parser *parser,
		   struct span bytes, bool truncated, int64_t at_s,
		   int64_t now_s, struct intake_result *result_r,
		   struct error *err);

/* Has the jail read one message: 0 with *report_r (initialised), or -1. */
int intake_parse(struct parser *parser, struct span bytes, bool truncated,
		 struct report *report_r, const char **why_r,
		 struct error *err);

/*
 * In a batch of the store that the caller began: judges a report and records
 * it; nothing is left to be disposed of. 0 or -1.
 */
int intake_add(const struct intake *in, const struct store_message *m,
	       const struct report *report, struct error *err);

/*
 * A message in quarantine that could be read at last: leaves it and is
 * recorded as if newly read, in one transaction. due: its disposal still is.
 */
int intake_leave_quarantine(const struct intake *in, int64_t id,
			    const struct store_message *m, bool due,
			    const struct report *report, int64_t now_s,
			    struct error *err);

#endif
