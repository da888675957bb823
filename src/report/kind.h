#ifndef REPORT_KIND_H
#define REPORT_KIND_H

#include <stdbool.h>

#include "report/reading.h"

/* A message/delivery-status part, or its global form (RFC 6533). */
bool kind_is_machine_part(const struct part *part);
/* The first such part, or NULL. */
const struct part *kind_machine_part(const struct parts *parts);

/* Any part of a type that only reports have. */
bool kind_is_structured(const struct parts *parts);

/* A mail system wrote it, by its name or by fields that only they write. */
bool kind_is_daemon(const struct reading *in);
/* A program of another name that speaks to us of our mail, by a null path. */
bool kind_is_mail_robot(const struct reading *in);

/* Words that reports of failure use, in some of the languages of mail. */
bool kind_speaks_of_failure(struct span text);
/* Of a message, in some of them too. */
bool kind_speaks_of_mail(struct span title);

/* What it begins with is that mail failed, and a reply is quoted. */
bool kind_begins_with_failure(const struct reading *in);

/* "Undeliverable: our own title": what is behind the colon is not theirs. */
bool kind_quotes_title(struct span subject);

/*
 * True where a mail system may be speaking: false for a bounce that a person
 * forwards or quotes, whose words are about somebody else's mail.
 */
bool kind_may_report(const struct reading *in);

/* What a report is, by the worst that happened to any recipient. */
enum report_kind kind_of_actions(const struct report *r);

#endif
