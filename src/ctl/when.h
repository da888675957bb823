#ifndef CTL_WHEN_H
#define CTL_WHEN_H

#include <stdint.h>

#include "ctl/ctl.h"

/*
 * Reads the value of an option that is a time ("2026-11-22") or how long ago
 * ("7d"); text NULL leaves *time_r as it is. 0, or -1 after the mistake was
 * explained on standard error.
 */
int ctl_when(const struct ctl *ctl, const char *command, const char *option,
	     const char *text, int64_t *time_r);

#endif
