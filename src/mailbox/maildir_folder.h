#ifndef MAILBOX_MAILDIR_FOLDER_H
#define MAILBOX_MAILDIR_FOLDER_H

#include <stdbool.h>

#include "mailbox/mailbox.h"
#include "util/error.h"

/* Where disposed messages go: cur/ of another Maildir. */
struct maildir_folder {
	int cur_fd; /* -1: not open */
	bool touched;
};

/*
 * Opens the folder of a disposition, creating it (and its cur, new, tmp) where
 * it is missing. name is a Maildir++ folder (".Processed", or "Processed") of
 * the Maildir root_fd, or, with a slash in it, a path (relative to that
 * Maildir unless it begins with one). Refuses the Maildir itself, another file
 * system and a folder that cannot be written. Returns 0, or -1 with SOURCE.
 */
int maildir_folder_open(struct maildir_folder *f, int root_fd, const char *name,
			struct error *err);
void maildir_folder_close(struct maildir_folder *f);
/* Whether it still has that name; true where it is not open. */
bool maildir_folder_is_there(const struct maildir_folder *f, int root_fd,
			     const char *name);

/*
 * Renames without ever overwriting: to_r holds the name that was wanted and,
 * where that is taken, the next free one is used (maildir_name_seen). Returns
 * 0, 1 where the source is gone, -1 with errno.
 */
int maildir_rename(int from_fd, const char *from, int to_fd);

/* maildir_inspect.c: the driver's look at the mailbox. */
int maildir_inspect(const struct mailbox_settings *settings, struct buf *out,
		    struct error *err);

#endif
