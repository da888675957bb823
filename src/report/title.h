/*
 * What the subject alone tells of who wrote: that it answers or hands on
 * another, that a help desk numbered it, that a host sends it that watches
 * others. Titles of mail systems are in kind.c.
 */
#ifndef REPORT_TITLE_H
#define REPORT_TITLE_H

#include <stdbool.h>

#include "util/text.h"

/* "Re: ...", "Fwd: ...", "[news] AW: ..." */
bool title_answers(struct span subject);

/* "[#42] ...", "[Ticket 42] ...": numbered in front. */
bool title_is_numbered(struct span subject);
/* "[Bug 77] ...", "[board] (MAIL-77) ...": a gateway's mark may look so. */
bool title_is_of_a_tracker(struct span subject);

/* "... [example.com #42]", "... [Case 42]": numbered at the end. */
bool title_ends_in_number(struct span subject);

/* "Request #42: ...", "Ticket 42: ...": the same without brackets. */
bool title_is_of_a_ticket(struct span subject);

/* "[ALERT] ...", "PROBLEM: ...": the state before what was seen. */
bool title_is_alert(struct span subject);

/*
 * "Mia commented on ...", "Contact form: ...": people said something to a
 * board or a form, and it tells others. Not where a failure to deliver such
 * mail, or mail at all, comes first.
 */
bool title_is_of_talk(struct span subject);

/*
 * What a mail system tells its own postmaster alone: of sessions with others
 * (Postfix's notify_classes), of what stays in the queue (Exim's freeze_tell).
 */
bool title_is_for_postmaster(struct span subject);

#endif
