#ifndef CTL_LEDGER_H
#define CTL_LEDGER_H

#include <stdint.h>

#include "ctl/ctl.h"

/*
 * Takes the sent ledger from standard input: "MESSAGE-ID ADDRESS" a line, of
 * mail that was sent at at_s. They are recorded
 * in steps: a line that is wrong ends it, and the steps before stay recorded.
 * The same lines again change nothing.
 */
enum ctl_exit ctl_ledger(struct ctl *ctl, int64_t at_s);

#endif
