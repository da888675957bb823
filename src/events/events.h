#ifndef EVENTS_EVENTS_H
#define EVENTS_EVENTS_H

#include <stdint.h>

#include "report/report.h"
#include "util/error.h"
#include "util/hash.h"
#include "util/text.h"

/*
 * Events that mail providers send in JSON: bounces, complaints, deliveries,
 * delays. Each becomes the report that a mail server would have made of it.
 * Not read in the jail: who calls this has made sure who sent the bytes.
 */
struct event {
	struct report report;
	uint8_t key[MESSAGE_KEY_BYTES]; /* from the provider's event id */
	int64_t at_s;			/* when it happened, or 0 */
};

/*
 * Borrowed during the call, but the report may be taken: an initialised one is
 * left then. 0, or -1 to end.
 */
typedef int (*event_fn)(void *ctx, struct event *event);

/* "ses, sendgrid, ..."; static. */
const char *events_formats(void);
/* Whether there is a provider of that name. */
int events_format_find(const char *name); /* or -1 */

/*
 * Reads what a provider sent: one event or many. Kinds that say nothing about
 * delivery (opens, clicks) are passed over. Returns 0; -1 with MESSAGE where
 * the bytes are no JSON or none of this provider, or with what each returned.
 */
int events_read(int format, struct span bytes, event_fn each, void *ctx,
		struct error *err);

#endif
