/*
 * The table of mailbox types. To add one: a file with a struct mailbox_driver,
 * its line in mailbox.h, its row here.
 */
#include "mailbox/mailbox.h"

#include <string.h>

static const struct mailbox_driver *const drivers[] = {
	&mailbox_maildir,
	&mailbox_imap,
	&mailbox_pop3,
	&mailbox_spool,
};

const struct mailbox_driver *mailbox_driver_find(const char *type)
{
	for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
		if (strcmp(drivers[i]->type, type) == 0)
			return drivers[i];
	}
	return NULL;
}
