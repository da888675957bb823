/* The filters that list, export and bounces share. */
#include "ctl/list_filter.h"

#include <string.h>

#include "ctl/when.h"

static bool is_source(const char *name)
{
	for (int i = 0; i < POLICY_SOURCE_COUNT; i++)
		if (strcmp(policy_source_name((enum policy_source)i), name) ==
		    0)
			return true;
	return false;
}

int verdict_filter_check(const char *command, const char *reason,
			 const char *class_)
{
	if (reason != NULL && reason_find(span_of(reason)) < 0)
		ctl_misuse(command, "--reason: there is no such reason; man "
				    "dsnd-rules lists them");
	else if (class_ != NULL && verdict_class_find(span_of(class_)) < 0)
		ctl_misuse(command, "--class takes hard, soft, block, "
				    "complaint or none");
	else
		return 0;
	return -1;
}

int list_filter_check(const struct ctl *ctl, const char *command,
		      struct store_filter *filter, const char *since)
{
	if (ctl_when(ctl, command, "since", since, &filter->since_s) != 0 ||
	    verdict_filter_check(command, filter->reason, filter->class_) != 0)
		return -1;
	if (filter->source == NULL || is_source(filter->source))
		return 0;
	ctl_misuse(command, "--source takes hard, promoted, "
			    "complaint, operator or import");
	return -1;
}
