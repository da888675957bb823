#ifndef TRUST_RELAY_H
#define TRUST_RELAY_H

#include "report/headers.h"
#include "trust/trust.h"

/*
 * Whether our own mail system made the report. The Received lines are read
 * from the top: a mail from outside carries a line of our border that names
 * the outside host's address, and nothing below it can undo that. So a report
 * is ours only where no line names an address outside trusted_networks, and
 * the lowest line is the one that a mail server writes for its own bounces
 * (not for mail that a local user or a web form submits), or trusted_reporters
 * names the Reporting-MTA.
 *
 * Only networks from which nobody else's mail comes may be trusted: not that
 * of a border server that takes mail from the world.
 */
bool relay_made_it(const struct trust_settings *s, const struct report *report,
		   const struct headers *h);

/* What one Received line says about the way. */
enum received {
	RECEIVED_BORN,	 /* a mail server's own bounce began here */
	RECEIVED_PASSED, /* from one of our own hosts */
	RECEIVED_REMOTE, /* from anywhere else, or not to be known */
};
enum received received_read(const struct trust_settings *s, struct span value);

#endif
