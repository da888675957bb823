#ifndef REPORT_VERP_H
#define REPORT_VERP_H

#include "report/reading.h"
#include "util/buf.h"
#include "util/text.h"

/*
 * Return paths that name their recipient in clear (VERP): "bounces+{local}=
 * {domain}@example.com" was the sender of what somebody@example.net got.
 */

/*
 * Appends the recipient that address names by pattern. Letters match in either
 * case, '*' before {local} is any text. -1 where it does not fit, or names no
 * address.
 */
int verp_recipient(struct buf *out, struct span pattern, struct span address);

/*
 * The recipient that the report's own return path names, by the first of the
 * configured patterns that fits; "" if none does. In the report's arena.
 */
const char *verp_find(const struct reading *in);

/*
 * A report of one recipient who is another than the return path says: that one
 * was mailed, and what the report names is where the mail went from there.
 */
void verp_settle(struct reading *in);

/*
 * Beside other recipients in a report for people, the address that it came to
 * or that the returned mail came from is the sender: what is said of it is no
 * evidence. So it is where it names him alone to whom it is written, unless he
 * wrote to himself: it reached him.
 */
void verp_spare_own(struct reading *in);

#endif
