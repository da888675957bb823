#ifndef MAILBOX_SECRET_H
#define MAILBOX_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "mailbox/mailbox.h"
#include "util/buf.h"
#include "util/error.h"

/*
 * What a mailbox logs in with: a password, or a token of OAuth 2. It comes
 * from a file or from a command, each time it is needed.
 */

/* Whether the settings name a token. */
bool secret_is_token(const struct mailbox_settings *s);

/*
 * Appends the first line of the file or of what the command prints to *out. A
 * command may take until_ms (monotonic); refused tells it, in its environment
 * as DSND_TOKEN_REFUSED=1, that the server did not take what it printed last.
 * 0, or -1 (SOURCE) with words that hold no secret. Caller ends with
 * secret_wipe.
 */
int secret_read(const struct mailbox_settings *s, bool refused,
		int64_t until_ms, struct buf *out, struct error *err);

/* Overwrites the bytes, then frees them. */
void secret_wipe(struct buf *secret);
/* An empty buffer that does not grow, so that no copy is left behind. */
void secret_init(struct buf *secret);

/*
 * Appends the first line of a file to *out. A path without a slash is one of
 * the service's credentials (systemd.exec(5)). A file that others can read or
 * its group can write, that belongs to somebody else than root or us, or
 * whose first line is empty is refused (SOURCE).
 */
int secret_read_file(const char *path, struct buf *out, struct error *err);
/*
 * Whether it is there, closed to others and, where ours says that we are the
 * user that dsnd runs as, root's or ours; it is not read. 0, or -1 (SOURCE)
 * with errno where it cannot be looked at, else with 0 in it.
 */
int secret_look(const char *path, bool ours, struct error *err);
/*
 * secret_command.c: the same of what a program prints; the list of it and its
 * arguments ends in NULL. What it writes to standard error goes where ours
 * goes.
 */
int secret_read_command(const char *const *command, bool refused,
			int64_t until_ms, struct buf *out, struct error *err);

#define SECRET_MAX_BYTES 8192

#endif
