#ifndef VERDICT_SPEAKER_H
#define VERDICT_SPEAKER_H

#include <stdbool.h>

#include "report/report.h"

/*
 * The name of the host that spoke, without what Courier and PowerMTA write
 * behind it: "mx.example.com (192.0.2.1)". Borrowed; empty where nobody did.
 */
struct span speaker_host(const struct fact *fact);
/*
 * Whether a refusal to relay or to go on without a log-in was said by the
 * recipient's side rather than by our own relay or smart host, which stand in
 * the reporting host's domain.
 */
bool speaker_is_theirs(const struct fact *fact);
/*
 * Whether the recipient's own site made the report and one of its own hosts
 * refused: it had taken our mail in, so that no filter against us speaks.
 */
bool speaker_is_their_site(const struct fact *fact);

/* "relay.example.org" gives "example.org", "example.org" itself. */
struct span speaker_site(struct span host);

#endif
