#ifndef REPORT_QUOTING_H
#define REPORT_QUOTING_H

#include "report/reading.h"

/* It begins as the reports of some common mail systems do. */
bool quoting_has_heading(const struct reading *in);

/*
 * What a mail system begins with stands below what somebody else says: a
 * person, a forum, a help desk. Who comes by his own path is none of those
 * that begin so: they leave it empty. Or the header of a report is shown.
 */
bool quoting_is(const struct reading *in);

/* What somebody wrote into a form, beginning with his name. */
bool quoting_is_form(const struct reading *in);

/*
 * "Re: Undelivered Mail" of a person behind postmaster@, and whoever answers
 * without a mail system's name: what speaks of failure stands in what is quoted
 * alone.
 */
bool quoting_is_answer(const struct reading *in);

#endif
