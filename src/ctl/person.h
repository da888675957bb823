#ifndef CTL_PERSON_H
#define CTL_PERSON_H

#include <stdbool.h>

/* Who decides: behind sudo the person rather than root. Borrowed, static. */
const char *ctl_person(void);

/*
 * Nothing is decided without a reason, which is kept in the audit trail: true
 * after the mistake was explained on standard error.
 */
bool ctl_reason_is_missing(const char *command, const char *note);

#endif
