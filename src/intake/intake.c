/*
 * The road behind the parser, for those who have one message, and the pieces
 * of it for those who gather many.
 */
#include "intake/intake.h"

#include <stdlib.h>
#include <string.h>

#include "store/quarantine.h"
#include "trust/trust.h"
#include "util/hash.h"
#include "util/xalloc.h"

int intake_init(struct intake *in, struct config *config,
		const struct mailbox_settings *mailbox,
		const struct rules *rules, struct store *store,
		struct error *err)
{
	if (config_read_secrets(config, err) < 0)
		return -1;
	in->mailbox = mailbox;
	in->rules = rules;
	in->store = store;
	in->trust = config->policy.trust;
	/* Who hands us events has made sure whose they are. */
	in->trust.trusted_mailbox =
		mailbox->trusted || mailbox->format[0] != '\0';
	return 0;
}

struct store_message intake_name(const struct intake *in,
				 const uint8_t key[MESSAGE_KEY_BYTES],
				 int64_t at_s)
{
	struct store_message m = {.mailbox = in->mailbox->name,
				  .stream = in->mailbox->stream,
				  .at_s = at_s};

	memcpy(m.key, key, MESSAGE_KEY_BYTES);
	return m;
}

struct store_message intake_name_event(const struct intake *in,
				       const struct event *event,
				       int64_t received_s)
{
	bool ours = event->at_s == 0 || event->at_s > received_s;

	return intake_name(in, event->key, ours ? received_s : event->at_s);
}

struct store_verdict *intake_judge(const struct intake *in,
				   const struct report *report, int64_t at_s)
{
	size_t n = report->fact_count;
	struct store_verdict *verdicts = xcalloc(n + 1, sizeof *verdicts);
	struct trust_result *trust = xcalloc(n + 1, sizeof *trust);

	trust_judge_report(&in->trust, report, at_s, store_ledger_find,
			   in->store, trust);
	for (size_t i = 0; i < n; i++) {
		judge(in->rules, &report->facts[i], &verdicts[i].judgement);
		verdicts[i].trust = trust[i];
	}
	free(trust);
	return verdicts;
}

int intake_parse(struct parser *parser, struct span bytes, bool truncated,
		 struct report *report_r, const char **why_r, struct error *err)
{
	uint64_t id;
	int rc = parser_submit(parser, 0, bytes.p, bytes.n, err);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return error_set(err, ERROR_FATAL,
				 "the parser takes no message");
	rc = parser_receive(parser, &id, report_r, why_r, err);
	if (rc == 0)
		return error_set(err, ERROR_FATAL, "the parser gave no answer");
	if (rc < 0)
		return -1;
	report_r->partial |= truncated;
	return 0;
}

static int add(const struct intake *in, const struct store_message *m,
	       const struct report *report, struct span bytes, const char *why,
	       struct error *err)
{
	struct store_verdict *verdicts;
	int rc;

	if (report->kind == REPORT_UNREADABLE)
		return store_unreadable_add(in->store, m, bytes,
					    why ? why : "it could not be read",
					    err);
	verdicts = intake_judge(in, report, m->at_s);
	rc = store_message_add(in->store, m, report, verdicts, err);
	free(verdicts);
	return rc;
}

/* Nobody has to dispose of what lies in no mailbox. */
static int settle(const struct intake *in, const struct store_message *m,
		  struct error *err)
{
	uint8_t key[1][MESSAGE_KEY_BYTES];

	memcpy(key[0], m->key, MESSAGE_KEY_BYTES);
	return store_disposal_done(in->store, key, 1, err);
}

int intake_add(const struct intake *in, const struct store_message *m,
	       const struct report *report, struct error *err)
{
	if (add(in, m, report, SPAN(""), NULL, err) < 0)
		return -1;
	return settle(in, m, err);
}

static int record(const struct intake *in, const struct store_message *m,
		  const struct report *report, struct span bytes,
		  const char *why, int64_t now_s, struct error *err)
{
	if (store_batch_begin(in->store, rules_hash(in->rules), err) < 0)
		return -1;
	if (add(in, m, report, bytes, why, err) == 0 && settle(in, m, err) == 0)
		return store_batch_commit(in->store, now_s, err);
	store_batch_abort(in->store);
	return -1;
}

int intake_leave_quarantine(const struct intake *in, int64_t id,
			    const struct store_message *m, bool due,
			    const struct report *report, int64_t now_s,
			    struct error *err)
{
	if (store_batch_begin(in->store, rules_hash(in->rules), err) < 0)
		return -1;
	if (store_quarantine_leave(in->store, id, err) == 0 &&
	    add(in, m, report, SPAN(""), NULL, err) == 0 &&
	    (due || settle(in, m, err) == 0))
		return store_batch_commit(in->store, now_s, err);
	store_batch_abort(in->store);
	return -1;
}

int intake_message(const struct intake *in, struct parser *parser,
		   struct span bytes, bool truncated, int64_t at_s,
		   int64_t now_s, struct intake_result *result_r,
		   struct error *err)
{
	uint8_t key[MESSAGE_KEY_BYTES];
	struct store_message m;
	struct store_known known;
	struct report report;
	int rc;

	hash_message_key(bytes.p, bytes.n, key);
	m = intake_name(in, key, at_s);
	memset(result_r, 0, sizeof *result_r);
	rc = store_message_known(in->store, &m, &known, err);
	if (rc < 0)
		return -1;
	if (rc == 1 && !known.earlier) {
		result_r->known = true;
		result_r->kind = known.kind;
		return 0;
	}
	report_init(&report);
	rc = intake_parse(parser, bytes, truncated, &report, &result_r->why,
			  err);
	if (rc == 0)
		rc = record(in, &m, &report, bytes, result_r->why, now_s, err);
	result_r->kind = report.kind;
	result_r->recipients = report.fact_count;
	report_release(&report);
	return rc;
}
