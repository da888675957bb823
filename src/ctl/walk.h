#ifndef CTL_WALK_H
#define CTL_WALK_H

#include "util/error.h"

/*
 * Calls each for every regular file below the paths, folders in the order of
 * their names; "-" is passed on as it is, and so is a pipe or a terminal that
 * is named itself. Links inside folders are not
 * followed. Of a Maildir only the messages are passed on, not what a program
 * keeps beside new/ and cur/, nor what is being delivered. each returns 0, or
 * -1 to stop. A path that cannot be read is reported to failed and the walk
 * goes on. Returns what each returned.
 */
struct walk {
	int (*each)(void *ctx, const char *path);
	void (*failed)(void *ctx, const char *path, const char *why);
	void *ctx;
};
int walk_path(const struct walk *w, const char *path);

#endif
