#ifndef CTL_LIST_FILTER_H
#define CTL_LIST_FILTER_H

#include "ctl/ctl.h"
#include "store/store.h"

/*
 * Checks what the options of list and export say; since is the text of its
 * option, or NULL. 0, or -1 after the mistake was explained.
 */
int list_filter_check(const struct ctl *ctl, const char *command,
		      struct store_filter *filter, const char *since);

/* The same of a reason and a class alone, each NULL where it is not given. */
int verdict_filter_check(const char *command, const char *reason,
			 const char *class_);

#endif
