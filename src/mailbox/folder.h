#ifndef MAILBOX_FOLDER_H
#define MAILBOX_FOLDER_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "mailbox/mailbox.h"
#include "util/buf.h"
#include "util/error.h"

/*
 * What mailboxes that are folders of files share: names in windows, so that a
 * million files cost no more memory than a thousand; reading one file; moving
 * one without ever overwriting another.
 */
#define FOLDER_WINDOW 1000

struct folder_names {
	DIR *dir; /* NULL: not begun, or at its end */
	char *names[FOLDER_WINDOW];
	size_t count, at;
};

/* Begins at the first name of an open folder. 0, or -1 with errno. */
int folder_names_open(struct folder_names *n, int fd);
/* Ends it; may be called at any time on a zeroed one. */
void folder_names_close(struct folder_names *n);
/*
 * The next name that is_due says yes to, in order within a window only;
 * borrowed until the next call. 1, 0 at the end, -1 with errno.
 */
int folder_names_next(struct folder_names *n,
		      bool (*is_due)(const void *ctx, const char *name),
		      const void *ctx, const char **name_r);

/*
 * Appends the first max_message_bytes of a regular file and tells its arrival
 * and size. One that came to the folder after since (NULL: whenever) is left
 * to the next scan. 1; 0 not a message or gone; -1 with MESSAGE or SOURCE.
 */
int folder_read(int fd, const char *name,
		const struct mailbox_settings *settings,
		const struct timespec *since, struct mailbox_message *msg,
		struct buf *bytes, struct error *err);

/*
 * A folder below parent_fd, created with that mode whatever the umask says:
 * 1, 0 where it was there, -1 with errno.
 */
int folder_make(int parent_fd, const char *name, mode_t mode);

/*
 * Whether the folder that fd holds is still the one of that path below at_fd.
 * One that somebody moved away goes on working, and gets no mail any more.
 */
bool folder_is_at(int at_fd, const char *path, int fd);

/* fdio_give, by the folder's descriptor. */
void folder_give(int parent_fd, int fd);

/*
 * Moves a file. 0; 1 where the source is gone; -1 with errno, EEXIST where
 * another file has that name.
 */
int folder_move(int from_fd, const char *from, int to_fd, const char *to);
/*
 * Whom an errno of a move or a removal concerns: MESSAGE this file alone,
 * SOURCE all of its folder (gone, full, broken), which must be opened anew.
 */
enum error_scope folder_scope(int error);

#endif
