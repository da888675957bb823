/*
 * The defaults of a mailbox, apart from the drivers: dsnctl reads settings and
 * no mailbox.
 */
#include "mailbox/mailbox.h"

#include <string.h>

void mailbox_settings_init(struct mailbox_settings *s)
{
	static const char *const none[] = {NULL};

	memset(s, 0, sizeof *s);
	s->name = s->type = s->stream = s->path = "";
	s->format = "";
	s->host = s->ca_file = s->tls_fingerprint = s->user = "";
	s->auth = "auto";
	s->password_file = s->token_file = "";
	s->password_command = s->token_command = s->folders = none;
	s->processed = (struct disposition){DISPOSAL_MOVE, ".Processed"};
	s->unrecognised = (struct disposition){DISPOSAL_MOVE, ".Unrecognised"};
	s->poll_s = 60;
	s->max_message_bytes = (size_t)4 * 1024 * 1024;
	s->tls = "implicit";
	s->folder = "INBOX";
	s->idle = true;
	s->timeout_s = 60;
	s->idle_renew_s = 25 * 60;
}
