/*
 * The table of mailbox types. To add one: a file with a struct mailbox_driver,
 * its line in mailbox.h, its row here.
 */
#include "mailbox/mailbox.h"

#include <string.h>

static const struct mailbox_driver *const drivers[] = {
	&mailbox_maildir,
	&mailbox_imap,
};

const struct mailbox_driver *mailbox_driver_find(const char *type)
{
	for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
		if (strcmp(drivers[i]->type, type) == 0)
			return drivers[i];
	}
	return NULL;
}

void mailbox_settings_init(struct mailbox_settings *s)
{
	memset(s, 0, sizeof *s);
	s->name = s->type = s->stream = s->path = "";
	s->host = s->ca_file = s->user = s->password_file = "";
	s->processed = (struct disposition){DISPOSAL_MOVE, ".Processed"};
	s->unrecognised = (struct disposition){DISPOSAL_MOVE, ".Unrecognised"};
	s->poll_s = 60;
	s->max_message_bytes = (size_t)4 * 1024 * 1024;
	s->port = 993;
	s->tls = "implicit";
	s->folder = "INBOX";
	s->idle = true;
	s->timeout_s = 60;
}
