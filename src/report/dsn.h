#ifndef REPORT_DSN_H
#define REPORT_DSN_H

#include "report/format.h"
#include "report/report.h"
#include "util/arena.h"
#include "util/text.h"

/*
 * Reads a message/delivery-status or message/global-delivery-status body
 * (RFC 3464, RFC 6533; UTF-8 already): adds one fact for each recipient to r
 * and sets reporting_mta, received_from_mta, envelope_id and tokens. What the
 * fields leave out is taken from what people were told. r->returned is read
 * before, because it tells recipients from senders.
 */
void dsn_read(struct report *r, struct arena *scratch, struct span body,
	      const struct findings *told);

/* "failed", "Delayed (again)", "expired": an Action field's raw value. */
enum report_action dsn_action(struct span value);

#endif
