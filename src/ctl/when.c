/* Times as people type them. */
#include "ctl/when.h"

#include <string.h>

#include "util/num.h"

int ctl_when(const struct ctl *ctl, const char *command, const char *option,
	     const char *text, int64_t *time_r)
{
	int64_t ago_s;

	if (text == NULL)
		return 0;
	if (num_duration_s(text, strlen(text), &ago_s) == 0 && ago_s >= 0) {
		*time_r = ctl->now_s - ago_s;
		return 0;
	}
	if (num_when_s(text, strlen(text), time_r) == 0)
		return 0;
	ctl_misuse(command,
		   "--%s takes a time (2026-11-22, 2026-11-22T10:00:00Z) or "
		   "how long ago (7d)",
		   option);
	return -1;
}
