#ifndef TESTS_UNIT_TRUST_REPORT_H
#define TESTS_UNIT_TRUST_REPORT_H

#include <check.h>

#include "run.h"
#include "trust/trust.h"

/* A bounce of one recipient with nothing to prove it, to be bent by tests. */
#define DAY ((int64_t)86400)
#define NOW (20000 * DAY + 43200)
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct fact ann_failed = {
	.kind = REPORT_BOUNCE,
	.feedback_type = "",
	.reporting_mta = "",
	.address = "Ann@Shop.Example",
	.final = "",
	.action = ACTION_FAILED,
	.remote = "",
	.diagnostic_type = "",
	.reply_text = "",
	.diagnostic = "",
};

static inline struct report a_report(struct fact *facts, size_t n)
{
	return (struct report){
		.kind = REPORT_BOUNCE,
		.format = "rfc3464",
		.message_id = "",
		.from = "MAILER-DAEMON@mx.shop.example",
		.subject = "",
		.reporting_mta = "mx.shop.example",
		.received_from_mta = "",
		.envelope_id = "",
		.returned = {.message_id = "c1.r7@news.example",
			     .from = "news@news.example",
			     .to = "ann@shop.example",
			     .return_path = "",
			     .subject = "",
			     .campaign = "",
			     .list_id = "",
			     .feedback_id = "",
			     .stream = "",
			     .headers = SPAN("")},
		.headers = SPAN(""),
		.facts = facts,
		.fact_count = n,
	};
}

#endif
