#ifndef CTL_MBOX_H
#define CTL_MBOX_H

#include <stdbool.h>

#include "util/buf.h"
#include "util/error.h"
#include "util/text.h"

/*
 * The messages of a file: one, or those of an mbox (RFC 4155), which begin
 * with a line "From SENDER DATE" behind an empty one.
 */
struct mbox {
	int fd;	       /* borrowed */
	struct buf in; /* read, from at on not handed out yet */
	size_t at;
	bool ended;   /* there is nothing more to read */
	bool single;  /* its name says that it is no mbox */
	bool is_mbox; /* its first line says that it is one */
	bool several; /* it has more than one */
	size_t count; /* messages handed out */
};

/*
 * What was piped to a file may begin with that line, and so may the original
 * that it brings back: where the name ends in ".eml" it is one message.
 */
void mbox_init(struct mbox *m, int fd, const char *name);
void mbox_release(struct mbox *m);

/*
 * The next message, of max bytes at most, into *message, which is reset. Of
 * several in an mbox each is without its line "From "; a single one is the
 * file as it stands. Returns 1, 0 where there is none, or -1 with err.
 */
int mbox_next(struct mbox *m, size_t max, struct buf *message,
	      struct error *err);

/* Is this an mbox of more than one, or the front of such? */
bool mbox_has_several(struct span bytes);

#endif
