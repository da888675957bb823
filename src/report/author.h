#ifndef REPORT_AUTHOR_H
#define REPORT_AUTHOR_H

#include "report/reading.h"

/* Names that mail systems bear, in a From field or a path. */
bool author_is_named_daemon(struct span from);
/* "Mail Delivery System", whatever the address. */
bool author_is_system(struct span from);
/* A program that may answer for a mail system under another name. */
bool author_is_named_robot(struct span from);
bool author_is_robot(const struct reading *in);
bool author_is_nobody(const struct reading *in);
/* A postmaster may be a person too, and write of other things. */
bool author_is_postmaster(const struct reading *in);

/* It came by the address of its author, as what people write does. */
bool author_has_own_path(const struct reading *in);

/*
 * Who sent what came back, by his own address: a person hands on the report
 * that he got. Mail systems report to the sender, in another name.
 */
bool author_is_the_sender(const struct reading *in);

/*
 * "postmaster@example.com" <info@example.net>: speaks in a name that is not
 * his. *name_r is borrowed from the header.
 */
bool author_poses(const struct reading *in, struct span *name_r);

#endif
