/*
 * Fills a database with verdicts by the store's own road, quickly: no mail is
 * written and parsed. verdicts DATABASE FROM TO MAILBOX: the verdicts FROM..TO
 * of an endless list; those with odd numbers are of the mailbox "bad", and
 * MAILBOX ("good", "bad" or "all") says which are recorded.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/store.h"
#include "util/num.h"

#define T0 INT64_C(1790812800) /* 2026-10-01 */
#define BATCH 500
#define RULES "0000000000000000000000000000000000000000000000000000000000000000"

static const enum reason reasons[] = {
	REASON_USER_UNKNOWN, REASON_MAILBOX_FULL,   REASON_HOST_BUSY,
	REASON_USER_UNKNOWN, REASON_DOMAIN_UNKNOWN,
};

static int add(struct store *s, uint64_t i, struct error *err)
{
	enum reason reason =
		reasons[i / 2 % (sizeof(reasons) / sizeof(*reasons))];
	const struct reason_info *info = reason_info(reason);
	struct store_message m = {.mailbox = i % 2 ? "bad" : "good",
				  .stream = "",
				  .at_s = T0 + (int64_t)i * 29};
	struct store_verdict v = {.trust = {.evidence = EVIDENCE_RELAY,
					    .why = "made by our own relay"}};
	char address[64], id[64];
	struct report r;
	struct fact f = {.kind = REPORT_BOUNCE,
			 .feedback_type = "",
			 .reporting_mta = "mta.example.net",
			 .final = "",
			 .action = ACTION_FAILED,
			 .exit_code = -1,
			 .remote = "mx.example.org",
			 .diagnostic_type = "smtp",
			 .reply_text = "550 no",
			 .diagnostic = "said: 550 no",
			 .stage = STAGE_RCPT,
			 .reply = 550,
			 .status = {.class_ = 5, .subject = 1, .detail = 1}};
	int rc;

	/* Most fail once or twice, some again and again. */
	snprintf(address, sizeof(address), "u%llu@d%llu.example",
		 (unsigned long long)(i % 7 ? i * 7919 % 60000 : i % 500),
		 (unsigned long long)(i % 211));
	snprintf(id, sizeof(id), "m%llu@example.com", (unsigned long long)i);
	hash_message_key(id, strlen(id), m.key);
	f.address = address;
	v.judgement.reason = reason;
	v.judgement.class_ = info->class_;
	v.judgement.effect = info->effect;
	snprintf(v.judgement.rule, sizeof(v.judgement.rule), "test-rule");
	report_init(&r);
	r.kind = REPORT_BOUNCE;
	r.format = "rfc3464";
	r.message_id = "report@example.net";
	r.returned.message_id = id;
	r.returned.campaign = i % 3 ? "autumn" : "";
	r.returned.from = "news@example.com";
	r.facts = &f;
	r.fact_count = 1;
	rc = store_message_add(s, &m, &r, &v, err);
	r.facts = NULL;
	r.fact_count = 0;
	report_release(&r);
	return rc;
}

static int wanted(const char *mailbox, uint64_t i)
{
	return strcmp(mailbox, "all") == 0 ||
	       strcmp(mailbox, i % 2 ? "bad" : "good") == 0;
}

static int fill(struct store *s, uint64_t from, uint64_t to,
		const char *mailbox, struct error *err)
{
	for (uint64_t i = from; i < to;) {
		if (store_batch_begin(s, RULES, err))
			return -1;
		for (size_t n = 0; n < BATCH && i < to; i++) {
			if (!wanted(mailbox, i))
				continue;
			if (add(s, i, err))
				return -1;
			n++;
		}
		if (store_batch_commit(s, T0 + 60 * INT64_C(86400), err))
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct policy_settings policy;
	struct error err = {ERROR_NONE, ""};
	struct store *s = NULL;
	uint64_t from, to;
	int rc = -1;

	if (argc != 5 || num_u64(argv[2], strlen(argv[2]), UINT64_MAX, &from) ||
	    num_u64(argv[3], strlen(argv[3]), UINT64_MAX, &to)) {
		fputs("usage: verdicts DATABASE FROM TO good|bad|all\n",
		      stderr);
		return 2;
	}
	policy_settings_init(&policy);
	if (store_migrate(argv[1], T0, &err) == 0)
		s = store_open(argv[1], STORE_WRITE, &policy, &err);
	if (s)
		rc = fill(s, from, to, argv[4], &err);
	store_close(s);
	if (rc)
		fprintf(stderr, "verdicts: %s\n", err.text);
	return rc ? 1 : 0;
}
